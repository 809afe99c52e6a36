package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads of a client against real gateways over UDP: each is answered once, or fails once. */
class ClientReadsTest {
    private static final int LONG_MS = 15_000;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Heard listener = new Heard();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
    }

    private final class Heard implements ReplyListener {
        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {}

        @Override
        public void onRead(long read, long slot, DirectBuffer answer, int at, int length) {
            heard.add(read + " " + answer.getStringWithoutLengthUtf8(at, length));
        }

        @Override
        public void onReadFailed(long read, ClientError why, String about) {
            heard.add(read + " " + why + " " + about);
        }
    }

    private FakeCluster cluster(int size) {
        FakeCluster cluster = new FakeCluster(size);
        toClose.add(cluster);
        return cluster;
    }

    private PaxosClient client(ClientConfig config) {
        PaxosClient client = PaxosClient.start(config, listener);
        toClose.add(client::abandon);
        return client;
    }

    private PaxosClient connected(FakeCluster cluster) {
        PaxosClient client = client(ClientConfig.of(cluster.addresses()));
        cluster.runUntil(client::isConnected, client);
        return client;
    }

    private static long read(PaxosClient client, ReadMode mode, int timeoutMs, String text) {
        UnsafeBuffer query = new UnsafeBuffer(text.getBytes(UTF_8));
        return client.read(mode, 0, timeoutMs, query, 0, query.capacity());
    }

    private void awaitAll(FakeCluster cluster, PaxosClient client) {
        cluster.runUntil(() -> client.unansweredReads() == 0, client);
    }

    @Test
    void readsNeedNoSession() {
        FakeCluster cluster = cluster(2);
        cluster.choose(false);
        PaxosClient client = client(ClientConfig.of(cluster.addresses()));
        client.readFrom(cluster.addresses().get(1));
        read(client, ReadMode.STALE, LONG_MS, "a");
        read(client, ReadMode.READ_INDEX, LONG_MS, "b");
        awaitAll(cluster, client);
        assertThat(heard).containsExactlyInAnyOrder("1 a of 2", "2 b of 1");
        assertThat(client.sessionId()).isZero();
    }

    /** Until the ways to followers are open the leader answers, and then no more. */
    @Test
    void readsOfAnyNodeGoToAFollower() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        readUntilAFollowerAnswers(cluster, client);
        int ofLeader = cluster.node(1).queries.size();
        for (int i = 0; i < 20; i++) {
            read(client, ReadMode.STALE, LONG_MS, "a");
            awaitAll(cluster, client);
        }
        assertThat(cluster.node(1).queries).hasSize(ofLeader);
    }

    /** Node 1 leads. */
    private void readUntilAFollowerAnswers(FakeCluster cluster, PaxosClient client) {
        cluster.runUntil(
                () -> {
                    if (client.unansweredReads() == 0) {
                        read(client, ReadMode.STALE, LONG_MS, "a");
                    }
                    return cluster.node(2).queries.size() + cluster.node(3).queries.size() > 0;
                },
                client);
        awaitAll(cluster, client);
    }

    @Test
    void readsGoToTheNextLeaderAndAreAnsweredOnce() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        cluster.node(1).isConfirming = false;
        cluster.choose(false);
        read(client, ReadMode.READ_INDEX, LONG_MS, "a");
        read(client, ReadMode.LOG, LONG_MS, "b");
        cluster.runUntil(() -> cluster.node(1).open.size() == 1, client);
        cluster.lead(2);
        cluster.choose(true);
        awaitAll(cluster, client);
        assertThat(heard).containsExactlyInAnyOrder("1 a of 2", "2 b of 2");
        cluster.node(1).isConfirming = true;
        read(client, ReadMode.READ_INDEX, LONG_MS, "c");
        awaitAll(cluster, client);
        assertThat(heard).hasSize(3).contains("3 c of 2");
    }

    @Test
    void aReaderThatFallsSilentIsReplacedByAnother() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        read(client, ReadMode.STALE, LONG_MS, "a");
        awaitAll(cluster, client);
        int first = Integer.parseInt(heard.get(0).substring(heard.get(0).length() - 1));
        cluster.node(first).isUp = false;
        read(client, ReadMode.STALE, LONG_MS, "b");
        awaitAll(cluster, client);
        assertThat(heard.get(1)).startsWith("2 b of ").doesNotEndWith("" + first);
        cluster.node(first).isUp = true;
    }

    /** It is reached, and reaches no leader: as one that is cut off, or no member any more. */
    @Test
    void aReaderThatHasNoAnswerInTimeIsLeftForAnother() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        readUntilAFollowerAnswers(cluster, client);
        String last = heard.remove(heard.size() - 1);
        heard.clear();
        int first = Integer.parseInt(last.substring(last.length() - 1));
        cluster.node(first).isConfirming = false;
        read(client, ReadMode.FOLLOWER, LONG_MS, "b");
        awaitAll(cluster, client);
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0)).contains(" b of ").doesNotEndWith("" + first);
        cluster.node(first).isConfirming = true;
    }

    @Test
    void whatTheStateMachineThrowsIsToldWithItsText() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        read(client, ReadMode.STALE, LONG_MS, "bad luck");
        awaitAll(cluster, client);
        assertThat(heard)
                .containsExactly("1 QUERY_FAILED java.lang.IllegalArgumentException: bad luck");
    }

    @Test
    void aReadThatNobodyConfirmsFailsInTimeAndSaysWhatItWaitedFor() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        cluster.node(1).isConfirming = false;
        long beganNs = System.nanoTime();
        read(client, ReadMode.READ_INDEX, 400, "a");
        read(client, ReadMode.QUORUM, 400, "b");
        awaitAll(cluster, client);
        long tookMs = (System.nanoTime() - beganNs) / 1_000_000;
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "1 READ_TIMED_OUT no leader has confirmed it",
                        "2 READ_TIMED_OUT too few nodes have confirmed it");
        assertThat(tookMs).isBetween(250L, 5_000L);
        assertThat(cluster.node(1).queries).isEmpty();
    }

    /** Its node gives up long before, and is asked again. */
    @Test
    void aReadIsAskedAgainUntilItsOwnDeadline() {
        FakeCluster cluster = cluster(1);
        PaxosClient client =
                client(ClientConfig.of(cluster.addresses()).withTimeouts(50, 100, 10_000));
        cluster.runUntil(client::isConnected, client);
        cluster.node(1).isConfirming = false;
        read(client, ReadMode.READ_INDEX, LONG_MS, "a");
        long untilNs = System.nanoTime() + 500_000_000;
        cluster.runUntil(() -> System.nanoTime() > untilNs, client);
        cluster.node(1).isConfirming = true;
        awaitAll(cluster, client);
        assertThat(heard).containsExactly("1 a of 1");
        // On a busy machine more than once: a read may be asked twice.
        assertThat(cluster.node(1).queries).isNotEmpty();
    }

    @Test
    void asManyAsTheWindowHoldsAreTakenAndOneMoreIsNot() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = client(ClientConfig.of(cluster.addresses()).withWindow(3));
        cluster.runUntil(client::isConnected, client);
        for (int i = 1; i <= 3; i++) {
            assertThat(read(client, ReadMode.STALE, LONG_MS, "a")).isPositive();
        }
        assertThat(ClientError.of(read(client, ReadMode.STALE, LONG_MS, "a")))
                .isEqualTo(ClientError.WINDOW_FULL);
        awaitAll(cluster, client);
        assertThat(read(client, ReadMode.STALE, LONG_MS, "a")).isPositive();
        awaitAll(cluster, client);
        assertThat(heard).hasSize(4);
    }

    /** A number is given once, however many were answered out of order in between. */
    @Test
    void numbersAreNeverUsedAgain() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = client(ClientConfig.of(cluster.addresses()).withWindow(2));
        cluster.runUntil(client::isConnected, client);
        cluster.node(1).isConfirming = false;
        long waiting = read(client, ReadMode.READ_INDEX, LONG_MS, "slow");
        List<Long> numbers = new ArrayList<>(List.of(waiting));
        for (int i = 0; i < 20; i++) {
            numbers.add(read(client, ReadMode.STALE, LONG_MS, "a"));
            cluster.runUntil(() -> client.unansweredReads() == 1, client);
        }
        cluster.node(1).isConfirming = true;
        awaitAll(cluster, client);
        assertThat(numbers).doesNotHaveDuplicates().hasSize(21);
        assertThat(heard).hasSize(21).contains(waiting + " slow of 1");
    }

    @Test
    void aQueryThatTheClusterDoesNotTakeIsRefused() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        UnsafeBuffer largest = new UnsafeBuffer(new byte[128 * 1024]);
        assertThat(client.read(ReadMode.STALE, 0, LONG_MS, largest, 0, largest.capacity()))
                .isPositive();
        awaitAll(cluster, client);
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0)).endsWith(" of 1");
        UnsafeBuffer larger = new UnsafeBuffer(new byte[128 * 1024 + 1]);
        assertThat(
                        ClientError.of(
                                client.read(
                                        ReadMode.STALE, 0, LONG_MS, larger, 0, larger.capacity())))
                .isEqualTo(ClientError.TOO_LARGE);
    }

    @Test
    @SuppressWarnings("try")
    void whatIsNotAnsweredWhenAClientIsClosedFailsOnce() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        cluster.node(1).isConfirming = false;
        read(client, ReadMode.READ_INDEX, LONG_MS, "a");
        try (FakeCluster.Crew crew = cluster.new Crew()) {
            client.close();
        }
        assertThat(heard).containsExactly("1 CLOSED ");
        assertThat(ClientError.of(read(client, ReadMode.STALE, LONG_MS, "b")))
                .isEqualTo(ClientError.CLOSED);
    }

    @Test
    @SuppressWarnings("try")
    void whoWaitsGetsTheAnswerAndTheListenerDoesNot() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        try (FakeCluster.Crew crew = cluster.new Crew()) {
            ReadAnswer answer =
                    client.read(ReadMode.READ_INDEX, 0, "a".getBytes(UTF_8), Duration.ofSeconds(9));
            assertThat(new String(answer.bytes(), UTF_8)).isEqualTo("a of 1");
            assertThat(answer.slot()).isPositive();
            assertThatThrownBy(
                            () ->
                                    client.read(
                                            ReadMode.STALE,
                                            0,
                                            "bad".getBytes(UTF_8),
                                            Duration.ofSeconds(9)))
                    .isInstanceOf(ClientException.class)
                    .hasMessageStartingWith("java.lang.IllegalArgumentException: bad: the state");
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void anInterruptEndsTheWaitAndTheReadCannotBeHeardByAnybodyElse() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.read(ReadMode.STALE, 0, new byte[1], Duration.ofSeconds(9)))
                .isInstanceOf(ClientException.class)
                .hasMessage(ClientError.INTERRUPTED.advice());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(client.unansweredReads()).isZero();
    }
}
