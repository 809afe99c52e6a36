package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

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

    private static final int NOTHING = -1;

    /** A promise, an own ballot, and that votes may be lost. */
    private static final int MOST_OWN = 3;

    private final List<Written> all = new ArrayList<>();
    private final LongHashSet cutOff = new LongHashSet();
    private int forced;
    private boolean hasForcedMembership;
    private long forcedCommit;
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

    /** Highest commit index on stable storage. */
    long forcedCommit() {
        return forcedCommit;
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
        if (record instanceof JournalRecord.Committed committed) {
            forcedCommit = Math.max(forcedCommit, committed.upTo());
        } else if (record instanceof JournalRecord.Chosen chosen
                && chosen.slots().firstSlot() <= forcedCommit + 1) {
            forcedCommit = Math.max(forcedCommit, chosen.slots().lastSlot());
        }
        return record;
    }

    /** The process ended: all is there to read, but only what was forced will surely be. */
    void processEnded(boolean losesNothing) {
        least = losesNothing ? all.size() : forced;
    }

    /** Nothing but the first {@code count} records is left. */
    void truncate(int count) {
        List<Written> end = all.subList(count, all.size());
        end.forEach(written -> cutOff.add(written.fingerprint()));
        end.clear();
        least = count;
        forced = Math.min(forced, count);
    }

    /** What the first {@code count} records say of a member last; null when they say nothing. */
    JournalRecord.Remembered rememberedOf(long member, int count) {
        for (int i = count - 1; i >= 0; i--) {
            if (all.get(i).record() instanceof JournalRecord.Remembered known
                    && known.member() == member) {
                return known;
            }
        }
        return null;
    }

    WrittenRecords copy() {
        WrittenRecords copy = new WrittenRecords();
        copy.all.addAll(all);
        copy.cutOff.addAll(cutOff);
        copy.least = all.size();
        copy.forced = all.size();
        copy.hasForcedMembership = hasForcedMembership;
        copy.forcedCommit = forcedCommit;
        return copy;
    }

    /**
     * Passes on what a journal says again, and compares it with what the journal was told. Of
     * records that lie in files which are gone it must say what they amount to, and of what a
     * snapshot does not hold nothing may be gone.
     */
    final class Check extends RecordFingerprint {
        private final JournalRecords next;
        private final long snapshotSlot;
        private final boolean isRotten;
        private final boolean hidesEnd;
        private final LongArrayList heard = new LongArrayList();
        private long highestPromise;
        private int gone;
        private int heardUpTo;
        private final List<JournalRecord> ownIfLast = new ArrayList<>();
        private final List<JournalRecord> own = new ArrayList<>();

        /**
         * @param snapshotSlot the newest snapshot holds everything up to it
         * @param isRotten whether forced records are known to be damaged: then some may be missing,
         *     but what is said must have been told, and no promise be lower
         * @param hidesEnd whether more is damaged behind all that is left: what was there last may
         *     be missing, too, promises as well
         */
        Check(JournalRecords next, long snapshotSlot, boolean isRotten, boolean hidesEnd) {
            this.next = next;
            this.snapshotSlot = snapshotSlot;
            this.isRotten = isRotten;
            this.hidesEnd = hidesEnd;
        }

        @Override
        void hear(long fingerprint) {
            heard.addLong(fingerprint);
            ownIfLast.add(null);
        }

        /**
         * All was said. What changes nothing that stands may be gone or not, and cannot be told:
         * then it is there.
         */
        void end() {
            if (isRotten) {
                compareWhatIsLeft();
                return;
            }
            compare();
            while (heardUpTo == NOTHING && isOwn(heard.size() - 1)) {
                // The journal found out itself, behind all it was told.
                own.add(0, ownIfLast.get(heard.size() - 1));
                heard.removeAt(heard.size() - 1);
                compare();
            }
            if (heardUpTo == NOTHING) {
                throw differs();
            }
        }

        private boolean isOwn(int last) {
            return last >= 0 && own.size() < MOST_OWN && ownIfLast.get(last) != null;
        }

        private void compareWhatIsLeft() {
            int surely = hidesEnd ? 0 : least;
            for (int i = all.size(); i > surely && heardUpTo == 0; i--) {
                heardUpTo = heard.containsLong(all.get(i - 1).fingerprint()) ? i : 0;
            }
            heardUpTo = Math.max(heardUpTo, surely);
            for (Written written : all.subList(0, heardUpTo)) {
                boolean isLost =
                        written.record() instanceof JournalRecord.Promised promised
                                && promised.ballot() > highestPromise;
                if (isLost) {
                    throw new SafetyViolation(
                            "the journal goes on with rot, though it lost: "
                                    + written.record().text());
                }
            }
            int last = ownIfLast.size() - 1;
            if (last >= 0 && ownIfLast.get(last) instanceof JournalRecord.Returning returning) {
                own.add(returning);
            }
        }

        /**
         * Values that were never told must not be said, whatever is rotten. Those of a tail that
         * was cut off may: a ballot has one value a slot, and of a vote that was not forced nobody
         * was told.
         */
        private void requireTold(long fingerprint, Batch batch) {
            boolean isTold =
                    !isRotten
                            || cutOff.contains(fingerprint)
                            || all.stream().anyMatch(one -> one.fingerprint() == fingerprint);
            if (!isTold) {
                throw new SafetyViolation(
                        "the journal says slots "
                                + batch.firstSlot()
                                + " to "
                                + batch.lastSlot()
                                + " in other words than it was told");
            }
        }

        private void compare() {
            Stand stand = new Stand();
            heardUpTo = NOTHING;
            for (int first = 0; heardUpTo < all.size() && first <= all.size(); first++) {
                note(first, first == 0 ? new LongArrayList() : fingerprints(stand));
                if (first == all.size() || !mayBeGone(all.get(first).record())) {
                    break;
                }
                stand.add(all.get(first).record());
            }
        }

        /** Looks whether what was said is what these records amount to and all from one on. */
        private void note(int first, LongArrayList amount) {
            int said = heard.size() - amount.size();
            boolean fits =
                    first + said > heardUpTo
                            && first + said <= all.size()
                            && beginsWith(amount)
                            && saidInOrder(amount.size(), first) == said;
            if (fits) {
                gone = first;
                heardUpTo = first + said;
            }
        }

        private boolean beginsWith(LongArrayList amount) {
            for (int i = 0; i < amount.size(); i++) {
                if (i == heard.size() || heard.getLong(i) != amount.getLong(i)) {
                    return false;
                }
            }
            return true;
        }

        private int saidInOrder(int from, int first) {
            int said = 0;
            while (from + said < heard.size()
                    && first + said < all.size()
                    && heard.getLong(from + said) == all.get(first + said).fingerprint()) {
                said++;
            }
            return said;
        }

        private static LongArrayList fingerprints(Stand stand) {
            LongArrayList amount = new LongArrayList();
            stand.sayTo(
                    new RecordFingerprint() {
                        @Override
                        void hear(long fingerprint) {
                            amount.addLong(fingerprint);
                        }
                    });
            return amount;
        }

        private boolean mayBeGone(JournalRecord record) {
            if (record instanceof JournalRecord.Accepted accepted) {
                return accepted.slots().lastSlot() <= snapshotSlot;
            }
            return !(record instanceof JournalRecord.Chosen chosen)
                    || chosen.slots().lastSlot() <= snapshotSlot;
        }

        private void mayBeOwn(JournalRecord record) {
            ownIfLast.set(ownIfLast.size() - 1, record);
        }

        private SafetyViolation differs() {
            int right = saidInOrder(0, 0);
            return new SafetyViolation(
                    "the journal says record "
                            + (right + 1)
                            + " in other words than it was told, or out of its order, or lacks"
                            + " more than the snapshot of slot "
                            + snapshotSlot
                            + " holds; it was told "
                            + (right == all.size() ? "no more" : all.get(right).record().text()));
        }

        /** How many records are there: those that are gone, and those that were said again. */
        int heard() {
            return heardUpTo;
        }

        /** Whether records are gone with their files. */
        boolean isCompacted() {
            return gone > 0;
        }

        /**
         * What the journal says of itself, behind all it was told: ballots that only its second
         * copy has, and that it may have forgotten votes.
         */
        List<JournalRecord> own() {
            return own;
        }

        /** Whether all that must be there was said again. */
        boolean isComplete() {
            return heardUpTo >= least;
        }

        @Override
        public void promised(long ballot) {
            super.promised(ballot);
            mayBeOwn(new JournalRecord.Promised(ballot));
            highestPromise = Math.max(highestPromise, ballot);
            next.promised(ballot);
        }

        @Override
        public void campaigned(long ballot) {
            super.campaigned(ballot);
            mayBeOwn(new JournalRecord.Campaigned(ballot));
            next.campaigned(ballot);
        }

        @Override
        public void accepted(Batch batch) {
            super.accepted(batch);
            requireTold(heard.getLong(heard.size() - 1), batch);
            highestPromise = Math.max(highestPromise, batch.ballot());
            next.accepted(batch);
        }

        @Override
        public void chosen(Batch batch) {
            super.chosen(batch);
            requireTold(heard.getLong(heard.size() - 1), batch);
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
        public void unknown(Batch batch) {
            if (!isRotten) {
                throw new SafetyViolation("slots are unknown on a good disk");
            }
            highestPromise = Math.max(highestPromise, batch.ballot());
            next.unknown(batch);
        }

        @Override
        public void returning(long promised) {
            super.returning(promised);
            mayBeOwn(new JournalRecord.Returning(promised));
            next.returning(promised);
        }

        @Override
        public void returned(long ballot) {
            super.returned(ballot);
            next.returned(ballot);
        }

        @Override
        public void remembered(long member, long run, long records) {
            super.remembered(member, run, records);
            next.remembered(member, run, records);
        }
    }
}
