package io.paxoslog.bench;

import io.paxoslog.service.EntryFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** Batches of random commands, laid out as the log carries them. */
final class Commands {
    private Commands() {}

    /** Bytes of a batch. */
    static int bytes(int count, int payloadBytes) {
        return count * (EntryFormat.OVERHEAD_BYTES + payloadBytes);
    }

    /** The commands of a session from a sequence on. */
    static UnsafeBuffer batch(int count, int payloadBytes, long session, long firstSequence) {
        Random random = new Random(1);
        byte[] payload = new byte[payloadBytes];
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes(count, payloadBytes)]);
        int position = 0;
        for (int i = 0; i < count; i++) {
            random.nextBytes(payload);
            long sequence = firstSequence + i;
            int at =
                    EntryFormat.putHead(
                            buffer,
                            position,
                            EntryFormat.COMMAND,
                            session,
                            sequence,
                            sequence,
                            payloadBytes);
            buffer.putBytes(at, payload);
            position = at + payloadBytes;
        }
        return buffer;
    }
}
