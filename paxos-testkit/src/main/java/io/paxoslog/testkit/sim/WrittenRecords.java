package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * What one node told its journal, in order, and how much of it was forced: what the journal must
 * say again after a restart.
 */
final class WrittenRecords {
    /**
     * One record.
     *
     * @param end position of the journal behind it, in the run that wrote it
     * @param write number of the disk's last write when it was written
     */
    record Written(JournalRecord record, long fingerprint, long end, long write) {}

    private final List<Written> all = new ArrayList<>();
    private int forced;
    private boolean hasForcedMembership;
    private int least;

    int size() {
        return all.size();
    }

    Written get(int i) {
        return all.get(i);
    }

    int forced() {
        return forced;
    }

    boolean hasForcedMembership() {
        return hasForcedMembership;
    }

    boolean hasMembership() {
        return all.stream().anyMatch(it -> it.record() instanceof JournalRecord.MembershipEntry);
    }

    Written add(JournalRecord record, long fingerprint, long end, long write) {
        Written written = new Written(record, fingerprint, end, write);
        all.add(written);
        return written;
    }

    /** The next record that is not forced is forced now. */
    JournalRecord forceNext() {
        JournalRecord record = all.get(forced++).record();
        hasForcedMembership |= record instanceof JournalRecord.MembershipEntry;
        return record;
    }

    /** The process ended: all is there to read, but only what was forced will surely be. */
    void processEnded(boolean losesNothing) {
        least = losesNothing ? all.size() : forced;
    }

    /** Nothing but the first {@code count} records is left. */
    void truncate(int count) {
        all.subList(count, all.size()).clear();
        least = count;
        forced = Math.min(forced, count);
    }

    WrittenRecords copy() {
        WrittenRecords copy = new WrittenRecords();
        copy.all.addAll(all);
        copy.least = all.size();
        copy.forced = all.size();
        copy.hasForcedMembership = hasForcedMembership;
        return copy;
    }

    /** Compares what a journal says again with what it was told, and passes it on. */
    final class Check extends RecordFingerprint {
        private final JournalRecords next;
        private int heard;
        private JournalRecord own;

        Check(JournalRecords next) {
            this.next = next;
        }

        @Override
        void hear(long fingerprint) {
            if (heard == all.size() || all.get(heard).fingerprint() != fingerprint) {
                throw new SafetyViolation(
                        "the journal says record "
                                + (heard + 1)
                                + " in other words than it was told, or out of its order; it was"
                                + " told "
                                + (heard == all.size()
                                        ? "no more"
                                        : all.get(heard).record().text()));
            }
            heard++;
        }

        /** How many records were said again. */
        int heard() {
            return heard;
        }

        /** What the journal says of itself, behind all it was told; null when nothing. */
        JournalRecord own() {
            return own;
        }

        /** Whether all that must be there was said again. */
        boolean isComplete() {
            return heard >= least;
        }

        @Override
        public void promised(long ballot) {
            super.promised(ballot);
            next.promised(ballot);
        }

        @Override
        public void campaigned(long ballot) {
            super.campaigned(ballot);
            next.campaigned(ballot);
        }

        @Override
        public void accepted(Batch batch) {
            super.accepted(batch);
            next.accepted(batch);
        }

        @Override
        public void chosen(Batch batch) {
            super.chosen(batch);
            next.chosen(batch);
        }

        @Override
        public void committed(long ballot, long upTo) {
            super.committed(ballot, upTo);
            next.committed(ballot, upTo);
        }

        @Override
        public void membership(long slot, DirectBuffer buffer, int offset, int length) {
            super.membership(slot, buffer, offset, length);
            next.membership(slot, buffer, offset, length);
        }

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {
            super.decision(slot, buffer, offset, length);
            next.decision(slot, buffer, offset, length);
        }

        @Override
        public void held(long slot, long decision) {
            super.held(slot, decision);
            next.held(slot, decision);
        }

        @Override
        public void returning(long promised) {
            boolean wasThere =
                    heard < all.size()
                            && all.get(heard).record() instanceof JournalRecord.Returning;
            if (wasThere) {
                super.returning(promised);
            } else {
                own = new JournalRecord.Returning(promised);
            }
            next.returning(promised);
        }

        @Override
        public void returned(long ballot) {
            super.returned(ballot);
            next.returned(ballot);
        }
    }
}
