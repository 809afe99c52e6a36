package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Which streams a node hears, and how many. */
class KnownStreamsTest {
    private static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int TERM_BYTES = 4 << 20;
    private static final int PER_SECOND = 500;
    private static final int STREAM = 10;

    private int opened;
    private int most;

    /** Each from a port of its own, and silent ever after. */
    private void come(int clients, StreamBounds bounds) {
        KnownStreams streams = new KnownStreams(bounds, LIVENESS_NS, 0);
        for (int client = 0; client < clients; client++) {
            long nowNs = client * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
            SetupFlyweight setup =
                    new SetupFlyweight(new UnsafeBuffer(Forger.setup(STREAM, client)));
            InetSocketAddress source =
                    new InetSocketAddress(
                            Forger.address(10, 0, client >> 12, 1), 1 + (client & 0xFFF));
            streams.beginTurn(nowNs);
            opened += streams.open(setup, source, nowNs) == null ? 0 : 1;
            most = Math.max(most, streams.count());
        }
    }

    @Test
    void aNodeForManyClientsHearsFiveHundredThatComeAndDieASecond() {
        come(10_000, StreamBounds.ofNode(8_192, TERM_BYTES));
        assertThat(opened).isEqualTo(10_000);
        assertThat(most).isLessThan(7_000);
    }

    @Test
    void aNodeForFewClientsOpensNoMoreThanItMay() {
        come(5_000, StreamBounds.ofNode(256, TERM_BYTES));
        assertThat(opened).isBetween(10 * 64, 10 * 64 + 256);
    }
}
