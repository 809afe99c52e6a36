package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import org.agrona.DirectBuffer;

/** One number for each record it hears: two records with the same number say the same. */
abstract class RecordFingerprint implements JournalRecords {
    private static final int PRIME = 31;

    /** Hears a record's number, before anything else is done with the record. */
    abstract void hear(long fingerprint);

    @Override
    public void promised(long ballot) {
        hear(of(2, ballot, 0));
    }

    @Override
    public void campaigned(long ballot) {
        hear(of(3, ballot, 0));
    }

    @Override
    public void accepted(Batch batch) {
        hear(of(4, batch));
    }

    @Override
    public void chosen(Batch batch) {
        hear(of(5, batch));
    }

    @Override
    public void committed(long ballot, long upTo) {
        hear(of(6, ballot, upTo));
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        hear(of(7, slot, ofBytes(buffer, offset, length)));
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        hear(of(8, slot, ofBytes(buffer, offset, length)));
    }

    @Override
    public void held(long slot, long decision) {
        hear(of(9, slot, decision));
    }

    @Override
    public void returning(long promised) {
        hear(of(10, promised, 0));
    }

    @Override
    public void returned(long ballot) {
        hear(of(11, ballot, 0));
    }

    @Override
    public void remembered(long member, long run, long records) {
        hear(of(12, member, of(1, run, records)));
    }

    private static long of(int type, Batch batch) {
        long slots = of(type, batch.firstSlot(), batch.count());
        long under = of(batch.kind(), batch.ballot(), batch.originBallot());
        long bytes = batch.length() == 0 ? 0 : ofBytes(batch.buffer(), 0, batch.length());
        return of(1, slots ^ under, of(1, batch.timestamp(), bytes));
    }

    private static long of(int type, long one, long other) {
        return SimRandom.mix(SimRandom.mix(one + type) * PRIME + other);
    }

    private static long ofBytes(DirectBuffer buffer, int offset, int length) {
        long hash = length;
        int end = offset + length;
        int at = offset;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = SimRandom.mix(hash * PRIME + buffer.getLong(at));
        }
        for (; at < end; at++) {
            hash = hash * PRIME + buffer.getByte(at);
        }
        return hash;
    }
}
