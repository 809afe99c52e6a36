package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.MemberId;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must stand at the head of a journal whose older records are gone, written apart from the
 * journal.
 */
final class Stand {
    private final SortedMap<Long, JournalRecord.MembershipEntry> memberships = new TreeMap<>();
    private final Map<Long, JournalRecord.DecisionEntry> decisions = new TreeMap<>();
    private final SortedMap<Long, Long> holds = new TreeMap<>();
    private long promised = Ballot.NONE;
    private long campaigned = Ballot.NONE;
    private long committed;
    private JournalRecord.Returning returning;
    private final SortedMap<Integer, JournalRecord.Remembered> remembered = new TreeMap<>();

    /** One more record is gone. */
    void add(JournalRecord record) {
        if (record instanceof JournalRecord.Promised promise) {
            promised = Math.max(promised, promise.ballot());
        } else if (record instanceof JournalRecord.Campaigned campaign) {
            campaigned = Math.max(campaigned, campaign.ballot());
        } else if (record instanceof JournalRecord.Accepted accepted) {
            promised = Math.max(promised, accepted.slots().ballot());
        } else if (record instanceof JournalRecord.Chosen chosen) {
            commit(chosen.slots());
        } else if (record instanceof JournalRecord.Committed commit) {
            committed = Math.max(committed, commit.upTo());
        } else if (record instanceof JournalRecord.MembershipEntry membership) {
            memberships.put(membership.slot(), membership);
            if (memberships.size() > 2) {
                memberships.remove(memberships.firstKey());
            }
        } else if (record instanceof JournalRecord.DecisionEntry decision) {
            decide(decision);
        } else if (record instanceof JournalRecord.Held held) {
            hold(held);
        } else if (record instanceof JournalRecord.Returning away) {
            returning = away;
        } else if (record instanceof JournalRecord.Returned) {
            returning = null;
        } else if (record instanceof JournalRecord.Remembered known) {
            remembered.put(MemberId.node(known.member()), known);
        }
    }

    private void commit(BatchCopy slots) {
        if (slots.firstSlot() <= committed + 1) {
            committed = Math.max(committed, slots.lastSlot());
        }
    }

    private void decide(JournalRecord.DecisionEntry decision) {
        long about = decision.decision().slot();
        decisions.put(about, decision);
        if (holds.getOrDefault(about, Long.MAX_VALUE) < decision.slot()) {
            holds.remove(about);
        }
    }

    private void hold(JournalRecord.Held held) {
        JournalRecord.DecisionEntry settled = decisions.get(held.slot());
        if (settled == null || settled.slot() <= held.against()) {
            holds.merge(held.slot(), held.against(), Math::max);
        }
    }

    /** Says all of it. */
    void sayTo(JournalRecords listener) {
        if (promised != Ballot.NONE) {
            listener.promised(promised);
        }
        if (campaigned != Ballot.NONE) {
            listener.campaigned(campaigned);
        }
        memberships.values().forEach(membership -> membership.sayTo(listener));
        decisions.values().stream()
                .sorted(Comparator.comparingLong(JournalRecord.DecisionEntry::slot))
                .forEach(decision -> decision.sayTo(listener));
        holds.forEach(listener::held);
        if (committed > 0) {
            listener.committed(Ballot.NONE, committed);
        }
        if (returning != null) {
            returning.sayTo(listener);
        }
        remembered.values().forEach(known -> known.sayTo(listener));
    }
}
