package io.paxoslog.server;

import static io.paxoslog.media.Forger.data;
import static io.paxoslog.media.Forger.heartbeat;
import static io.paxoslog.media.Forger.message;
import static io.paxoslog.media.Forger.setup;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosClient;
import io.paxoslog.media.Forger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a stranger sends, a node goes on, and its clients notice nothing. */
@Timeout(180)
class StrangerDatagramsTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final int PROTOCOL_STREAM = 1;
    private static final int CATCH_UP_STREAM = 2;
    private static final int INGRESS_STREAM = 10;
    private static final int HUGE = 0x7FFF_FFE0;

    @TempDir Path directory;

    private final Forger stranger = new Forger();
    private TestNodes nodes;
    private PaxosClient client;
    private int peerPort;
    private int session = 1_000;

    @BeforeEach
    void start() {
        nodes =
                new TestNodes(
                        directory, 1, Map.of(Settings.AERON_PARENT, directory.resolve("aeron")));
        nodes.startAll();
        nodes.awaitLeader();
        client = PaxosClient.connect(nodes.addresses());
        peerPort = nodes.config(1).self().port();
    }

    @AfterEach
    void stop() {
        client.close();
        nodes.close();
        stranger.close();
    }

    @Test
    void framesThatDoNotFitTheirDatagramEndNobody() {
        for (int stream : new int[] {INGRESS_STREAM, PROTOCOL_STREAM, CATCH_UP_STREAM}) {
            for (int length : new int[] {17, HUGE, Integer.MAX_VALUE}) {
                for (int flags : new int[] {Forger.BEGIN, Forger.WHOLE, Forger.END}) {
                    int link = connect(stream);
                    send(stream, data(stream, link, 0, flags, length, new byte[64]));
                    append();
                }
            }
        }
    }

    @Test
    void messagesWithoutAnEndAreNotKept() {
        int link = connect(INGRESS_STREAM);
        byte[] part = new byte[1024];
        int longest = Forger.TERM_BYTES / 8;
        for (int offset = 0; offset < 2 * longest; offset += Forger.DATA_HEADER + part.length) {
            int flags = offset == 0 ? Forger.BEGIN : Forger.INSIDE;
            int frame = Forger.DATA_HEADER + part.length;
            send(INGRESS_STREAM, data(INGRESS_STREAM, link, offset, flags, frame, part));
            append();
        }
    }

    @Test
    void recordedDatagramsWithABitTheOtherWayRoundEndNobody() {
        byte[] hello = Forger.hello(5, "127.0.0.1:" + stranger.port());
        byte[] set = setup(INGRESS_STREAM, session);
        int link = connect(INGRESS_STREAM);
        int offset = 0;
        for (int bit = 0; bit < (Forger.DATA_HEADER + hello.length) * Byte.SIZE; bit++) {
            byte[] said = message(INGRESS_STREAM, link, offset, hello);
            send(INGRESS_STREAM, Forger.flipped(said, bit));
            send(INGRESS_STREAM, Forger.flipped(set, bit % (set.length * Byte.SIZE)));
            // If it was dropped, its place is still to be filled.
            send(INGRESS_STREAM, said);
            offset = (offset + said.length) % (Forger.TERM_BYTES - said.length);
            if (bit % 16 == 0) {
                append();
            }
        }
        append();
    }

    @Test
    void framesThatContradictEachOtherEndNobody() {
        int link = connect(INGRESS_STREAM);
        byte[] payload = new byte[512];
        // Where the reader would go on after a short frame lie the lengths that payload gives.
        Arrays.fill(payload, (byte) 0x7F);
        send(INGRESS_STREAM, message(INGRESS_STREAM, link, 32, payload));
        send(INGRESS_STREAM, message(INGRESS_STREAM, link, 0, new byte[100]));
        append();
        append();
    }

    @Test
    void setUpsOfOneWhoDoesNotAnswerMapNothing() throws IOException {
        long before = mapped();
        for (int i = 0; i < 2_000; i++) {
            send(INGRESS_STREAM, setup(INGRESS_STREAM, session++));
            send(PROTOCOL_STREAM, setup(PROTOCOL_STREAM, session++, 1 << 30, 1408, 0));
            if (i % 100 == 0) {
                append();
            }
        }
        append();
        assertThat(mapped()).isEqualTo(before);
    }

    @Test
    void setUpsOfOneWhoAnswersMapSoMany() throws IOException {
        long before = mapped();
        for (int i = 0; i < 500; i++) {
            send(INGRESS_STREAM, setup(INGRESS_STREAM, session++, 4 << 20, 1408, 0));
            stranger.answer();
            if (i % 20 == 0) {
                append();
                stranger.answer();
            }
        }
        append();
        assertThat(stranger.echoes()).isPositive();
        assertThat(mapped() - before).isLessThanOrEqualTo(32);
    }

    @Test
    void hellosOpenLinksTowardsTheirSenderAloneAndSeldom() throws IOException {
        int link = connect(INGRESS_STREAM);
        long before = publications();
        int offset = 0;
        try (Forger victim = new Forger()) {
            for (int i = 0; i < 200; i++) {
                String elsewhere = (i % 2 == 0 ? "127.0.0.2:" : "10.1.1.1:") + victim.port();
                byte[] hello = Forger.hello(100 + i, elsewhere);
                byte[] said = message(INGRESS_STREAM, link, offset, hello);
                send(INGRESS_STREAM, said);
                offset += said.length;
                append();
            }
            assertThat(publications()).isEqualTo(before);
        }
        long startNs = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            byte[] hello = Forger.hello(300 + i, "127.0.0.1:" + (20_000 + i));
            byte[] said = message(INGRESS_STREAM, link, offset, hello);
            send(INGRESS_STREAM, said);
            offset += said.length;
            append();
        }
        long quarters = (System.nanoTime() - startNs) / 250_000_000L;
        assertThat(publications() - before).isBetween(1L, 2 + quarters);
        try (PaxosClient another = PaxosClient.connect(nodes.addresses())) {
            another.append(new byte[] {1}, TIMEOUT_MS);
        }
    }

    @Test
    void nobodyIsEndedInHisName() throws IOException {
        for (int i = 0; i < 300; i++) {
            send(INGRESS_STREAM, heartbeat(INGRESS_STREAM, i, 0, 0xE0));
            send(INGRESS_STREAM, heartbeat(INGRESS_STREAM, i, 0, Forger.WHOLE));
        }
        append();
        assertThat(stranger.answer()).isZero();
        assertThat(stranger.answers()).isLessThanOrEqualTo(300);
    }

    private int connect(int stream) {
        return connect(stream, ++session);
    }

    /** As a publication that is its own driver. */
    private int connect(int stream, int link) {
        send(stream, setup(stream, link));
        int echoes = stranger.echoes();
        for (int tries = 0; tries < 20 && stranger.echoes() == echoes; tries++) {
            append();
            stranger.answer();
        }
        append();
        return link;
    }

    private void send(int stream, byte[] datagram) {
        stranger.send(stream == INGRESS_STREAM ? peerPort + 1 : peerPort, datagram);
    }

    private void append() {
        client.append(new byte[] {7}, TIMEOUT_MS);
        assertThat(nodes.running().get(0).isRunning()).isTrue();
    }

    /** Streams whose buffers the node has mapped. */
    private long mapped() throws IOException {
        return files("images");
    }

    private long publications() throws IOException {
        return files("publications");
    }

    private long files(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("aeron"))) {
            return files.filter(file -> file.getParent().endsWith(kind)).count();
        }
    }
}
