package io.paxoslog.transport;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import java.lang.reflect.Proxy;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;

/** Whatever comes by the wire: a message that can be read to its last byte, or nothing. */
@Tag("fuzz")
class PeerDecoderFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyFrameIsAMessageOrRefused(byte[] frame) {
        UnsafeBuffer bytes = new UnsafeBuffer(frame);
        PeerDecoder decoder =
                new PeerDecoder(reader(), Frames.everybody(), Frames.counter(), Frames.counter());
        decoder.onFrame(0, bytes, 0, frame.length);
    }

    /** Reads every entry of every batch, as those do who are told of it. */
    private static PeerMessages reader() {
        return (PeerMessages)
                Proxy.newProxyInstance(
                        PeerMessages.class.getClassLoader(),
                        new Class<?>[] {PeerMessages.class},
                        (proxy, method, arguments) -> {
                            for (Object argument : arguments) {
                                if (argument instanceof Batch batch) {
                                    readEntries(batch);
                                }
                            }
                            return null;
                        });
    }

    private static void readEntries(Batch batch) {
        if (batch.kind() == Batch.NO_OP) {
            return;
        }
        int position = 0;
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
            int length = batch.buffer().getInt(position, ByteOrder.LITTLE_ENDIAN);
            batch.buffer().getBytes(position + Batch.ENTRY_PREFIX_BYTES, new byte[length]);
            position += Batch.ENTRY_PREFIX_BYTES + length;
        }
        if (position != batch.length()) {
            throw new AssertionError(position + " bytes of " + batch.length() + " are entries");
        }
    }
}
