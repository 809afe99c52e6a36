package io.paxoslog.gateway;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;

/** Whatever comes to the port for clients: a message, or counted as none. */
@Tag("fuzz")
class IngressDecoderFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void anyFrameIsAMessageOrCounted(byte[] frame) {
        HeardClients clients = new HeardClients();
        IngressDecoder decoder = new IngressDecoder(clients);
        decoder.decode(1, new UnsafeBuffer(frame), 0, frame.length);
        if (decoder.malformed() + clients.heard.size() != 1) {
            throw new AssertionError(clients.heard + " and " + decoder.malformed() + " refused");
        }
    }
}
