package io.paxoslog.log;

import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.JournalRecords;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * What stands after all records so far; repeated at the head of each segment, so that older ones
 * may go one day.
 */
final class Standing implements JournalRecords {
    /** The latest decision about a slot, or about limits. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Settled(long at, byte[] entry) {}

    private final SortedMap<Long, byte[]> memberships = new TreeMap<>();
    private final Map<Long, Settled> decisions = new TreeMap<>();
    private final SortedMap<Long, Long> holds = new TreeMap<>();
    private long promised = Ballot.NONE;
    private long campaigned = Ballot.NONE;
    private long commitBallot = Ballot.NONE;
    private long commitIndex;

    @Override
    public void promised(long ballot) {
        promised = Math.max(promised, ballot);
    }

    @Override
    public void campaigned(long ballot) {
        campaigned = Math.max(campaigned, ballot);
    }

    @Override
    public void accepted(Batch batch) {
        promised = Math.max(promised, batch.ballot());
    }

    @Override
    public void chosen(Batch batch) {}

    @Override
    public void committed(long ballot, long upTo) {
        if (upTo > commitIndex) {
            commitBallot = ballot;
            commitIndex = upTo;
        }
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        memberships.put(slot, bytes);
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        long about = Decision.decode(buffer, offset, length).slot();
        byte[] entry = new byte[length];
        buffer.getBytes(offset, entry);
        decisions.put(about, new Settled(slot, entry));
        if (holds.getOrDefault(about, Long.MAX_VALUE) < slot) {
            holds.remove(about);
        }
    }

    @Override
    public void held(long slot, long decision) {
        Settled since = decisions.get(slot);
        if (since == null || since.at() <= decision) {
            holds.merge(slot, decision, Math::max);
        }
    }

    /** Slots below which the state machine holds, each with the decision that it rests on. */
    Map<Long, Long> holds() {
        return holds;
    }

    /** Whether accepting under {@code ballot} also says that it is promised. */
    boolean isRaisedBy(long ballot) {
        return ballot > promised;
    }

    long promised() {
        return promised;
    }

    long campaigned() {
        return campaigned;
    }

    long commitIndex() {
        return commitIndex;
    }

    /** Writes the body of an opening after the schema header and returns all bytes. */
    int encode(OpeningEncoder opening, String bootId) {
        opening.promised(promised)
                .campaigned(campaigned)
                .commitBallot(commitBallot)
                .commitIndex(commitIndex);
        OpeningEncoder.MembershipsEncoder group = opening.membershipsCount(memberships.size());
        memberships.forEach(
                (slot, entry) -> group.next().slot(slot).putEntry(entry, 0, entry.length));
        OpeningEncoder.DecisionsEncoder settled = opening.decisionsCount(decisions.size());
        decisions.forEach(
                (about, latest) ->
                        settled.next()
                                .slot(latest.at())
                                .putEntry(latest.entry(), 0, latest.entry().length));
        OpeningEncoder.HoldsEncoder held = opening.holdsCount(holds.size());
        holds.forEach((slot, decision) -> held.next().slot(slot).decision(decision));
        opening.bootId(bootId);
        return opening.limit();
    }
}
