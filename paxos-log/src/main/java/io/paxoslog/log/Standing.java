package io.paxoslog.log;

import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * What stands after all records so far; repeated at the head of each segment, so that older ones
 * may go one day.
 */
final class Standing implements JournalRecords {
    private final SortedMap<Long, byte[]> memberships = new TreeMap<>();
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
        opening.bootId(bootId);
        return opening.limit();
    }
}
