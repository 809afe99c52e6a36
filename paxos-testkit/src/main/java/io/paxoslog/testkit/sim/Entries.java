package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import java.nio.ByteOrder;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Lays entries out as a batch carries them. */
public final class Entries {
    private Entries() {}

    /** The entries one behind the other, each with its length in front. */
    public static UnsafeBuffer encode(List<byte[]> entries) {
        int length = entries.stream().mapToInt(e -> Batch.ENTRY_PREFIX_BYTES + e.length).sum();
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        int position = 0;
        for (byte[] entry : entries) {
            buffer.putInt(position, entry.length, ByteOrder.LITTLE_ENDIAN);
            buffer.putBytes(position + Batch.ENTRY_PREFIX_BYTES, entry);
            position += Batch.ENTRY_PREFIX_BYTES + entry.length;
        }
        return buffer;
    }
}
