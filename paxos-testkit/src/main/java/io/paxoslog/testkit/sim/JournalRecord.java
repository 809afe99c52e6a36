package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Decision;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Runs;
import org.agrona.concurrent.UnsafeBuffer;

/** One call of {@link JournalRecords}, kept on a {@link SimulatedDisk}. Immutable. */
public sealed interface JournalRecord {
    /** Writes it, or has it heard again. */
    void sayTo(JournalRecords listener);

    /** As traces show it. */
    String text();

    /** Bytes it takes on a disk, about. */
    default int lengthBytes() {
        return 32;
    }

    record Promised(long ballot) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.promised(ballot);
        }

        @Override
        public String text() {
            return "promised " + Ballot.text(ballot);
        }
    }

    record Campaigned(long ballot) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.campaigned(ballot);
        }

        @Override
        public String text() {
            return "campaigned " + Ballot.text(ballot);
        }
    }

    record Accepted(BatchCopy slots) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.accepted(slots.view());
        }

        @Override
        public int lengthBytes() {
            return 64 + slots.length();
        }

        @Override
        public String text() {
            return "accepted " + Ballot.text(slots.ballot()) + " " + slots.text();
        }
    }

    record Chosen(BatchCopy slots) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.chosen(slots.view());
        }

        @Override
        public int lengthBytes() {
            return 64 + slots.length();
        }

        @Override
        public String text() {
            return "chosen " + slots.text();
        }
    }

    record Committed(long ballot, long upTo) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.committed(ballot, upTo);
        }

        @Override
        public String text() {
            return "committed " + Ballot.text(ballot) + " " + BatchCopy.slotText(upTo);
        }
    }

    record DecisionEntry(long slot, Decision decision) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            UnsafeBuffer bytes = new UnsafeBuffer(new byte[Decision.BYTES]);
            decision.encode(bytes, 0);
            listener.decision(slot, bytes, 0, Decision.BYTES);
        }

        @Override
        public String text() {
            return "decision " + BatchCopy.slotText(slot) + " " + decision;
        }
    }

    record Held(long slot, long against) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.held(slot, against);
        }

        @Override
        public String text() {
            return "held " + BatchCopy.slotText(slot) + " against " + BatchCopy.slotText(against);
        }
    }

    record Returning(long promised) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.returning(promised);
        }

        @Override
        public String text() {
            return "returning " + Ballot.text(promised);
        }
    }

    record Returned(long ballot) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.returned(ballot);
        }

        @Override
        public String text() {
            return "returned " + Ballot.text(ballot);
        }
    }

    record Remembered(long member, long run, long records) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.remembered(member, run, records);
        }

        @Override
        public String text() {
            return "remembered "
                    + MemberId.text(member)
                    + " run "
                    + Runs.number(run)
                    + " with "
                    + records;
        }
    }

    /** The bytes are never changed once they are here. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record MembershipEntry(long slot, byte[] bytes) implements JournalRecord {
        @Override
        public void sayTo(JournalRecords listener) {
            listener.membership(slot, new UnsafeBuffer(bytes), 0, bytes.length);
        }

        @Override
        public String text() {
            return "membership " + BatchCopy.slotText(slot);
        }
    }
}
