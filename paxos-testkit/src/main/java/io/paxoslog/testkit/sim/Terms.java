package io.paxoslog.testkit.sim;

import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who votes on which slot, by the entries that were chosen: Lamport's window, written apart from
 * the core. Before the founding everybody votes, on the founding entry alone.
 */
final class Terms {
    /**
     * A membership and the slots from which on it governs.
     *
     * @param slot of its entry; 0 before the founding
     * @param from the first slot that it governs
     * @param limit an entry chosen under it is in force so many slots later
     * @param members node ids, as a set
     */
    record Term(long slot, long from, int limit, int members, int prepareQuorum, int acceptQuorum) {
        boolean isPrepareQuorum(int nodes) {
            return Integer.bitCount(nodes & members) >= prepareQuorum;
        }

        boolean isAcceptQuorum(int nodes) {
            return Integer.bitCount(nodes & members) >= acceptQuorum;
        }

        /** Whether these could both elect and choose. */
        boolean isServedBy(int nodes) {
            return isPrepareQuorum(nodes) && isAcceptQuorum(nodes);
        }

        boolean holds(int node) {
            return (members & 1 << node) != 0;
        }

        private Term at(long newSlot, long newFrom) {
            return new Term(newSlot, newFrom, limit, members, prepareQuorum, acceptQuorum);
        }
    }

    static final long FOUNDING_SLOT = 1;

    private final List<Term> terms = new ArrayList<>();
    private final Map<Integer, Long> identities = new HashMap<>();
    private long entrySlot;
    private int voids;

    Terms(int founders) {
        int all = (1 << (founders + 1)) - 2;
        terms.add(new Term(0, FOUNDING_SLOT, 1, all, founders, founders));
    }

    /** The one that governs a slot, as far as entries are known. */
    Term of(long slot) {
        for (int i = terms.size() - 1; i > 0; i--) {
            if (terms.get(i).from <= slot) {
                return terms.get(i);
            }
        }
        return terms.get(0);
    }

    /** The latest valid one, in force or to come. */
    Term newest() {
        return terms.get(terms.size() - 1);
    }

    /** Whether a slot holds the founding entry, which is chosen. */
    boolean isFounding(long slot) {
        return slot == FOUNDING_SLOT && entrySlot != 0;
    }

    /** All that govern a slot from this one on. */
    List<Term> from(long slot) {
        return terms.subList(terms.indexOf(of(slot)), terms.size());
    }

    /** Slot of the latest valid entry; 0 before the founding. */
    long entrySlot() {
        return entrySlot;
    }

    /** Changes that came into the log. */
    int changes() {
        return Math.max(0, terms.size() - 2);
    }

    /** Entries that were void. */
    int voids() {
        return voids;
    }

    /** Fewest members that there ever were. */
    int fewestMembers() {
        return terms.stream().mapToInt(term -> Integer.bitCount(term.members)).min().orElse(0);
    }

    /**
     * The last slot that may be proposed by whoever knows every slot up to {@code known}, and no
     * more: each slot behind may hold an entry, which counts from a window later on.
     */
    long lastProposable(long known) {
        long last = known + of(known + 1).limit;
        for (Term term : terms) {
            if (term.from > known + 1) {
                last = Math.min(last, term.from + term.limit - 1);
            }
        }
        return last;
    }

    /** An entry is chosen, and so is every slot below it. */
    void chosen(long slot, Membership entry) {
        boolean isVoid = entrySlot != 0 && (slot < newest().from || entry.previous() != entrySlot);
        if (isVoid) {
            voids++;
            return;
        }
        for (int i = 0; i < entry.size(); i++) {
            int node = MemberId.node(entry.member(i));
            Long before = identities.putIfAbsent(node, entry.member(i));
            if (before != null && before != entry.member(i)) {
                throw new SafetyViolation(
                        "the entry at slot "
                                + slot
                                + " gives id "
                                + node
                                + " to "
                                + MemberId.text(entry.member(i))
                                + ", which was "
                                + MemberId.text(before));
            }
        }
        // The founding entry is voted on by all, and whatever comes behind it by its quorums.
        long from = entrySlot == 0 ? slot + 1 : slot + of(slot).limit;
        terms.add(of(entry).at(slot, from));
        entrySlot = slot;
    }

    /** What an entry says, wherever it stands. */
    static Term of(Membership entry) {
        int members = 0;
        for (int i = 0; i < entry.size(); i++) {
            members |= 1 << MemberId.node(entry.member(i));
        }
        return new Term(
                0,
                0,
                entry.openSlotLimit(),
                members,
                entry.prepareQuorum().size(),
                entry.acceptQuorum().size());
    }
}
