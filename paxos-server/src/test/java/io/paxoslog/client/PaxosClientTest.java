package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.gateway.GatewayConfig;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.SessionTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against real gateways over UDP, with a log that does what the test wants. */
class PaxosClientTest {
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final Replies replies = new Replies();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
    }

    private FakeCluster cluster(int size) {
        FakeCluster cluster = new FakeCluster(size);
        toClose.add(cluster);
        return cluster;
    }

    /** Nothing is sent again for want of time: what these tests show must not need it. */
    private static ClientConfig config(List<String> members) {
        return ClientConfig.of(members).withTimeouts(250, 600_000, 10_000);
    }

    private PaxosClient client(ClientConfig config) {
        PaxosClient client = PaxosClient.start(config, replies);
        toClose.add(client::abandon);
        return client;
    }

    private PaxosClient connected(FakeCluster cluster) {
        PaxosClient client = client(config(cluster.addresses()));
        cluster.runUntil(client::isConnected, client);
        return client;
    }

    private static long offer(PaxosClient client, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return client.offer(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private static void offerAll(PaxosClient client, int from, int to) {
        for (int i = from; i <= to; i++) {
            assertThat(offer(client, "c" + i)).isEqualTo(i);
        }
    }

    private static List<String> commands(int last) {
        return LongStream.rangeClosed(1, last).mapToObj(i -> "c" + i).toList();
    }

    private void assertAllAnsweredOnce(FakeCluster cluster, int node, int last) {
        assertThat(replies.sequences).isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
        assertThat(replies.slots).isSorted().doesNotHaveDuplicates();
        assertThat(cluster.node(node).effects).isEqualTo(commands(last));
    }

    @Test
    void getsEachReplyOnceAndInOrder() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        offerAll(client, 1, 3_000);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 1, 3_000);
        assertThat(replies.bytes).allMatch(bytes -> bytes == Long.BYTES);
    }

    @Test
    void commandsOfOnePollTravelTogether() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        int before = cluster.node(1).proposals;
        offerAll(client, 1, 1_000);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(cluster.node(1).proposals - before).isLessThan(20);
    }

    @Test
    void takesCommandsBeforeItIsConnected() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = client(config(cluster.addresses()));
        offerAll(client, 1, 10);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 1, 10);
    }

    @Test
    void aCommandThatThereIsNoRoomForIsNotTakenAndDidNotHappen() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        offerAll(client, 1, 10);
        cluster.runUntil(() -> client.unanswered() == 0, client);

        cluster.beFull(true);
        cluster.runUntil(() -> !client.isConnected(), client);
        cluster.runUntil(() -> offer(client, "no") < 0, client);

        assertThat(ClientError.of(offer(client, "no"))).isEqualTo(ClientError.DISK_FULL);
        int inFlight = client.unanswered();
        assertThat(ClientError.of(offer(client, "no"))).isEqualTo(ClientError.DISK_FULL);
        assertThat(client.unanswered()).isEqualTo(inFlight);
        cluster.beFull(false);
        cluster.runUntil(() -> client.unanswered() == 0 && client.isConnected(), client);
        long next = offer(client, "yes");
        assertThat(next).isEqualTo(10 + inFlight + 1);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(cluster.node(1).effects).hasSize((int) next).endsWith("yes");
    }

    @Test
    void whatAFullLeaderSaidDoesNotHoldOnceItIsGone() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        cluster.beFull(true);
        cluster.runUntil(() -> offer(client, "no") < 0, client);
        int before = client.unanswered();

        cluster.node(1).close();
        cluster.runUntil(() -> offer(client, "kept") > 0, client);

        assertThat(client.unanswered()).isEqualTo(before + 1);
    }

    @Test
    void followsARedirectToAMemberItWasNotGiven() {
        FakeCluster cluster = cluster(2);
        cluster.lead(2);
        PaxosClient client = client(config(cluster.addresses().subList(0, 1)));
        cluster.runUntil(client::isConnected, client);
        assertThat(client.leader()).isEqualTo(2);
        offerAll(client, 1, 1);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 2, 1);
    }

    @Test
    void goesOnWithMembersItWasNotGivenWhenTheOneItWasIsGone() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = client(config(cluster.addresses().subList(0, 1)));
        cluster.runUntil(client::isConnected, client);
        offerAll(client, 1, 1);
        cluster.runUntil(() -> client.unanswered() == 0, client);

        cluster.node(1).close();
        cluster.lead(3);
        offerAll(client, 2, 2);

        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 3, 2);
    }

    /** Only its way to the leader is cut. */
    @Test
    void saysWhoLeadsThatDoesNotAnswerHere() {
        FakeCluster cluster = cluster(2);
        PaxosClient client = connected(cluster);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        toClose.add(cluster.cutOff(1));
        assertThatThrownBy(() -> client.append("a".getBytes(UTF_8), 3_000))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        e -> assertThat(e.error()).isEqualTo(ClientError.TIMED_OUT))
                .hasMessageContaining(
                        "node 1 at %s leads, as node 2 says, and does not answer this client"
                                .formatted(cluster.addresses().get(0)));
        assertThatThrownBy(
                        () ->
                                PaxosClient.connect(
                                        config(cluster.addresses())
                                                .withTimeouts(250, 600_000, 2_000),
                                        replies))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        e -> assertThat(e.error()).isEqualTo(ClientError.NO_LEADER))
                .hasMessageContaining("as node 2 says");
    }

    /** Sessions of clients that are not heard for a second and a half end. */
    private FakeCluster clusterWhereSessionsExpire(int size) {
        SessionLimits limits =
                new SessionLimits(4, 100, 1024, 64 * 1024)
                        .with(new SessionTimes(1_500, 400, 300, 50));
        FakeCluster cluster = new FakeCluster(size, limits, GatewayConfig.DEFAULT).withExpiry();
        toClose.add(cluster);
        return cluster;
    }

    private static void rest(FakeCluster cluster, int ms, PaxosClient... clients) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        cluster.runUntil(() -> System.nanoTime() - until >= 0, clients);
    }

    @Test
    void anIdleClientKeepsItsSession() {
        FakeCluster cluster = clusterWhereSessionsExpire(1);
        PaxosClient client = connected(cluster);
        rest(cluster, 4_000, client);
        assertThat(cluster.node(1).applier().session(client.sessionId())).isNotNull();
        offerAll(client, 1, 1);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(replies.unknown).isEmpty();
    }

    @Test
    void anIdleClientKeepsItsSessionAtTheNextLeader() {
        FakeCluster cluster = clusterWhereSessionsExpire(2);
        PaxosClient client = connected(cluster);
        rest(cluster, 500, client);
        // Frozen, so that nothing tells but its silence.
        cluster.node(1).isUp = false;
        cluster.lead(2);
        rest(cluster, 4_000, client);
        assertThat(client.leader()).isEqualTo(2);
        assertThat(cluster.node(2).applier().session(client.sessionId())).isNotNull();
    }

    @Test
    void anIdleClientKeepsItsSessionAtALeaderThatLeadsAnew() {
        FakeCluster cluster = clusterWhereSessionsExpire(1);
        PaxosClient client = connected(cluster);
        rest(cluster, 500, client);
        cluster.lead(1);
        rest(cluster, 4_000, client);
        assertThat(cluster.applier(1).session(client.sessionId())).isNotNull();
    }

    @Test
    void theSessionOfAClientThatDiedIsGone() {
        FakeCluster cluster = clusterWhereSessionsExpire(1);
        PaxosClient dead = connected(cluster);
        PaxosClient alive = connected(cluster);
        dead.abandon();
        cluster.runUntil(() -> cluster.node(1).applier().sessionCount() == 1, alive);
        assertThat(cluster.node(1).applier().session(alive.sessionId())).isNotNull();
    }

    @Test
    void sendsWhatIsUnansweredToTheNextLeader() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        offerAll(client, 1, 50);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        cluster.choose(false);
        offerAll(client, 51, 100);
        cluster.runUntil(() -> !cluster.node(1).open.isEmpty(), client);
        cluster.node(1).close();
        cluster.loseOpen();
        cluster.choose(true);
        cluster.lead(2);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 2, 100);
        assertThat(client.leader()).isEqualTo(2);
    }

    @Test
    void commandsThatSurvivedTheLeaderTakeEffectOnce() {
        FakeCluster cluster = cluster(3);
        PaxosClient client = connected(cluster);
        cluster.choose(false);
        offerAll(client, 1, 50);
        cluster.runUntil(() -> !cluster.node(1).open.isEmpty(), client);
        cluster.node(1).close();
        cluster.choose(true);
        // Node 2 finds them in its own log, and hears them again from the client.
        cluster.node(2).open.addAll(cluster.node(1).open);
        cluster.node(1).open.clear();
        cluster.lead(2);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 2, 50);
        assertThat(cluster.lastSlot()).isGreaterThan(52 + 40);
    }

    @Test
    void fillsTheGapThatAnElectionLeft() {
        FakeCluster cluster = cluster(2);
        // Not because the leader seems silent, and the session is resumed.
        PaxosClient client = client(config(cluster.addresses()).withSilence(Duration.ofMinutes(1)));
        cluster.runUntil(client::isConnected, client);
        cluster.choose(false);
        offerAll(client, 1, 10);
        cluster.runUntil(() -> cluster.node(1).open.size() == 1, client);
        offerAll(client, 11, 20);
        cluster.runUntil(() -> cluster.node(1).open.size() == 2, client);
        cluster.loseFirstOpen(1);
        cluster.choose(true);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 1, 20);
    }

    @Test
    void windowIsBoundedInCommands() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = client(config(cluster.addresses()).withWindow(8));
        offerAll(client, 1, 8);
        assertThat(ClientError.of(offer(client, "c9"))).isEqualTo(ClientError.WINDOW_FULL);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(offer(client, "c9")).isEqualTo(9);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 1, 9);
    }

    @Test
    void windowIsBoundedInBytes() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = client(config(cluster.addresses()).withWindowBytes(1024));
        UnsafeBuffer command = new UnsafeBuffer(new byte[508]);
        assertThat(client.offer(command, 0, 508)).isEqualTo(1);
        assertThat(client.offer(command, 0, 508)).isEqualTo(2);
        assertThat(ClientError.of(offer(client, "x"))).isEqualTo(ClientError.WINDOW_FULL);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(offer(client, "x")).isEqualTo(3);
    }

    @Test
    void takesTheLargestCommandAndRefusesOneByteMore() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        int largest = GatewayConfig.DEFAULT.maxCommandBytes();
        UnsafeBuffer command = new UnsafeBuffer(new byte[largest + 1]);
        assertThat(ClientError.of(client.offer(command, 0, largest + 1)))
                .isEqualTo(ClientError.TOO_LARGE);
        assertThat(client.offer(command, 0, largest)).isEqualTo(1);
        assertThat(client.offer(command, 0, 0)).isEqualTo(2);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(cluster.node(1).effects.get(0)).hasSize(largest);
        assertThat(cluster.node(1).effects.get(1)).isEmpty();
    }

    /** More than the usual terms carry, on each of the three ways: command, reply and tail. */
    @Test
    void whatTheClusterTakesItsClientsCanSendAndRead() {
        int largest = 1 << 20;
        FakeCluster cluster = clusterThatTakes(largest, SessionLimits.DEFAULT);
        PaxosClient client = connected(cluster);
        UnsafeBuffer command = new UnsafeBuffer(new byte[largest + 1]);
        assertThat(client.offer(command, 0, 900_000)).isEqualTo(1);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(client.offer(command, 0, largest)).isEqualTo(2);
        assertThat(ClientError.of(client.offer(command, 0, largest + 1)))
                .isEqualTo(ClientError.TOO_LARGE);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(cluster.node(1).effects)
                .extracting(String::length)
                .containsExactly(900_000, largest);
        List<Integer> read = new ArrayList<>();
        try (PaxosTail tail =
                PaxosTail.open(
                        config(cluster.addresses()),
                        1,
                        false,
                        (s, b, o, length) -> read.add(length))) {
            cluster.runUntil(
                    () -> {
                        tail.poll();
                        return tail.isDone();
                    },
                    client);
        }
        assertThat(read).containsExactly(900_000, largest);
    }

    private FakeCluster clusterThatTakes(int commandBytes, SessionLimits limits) {
        GatewayConfig usual = GatewayConfig.DEFAULT;
        GatewayConfig config =
                new GatewayConfig(
                        usual.maxClients(),
                        commandBytes,
                        2 * commandBytes,
                        usual.fragmentsPerTurn(),
                        usual.tailBytesPerTurn(),
                        usual.clientTimeoutTicks());
        FakeCluster cluster = new FakeCluster(1, limits, config);
        toClose.add(cluster);
        return cluster;
    }

    /** In our own words, and before Aeron has to find it. */
    @Test
    void aCommandOfferedBeforeAnythingIsKnownIsRefusedOnceTheLimitIs() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = client(config(cluster.addresses()));
        assertThat(client.offer(new UnsafeBuffer(new byte[900_000]), 0, 900_000)).isEqualTo(1);
        cluster.runUntil(client::hasEnded, client);
        assertThat(client.endedBy()).isEqualTo(ClientError.TOO_LARGE);
        assertThat(replies.unknown).containsExactly("1..1 TOO_LARGE");
    }

    @Test
    void fullReplicaHoldsTheClientAndLosesNothing() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        cluster.take(false);
        offerAll(client, 1, 4_000);
        for (int i = 0; i < 200; i++) {
            cluster.turn();
            client.poll();
        }
        assertThat(replies.sequences).isEmpty();
        cluster.take(true);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 1, 4_000);
    }

    @Test
    void expiredSessionIsToldAndNothingIsSentAgain() {
        FakeCluster cluster = cluster(2);
        PaxosClient client = connected(cluster);
        offerAll(client, 1, 5);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        cluster.closeSession(client.sessionId());
        offerAll(client, 6, 8);
        cluster.runUntil(client::hasEnded, client);
        assertThat(client.endedBy()).isEqualTo(ClientError.SESSION_EXPIRED);
        assertThat(replies.unknown).containsExactly("6..8 SESSION_EXPIRED");
        assertThat(ClientError.of(offer(client, "c9"))).isEqualTo(ClientError.SESSION_EXPIRED);
        assertThat(cluster.node(1).effects).isEqualTo(commands(5));
    }

    @Test
    void closeReportsTheUnansweredAsUnknown() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        cluster.choose(false);
        offerAll(client, 1, 3);
        client.close();
        assertThat(replies.unknown).containsExactly("1..3 CLOSED");
        assertThat(ClientError.of(offer(client, "c4"))).isEqualTo(ClientError.CLOSED);
        assertThat(client.poll()).isZero();
    }

    @Test
    void sessionsBeyondTheLimitAreRefused() {
        SessionLimits one = new SessionLimits(1, 100, 1024, 64 * 1024);
        FakeCluster cluster = new FakeCluster(1, one, GatewayConfig.DEFAULT);
        toClose.add(cluster);
        PaxosClient first = connected(cluster);
        PaxosClient second = client(config(cluster.addresses()));
        cluster.runUntil(second::hasEnded, first, second);
        assertThat(second.endedBy()).isEqualTo(ClientError.SESSION_REFUSED);
    }

    @Test
    void serverLimitsNarrowTheWindow() {
        SessionLimits narrow = new SessionLimits(4, 16, 1024, 64 * 1024);
        FakeCluster cluster = new FakeCluster(1, narrow, GatewayConfig.DEFAULT);
        toClose.add(cluster);
        PaxosClient client = connected(cluster);
        offerAll(client, 1, 16);
        assertThat(ClientError.of(offer(client, "c17"))).isEqualTo(ClientError.WINDOW_FULL);
    }

    /** Each command sent beyond what may be in flight takes a slot for nothing. */
    @Test
    void limitsThatAreLoweredNarrowTheWindowOfSessionsThatAreOpen() {
        FakeCluster cluster = cluster(1);
        PaxosClient client = connected(cluster);
        cluster.choose(false);
        offerAll(client, 1, 200);
        cluster.runUntil(() -> cluster.node(1).lastSlot() - cluster.lastSlot() == 200, client);
        cluster.limit(new SessionLimits(4, 4, 1024, 1 << 20));
        cluster.choose(true);

        cluster.runUntil(() -> client.unanswered() == 0, client);

        assertAllAnsweredOnce(cluster, 1, 200);
        assertThat(cluster.lastSlot()).isLessThan(3 * 200);
        offerAll(client, 201, 204);
        assertThat(ClientError.of(offer(client, "c205"))).isEqualTo(ClientError.WINDOW_FULL);
    }

    @Test
    void brokenIngressIsToldAndNothingIsLost() {
        FakeCluster cluster = cluster(1);
        // Silence means nothing here: only what the node says can make the client send again.
        PaxosClient client =
                client(config(cluster.addresses()).withTimeouts(600_000, 600_000, 10_000));
        cluster.runUntil(client::isConnected, client);
        offerAll(client, 1, 10);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        // The client rests for longer than the node keeps an image that is silent.
        cluster.runUntil(() -> cluster.node(1).gateway.clientCount() == 0);
        offerAll(client, 11, 20);
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertAllAnsweredOnce(cluster, 1, 20);
    }

    @Test
    void halfAMessageIsDroppedWithItsImage() {
        FakeCluster cluster = cluster(1);
        PaxosClient client =
                client(config(cluster.addresses()).withTimeouts(600_000, 600_000, 10_000));
        cluster.runUntil(client::isConnected, client);
        byte[] large = "p".repeat(GatewayConfig.DEFAULT.maxCommandBytes()).getBytes(UTF_8);
        assertThat(client.offer(new UnsafeBuffer(large), 0, large.length)).isEqualTo(1);
        // More than the receiver's first window: the end of it waits for a sign from the node.
        client.poll();
        client.poll();
        cluster.runUntil(() -> cluster.node(1).gateway.clientCount() == 0);
        assertThat(cluster.node(1).effects).isEmpty();
        cluster.runUntil(() -> client.unanswered() == 0, client);
        assertThat(cluster.node(1).effects).containsExactly(new String(large, UTF_8));
        assertThat(replies.sequences).containsExactly(1L);
    }

    /** Notes what it hears. */
    private static final class Replies implements ReplyListener {
        final List<Long> sequences = new ArrayList<>();
        final List<Long> slots = new ArrayList<>();
        final List<Integer> bytes = new ArrayList<>();
        final List<String> unknown = new ArrayList<>();

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
            sequences.add(sequence);
            slots.add(slot);
            bytes.add(length);
        }

        @Override
        public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
            unknown.add(firstSequence + ".." + lastSequence + " " + why);
        }
    }
}
