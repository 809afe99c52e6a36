package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.ReplyListener;
import io.paxoslog.service.Entry;
import io.paxoslog.service.MapFormat;
import io.paxoslog.service.MapStateMachine;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Reads of each kind on real nodes that keep a map. */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class ReadNodesTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final int ASK_MS = 500;
    private static final List<ReadMode> BUILT =
            List.of(
                    ReadMode.LOG,
                    ReadMode.READ_INDEX,
                    ReadMode.FOLLOWER,
                    ReadMode.QUORUM,
                    ReadMode.AT_LEAST,
                    ReadMode.STALE);

    @TempDir Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static long put(PaxosClient client, String key, String value) {
        Appended put = client.append(MapFormat.put(bytes(key), bytes(value)), LONG);
        assertThat(put.reply()).containsExactly(MapFormat.DONE);
        return put.slot();
    }

    private static String get(PaxosClient client, ReadMode mode, long slot, String key) {
        return text(client.read(mode, slot, MapFormat.get(bytes(key)), LONG));
    }

    private static String text(ReadAnswer answer) {
        byte[] bytes = answer.bytes();
        return bytes[0] == MapFormat.ABSENT ? null : new String(bytes, 1, bytes.length - 1, UTF_8);
    }

    private static PaxosClient connect(TestNodes nodes) {
        return PaxosClient.connect(
                ClientConfig.of(nodes.addresses()), (sequence, slot, reply, offset, length) -> {});
    }

    private TestNodes threeMaps() {
        TestNodes nodes = new TestNodes(directory, 3, Map.of(Settings.DURABILITY, "async"));
        nodes.startAll(MapStateMachine::new);
        return nodes;
    }

    @Test
    void eachKindShowsWhatItsClientHasWritten() {
        try (TestNodes nodes = threeMaps()) {
            nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                for (ReadMode mode : BUILT) {
                    String key = mode.name();
                    boolean isFresh = mode.isLinearizable();
                    long written = put(client, key, "1");
                    assertThat(get(client, mode, isFresh ? 0 : written, key)).isEqualTo("1");
                    written = put(client, key, "2");
                    ReadAnswer answer =
                            client.read(
                                    mode, isFresh ? 0 : written, MapFormat.get(bytes(key)), LONG);
                    assertThat(text(answer)).as(mode.name()).isEqualTo("2");
                    assertThat(answer.slot()).isGreaterThanOrEqualTo(written);
                }
            }
        }
    }

    /** Only what goes through the log takes slots, but for a sign of life now and then. */
    @Test
    void readsTakeNoSlots() {
        int reads = 50;
        try (TestNodes nodes = threeMaps()) {
            nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                long written = put(client, "k", "1");
                for (ReadMode mode : BUILT) {
                    for (int i = 0; i < reads && mode != ReadMode.LOG; i++) {
                        get(client, mode, 0, "k");
                    }
                }
                long behind = put(client, "k", "2");
                assertThat(behind).isBetween(written + 1, written + reads);
                for (int i = 0; i < reads; i++) {
                    get(client, ReadMode.LOG, 0, "k");
                }
                assertThat(put(client, "k", "3")).isGreaterThan(behind + reads);
            }
        }
    }

    @Test
    void readsOfAnyNodeGoToTheOneThatWasNamed() {
        try (TestNodes nodes = threeMaps()) {
            int leader = nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                long written = put(client, "k", "1");
                for (int id = 1; id <= 3; id++) {
                    client.readFrom(nodes.addresses().get(id - 1));
                    assertThat(get(client, ReadMode.AT_LEAST, written, "k")).isEqualTo("1");
                    assertThat(get(client, ReadMode.FOLLOWER, 0, "k")).isEqualTo("1");
                }
                int other = leader % 3 + 1;
                client.readFrom(nodes.addresses().get(other - 1));
                nodes.stop(other);
                byte[] query = MapFormat.get(bytes("k"));
                assertThatThrownBy(() -> client.read(ReadMode.STALE, 0, query, SHORT))
                        .isInstanceOfSatisfying(
                                ClientException.class,
                                e -> assertThat(e.error()).isEqualTo(ClientError.READ_TIMED_OUT));
                client.readFrom(null);
                assertThat(get(client, ReadMode.STALE, 0, "k")).isEqualTo("1");
            }
        }
    }

    @Test
    void aSlotThatIsFarAwayIsWaitedForUntilTheDeadlineAndNoLonger() {
        try (TestNodes nodes = threeMaps()) {
            nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                long written = put(client, "k", "1");
                byte[] query = MapFormat.get(bytes("k"));
                assertThatThrownBy(
                                () -> client.read(ReadMode.AT_LEAST, written + 1_000, query, SHORT))
                        .isInstanceOfSatisfying(
                                ClientException.class,
                                e -> assertThat(e.error()).isEqualTo(ClientError.READ_TIMED_OUT))
                        .hasMessageContaining("is not applied on this node yet");
                assertThat(client.unansweredReads()).isZero();
            }
        }
    }

    /** Who grants says so, and so does who holds one, as long as it does. */
    @Test
    void aLeaseIsHeldByTheLeaderAloneAndOnlyWhileOthersGrantIt() {
        Map<Setting<?>, Object> settings =
                Map.of(Settings.DURABILITY, "async", Settings.LEASE_MS, 150);
        try (TestNodes nodes = new TestNodes(directory, 3, settings)) {
            nodes.startAll(MapStateMachine::new);
            nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                put(client, "k", "1");
                assertThat(get(client, ReadMode.LEASE, 0, "k")).isEqualTo("1");
                nodes.await("a lease", () -> holders(nodes).size() == 1);
                for (NodeReport report : PaxosStatus.ask(nodes.addresses(), ASK_MS)) {
                    assertThat(report.leases().ms()).isEqualTo(150);
                }
                int holder = holders(nodes).get(0);
                nodes.stop(holder % 3 + 1);
                assertThat(get(client, ReadMode.LEASE, 0, "k")).isEqualTo("1");
                nodes.stop((holder + 1) % 3 + 1);
                nodes.await("no lease", () -> holders(nodes).isEmpty());
            }
        }
    }

    private static List<Integer> holders(TestNodes nodes) {
        return PaxosStatus.ask(nodes.addresses(), ASK_MS).stream()
                .filter(report -> report.leases().isHeld())
                .map(NodeReport::node)
                .toList();
    }

    /** Many in flight, each answered once, over a change of the leader. */
    @Test
    void readsGoOnWhenTheLeaderStops() {
        try (TestNodes nodes = threeMaps()) {
            int leader = nodes.awaitLeader();
            Answers answers = new Answers();
            try (PaxosClient client =
                    PaxosClient.connect(ClientConfig.of(nodes.addresses()), answers)) {
                // What any node may answer as it is shows that only once all have applied it.
                nodes.awaitApplied(put(client, "k", "1"));
                UnsafeBuffer query = new UnsafeBuffer(MapFormat.get(bytes("k")));
                int asked = 0;
                for (int i = 0; i < 600; i++) {
                    for (ReadMode mode : BUILT) {
                        long read = client.read(mode, 0, 30_000, query, 0, query.capacity());
                        asked += read > 0 ? 1 : 0;
                    }
                    client.poll();
                    if (i == 300) {
                        nodes.stop(leader);
                    }
                }
                int all = asked;
                nodes.await(
                        "all answered",
                        () -> {
                            client.poll();
                            return client.unansweredReads() == 0;
                        });
                assertThat(asked).isGreaterThan(3_000);
                assertThat(answers.failures).isEmpty();
                assertThat(answers.counts).hasSize(all);
                assertThat(answers.counts.values()).containsOnly(1);
            }
        }
    }

    private static final class Answers implements ReplyListener {
        final Map<Long, Integer> counts = new TreeMap<>();
        final List<String> failures = new ArrayList<>();

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {}

        @Override
        public void onRead(long read, long slot, DirectBuffer answer, int offset, int length) {
            counts.merge(read, 1, Integer::sum);
            if (answer.getByte(offset) != MapFormat.DONE) {
                failures.add(read + " answered with " + answer.getByte(offset));
            }
        }

        @Override
        public void onReadFailed(long read, ClientError why, String about) {
            failures.add(read + " " + why + " " + about);
        }
    }

    @Test
    void readsWithoutALeaderFailInTimeAndThoseThatNeedNoneGoOn() {
        try (TestNodes nodes = threeMaps()) {
            int leader = nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                long written = put(client, "k", "1");
                nodes.awaitApplied(written);
                nodes.stop(leader);
                nodes.stop(leader % 3 + 1);
                assertThat(get(client, ReadMode.STALE, 0, "k")).isEqualTo("1");
                assertThat(get(client, ReadMode.AT_LEAST, written, "k")).isEqualTo("1");
                byte[] query = MapFormat.get(bytes("k"));
                for (ReadMode mode : BUILT) {
                    if (mode.isLinearizable()) {
                        assertThatThrownBy(() -> client.read(mode, 0, query, SHORT))
                                .as(mode.name())
                                .isInstanceOfSatisfying(
                                        ClientException.class,
                                        e ->
                                                assertThat(e.error())
                                                        .isEqualTo(ClientError.READ_TIMED_OUT));
                    }
                }
            }
        }
    }

    @Test
    void aStateMachineWithoutQueriesSaysSo() {
        try (TestNodes nodes = new TestNodes(directory, 1, Map.of())) {
            nodes.startAll();
            nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                for (ReadMode mode : BUILT) {
                    assertThatThrownBy(() -> client.read(mode, 0, new byte[1], LONG))
                            .isInstanceOfSatisfying(
                                    ClientException.class,
                                    e -> assertThat(e.error()).isEqualTo(ClientError.NO_QUERIES));
                }
            }
        }
    }

    /** Throws, or does not return, where a query says so. */
    private static final class Moody implements StateMachine {
        private final CountDownLatch goOn;

        Moody(CountDownLatch goOn) {
            this.goOn = goOn;
        }

        @Override
        public void apply(Entry entry, Reply reply) {}

        @Override
        public void query(Query query, Reply answer) {
            String text = query.buffer().getStringWithoutLengthUtf8(query.offset(), query.length());
            if (text.equals("bad")) {
                throw new IllegalStateException("no such account");
            }
            if (text.equals("stuck")) {
                awaitUninterruptibly();
            }
        }

        private void awaitUninterruptibly() {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void anExceptionInAQueryFailsThatReadOnly() {
        try (TestNodes nodes = new TestNodes(directory, 1, Map.of())) {
            nodes.startAll(() -> new Moody(new CountDownLatch(0)));
            nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                for (ReadMode mode : BUILT) {
                    assertThatThrownBy(() -> client.read(mode, 0, bytes("bad"), LONG))
                            .isInstanceOfSatisfying(
                                    ClientException.class,
                                    e -> assertThat(e.error()).isEqualTo(ClientError.QUERY_FAILED))
                            .hasMessageContaining("IllegalStateException: no such account");
                    assertThat(client.read(mode, 0, bytes("good"), LONG).bytes()).isEmpty();
                }
                client.append(new byte[1], LONG);
            }
            assertThat(nodes.running().get(0).appliedIndex()).isPositive();
        }
    }

    /** Its client and all behind it hear so in time, and the cluster goes on. */
    @Test
    void aQueryThatDoesNotReturnCostsItsNodeNothingButWhatIsApplied() {
        CountDownLatch goOn = new CountDownLatch(1);
        try (TestNodes nodes = new TestNodes(directory, 3, Map.of(Settings.DURABILITY, "async"))) {
            nodes.startAll(() -> new Moody(goOn));
            int leader = nodes.awaitLeader();
            try (PaxosClient client = connect(nodes)) {
                client.append(new byte[1], LONG);
                int stuck = leader % 3 + 1;
                client.readFrom(nodes.addresses().get(stuck - 1));
                for (String query : List.of("stuck", "good")) {
                    assertThatThrownBy(() -> client.read(ReadMode.STALE, 0, bytes(query), SHORT))
                            .isInstanceOfSatisfying(
                                    ClientException.class,
                                    e ->
                                            assertThat(e.error())
                                                    .isEqualTo(ClientError.READ_TIMED_OUT))
                            .hasMessageContaining("the state machine is busy");
                }
                long last = client.append(new byte[1], LONG).slot();
                client.readFrom(nodes.addresses().get(leader - 1));
                assertThat(client.read(ReadMode.READ_INDEX, 0, bytes("good"), LONG).slot())
                        .isGreaterThanOrEqualTo(last);
                assertThat(nodes.running().get(stuck - 1).appliedIndex()).isLessThan(last);
                goOn.countDown();
                nodes.awaitApplied(last);
                client.readFrom(nodes.addresses().get(stuck - 1));
                assertThat(client.read(ReadMode.AT_LEAST, last, bytes("good"), LONG).slot())
                        .isGreaterThanOrEqualTo(last);
            }
        } finally {
            goOn.countDown();
        }
    }
}
