package io.paxoslog.log;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;

/** Makes batches for tests. */
final class Batches {
    private Batches() {}

    /** One command a slot. */
    static Batch commands(long ballot, long firstSlot, String... commands) {
        return entries(Batch.COMMANDS, ballot, firstSlot, commands);
    }

    static Batch entries(byte kind, long ballot, long firstSlot, String... entries) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = 0;
        for (String entry : entries) {
            byte[] bytes = entry.getBytes(StandardCharsets.US_ASCII);
            buffer.putInt(length, bytes.length, ByteOrder.LITTLE_ENDIAN);
            buffer.putBytes(length + Batch.ENTRY_PREFIX_BYTES, bytes);
            length += Batch.ENTRY_PREFIX_BYTES + bytes.length;
        }
        return new Batch()
                .slots(ballot, firstSlot, entries.length)
                .value(kind, ballot, 1_000 + firstSlot)
                .bytes(buffer, 0, length);
    }

    static Batch noOps(long ballot, long firstSlot, int count) {
        return new Batch().slots(ballot, firstSlot, count).value(Batch.NO_OP, ballot, 0).noBytes();
    }

    /** The same slots learnt as chosen. */
    static Batch chosen(Batch batch) {
        return new Batch().wrap(batch).slots(Ballot.NONE, batch.firstSlot(), batch.count());
    }
}
