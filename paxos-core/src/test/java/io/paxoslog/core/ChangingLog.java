package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a cluster that changes its members must agree on, written apart from the protocol: one value
 * a slot, and an accept quorum of the slot's own membership that holds it when it is first called
 * chosen.
 */
final class ChangingLog {
    private record Term(long slot, long from, Membership membership) {}

    private final HandCluster cluster;
    private final SortedMap<Long, String> chosen = new TreeMap<>();
    private final List<Term> terms = new ArrayList<>();
    private final List<Integer> seen = new ArrayList<>();
    private final List<HandCluster.Node> lives = new ArrayList<>();
    private int voids;

    ChangingLog(HandCluster cluster) {
        this.cluster = cluster;
    }

    /** Looks at what nodes called chosen since the last time. */
    void look() {
        for (int id = 1; id <= cluster.size(); id++) {
            if (seen.size() < id) {
                seen.add(0);
                lives.add(null);
            }
            HandCluster.Node node = cluster.node(id);
            int from = lives.get(id - 1) == node ? seen.get(id - 1) : 0;
            for (int i = from; i < node.committed.size(); i++) {
                called(node, node.committed.get(i));
            }
            lives.set(id - 1, node);
            seen.set(id - 1, node.committed.size());
        }
    }

    private void called(HandCluster.Node node, String line) {
        int colon = line.indexOf(':');
        long slot = Long.parseLong(line.substring(0, colon));
        String value = valueAt(node, slot);
        String before = chosen.putIfAbsent(slot, value);
        if (before != null && !before.equals(value)) {
            throw new AssertionError(
                    "slot %d is %s, but node %d has %s".formatted(slot, before, node.id(), value));
        }
        if (before == null) {
            requireHeld(slot, value);
            if (line.endsWith(":members")) {
                take(slot, node.held(slot));
            }
        }
    }

    private static String valueAt(HandCluster.Node node, long slot) {
        Batch held = node.held(slot);
        if (held == null) {
            return "nothing";
        }
        String bytes = "";
        for (int i = 0; i < held.length(); i++) {
            bytes += (char) held.buffer().getByte(i);
        }
        return held.kind() + "/" + held.originBallot() + "/" + bytes.hashCode();
    }

    private void requireHeld(long slot, String value) {
        if (terms.isEmpty()) {
            return;
        }
        Membership membership = governing(slot).membership();
        int holding = 0;
        for (int i = 0; i < membership.size(); i++) {
            HandCluster.Node node = cluster.node(MemberId.node(membership.member(i)));
            boolean counts = membership.seat(i).votes();
            holding += counts && valueAt(node, slot).equals(value) ? 1 : 0;
        }
        if (holding < membership.acceptQuorum().size()) {
            throw new AssertionError(
                    "slot %d is called chosen, but only %d of [%s] hold it"
                            .formatted(slot, holding, membership));
        }
    }

    private void take(long slot, Batch batch) {
        Membership entry =
                Membership.decode(batch.buffer(), Batch.ENTRY_PREFIX_BYTES, batch.entryLength(0));
        if (terms.isEmpty()) {
            terms.add(new Term(slot, slot, entry));
            return;
        }
        Term last = terms.get(terms.size() - 1);
        if (slot < last.from() || entry.previous() != last.slot()) {
            voids++;
            return;
        }
        terms.add(new Term(slot, slot + last.membership().openSlotLimit(), entry));
    }

    private Term governing(long slot) {
        Term governing = terms.get(0);
        for (Term term : terms) {
            governing = term.from() <= slot ? term : governing;
        }
        return governing;
    }

    /** The latest valid membership. */
    Membership newest() {
        return terms.get(terms.size() - 1).membership();
    }

    /** How many changes came into the log. */
    int changes() {
        return terms.size() - 1;
    }

    /** How many entries were void. */
    int voids() {
        return voids;
    }

    /** The last slot that anybody called chosen. */
    long lastSlot() {
        return chosen.isEmpty() ? 0 : chosen.lastKey();
    }
}
