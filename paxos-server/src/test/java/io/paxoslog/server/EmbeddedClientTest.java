package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.RefusedException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.client.UnknownOutcomeException;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client in the process of a node. */
@Timeout(120)
@Isolated
class EmbeddedClientTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path directory;

    private TestNodes nodes(int count) {
        return nodes(count, Map.of());
    }

    private TestNodes nodes(int count, Map<Setting<?>, Object> others) {
        Map<Setting<?>, Object> settings = new HashMap<>(TestNodes.SMALL_FILES);
        settings.putAll(others);
        return new TestNodes(directory, count, settings);
    }

    private static byte[] command(int number) {
        return ("command " + number).getBytes(UTF_8);
    }

    private static List<String> commands(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(n -> "command " + n).toList();
    }

    /** What a node has applied, without the slots. */
    private static List<String> applied(TestNodes nodes, int id) {
        return nodes.applied(id).stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static List<CompletableFuture<Appended>> appendAll(
            SharedClient client, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(n -> client.appendAsync(command(n), LONG))
                .toList();
    }

    /**
     * Files of clients' media drivers that this process has mapped, with the address of each: those
     * of clients before may take a while to go.
     */
    private static List<String> networksOfClients() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(map -> map.contains("paxoslog-media-client-")).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void besideTheLeaderNothingGoesThroughTheNetwork() {
        List<String> before = networksOfClients();
        try (TestNodes nodes = nodes(1)) {
            PaxosNode node = nodes.start(1);
            try (SharedClient client = node.connect()) {
                assertThat(client.append(command(1), LONG).slot()).isPositive();
                List<CompletableFuture<Appended>> replies = appendAll(client, 2, 500);
                assertThat(replies).extracting(CompletableFuture::join).isNotEmpty();
                assertThat(replies.stream().map(reply -> reply.join().slot())).isSorted();
                assertThat(client.leader()).isEqualTo(1);
                assertThat(before).containsAll(networksOfClients());
            }
            assertThat(applied(nodes, 1)).containsExactlyElementsOf(commands(1, 500));
        }
    }

    @Test
    void manyThreadsBesideTheLeader() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (TestNodes nodes = nodes(1);
                SharedClient client = nodes.start(1).connect()) {
            List<Future<?>> appending = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int first = 1 + 50 * t;
                appending.add(
                        threads.submit(
                                () -> {
                                    for (int n = first; n < first + 50; n++) {
                                        client.append(command(n), LONG);
                                    }
                                }));
            }
            for (Future<?> some : appending) {
                some.get();
            }
            assertThat(applied(nodes, 1)).containsExactlyInAnyOrderElementsOf(commands(1, 800));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void besideAFollowerItGoesToWhoLeads() {
        try (TestNodes nodes = nodes(3)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            PaxosNode follower = notThe(leader, nodes);
            try (SharedClient client = follower.connect()) {
                appendAll(client, 1, 50).forEach(CompletableFuture::join);
                assertThat(client.leader()).isEqualTo(leader);
                nodes.stop(leader);
                List<CompletableFuture<Appended>> more = appendAll(client, 51, 100);
                more.forEach(CompletableFuture::join);
                assertThat(client.leader()).isNotEqualTo(leader);
                assertAppliedOnce(nodes, follower, commands(1, 100));
            }
        }
    }

    private static PaxosNode notThe(int leader, TestNodes nodes) {
        return nodes.running().stream().filter(node -> node.id() != leader).findAny().orElseThrow();
    }

    private static void assertAppliedOnce(TestNodes nodes, PaxosNode node, List<String> commands) {
        nodes.await("all applied", () -> nodes.applied(node.id()).size() >= commands.size());
        assertThat(applied(nodes, node.id())).containsExactlyElementsOf(commands);
    }

    @Test
    void whenItsNodeStopsItGoesOnWithTheOthers() {
        try (TestNodes nodes = nodes(3)) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            PaxosNode own =
                    nodes.running().stream()
                            .filter(node -> node.id() == leader)
                            .findAny()
                            .orElseThrow();
            try (SharedClient client = own.connect()) {
                List<CompletableFuture<Appended>> replies =
                        new ArrayList<>(appendAll(client, 1, 100));
                nodes.stop(leader);
                replies.addAll(appendAll(client, 101, 200));
                replies.forEach(CompletableFuture::join);
                assertThat(client.leader()).isNotEqualTo(leader);
                assertAppliedOnce(nodes, notThe(leader, nodes), commands(1, 200));
            }
        }
    }

    @Test
    void whenTheOnlyNodeStopsEveryFutureEndsAndSoDoesTheClient() {
        try (TestNodes nodes = nodes(1)) {
            PaxosNode node = nodes.start(1);
            SharedClient client = node.connect();
            client.append(command(1), LONG);
            nodes.stop(1);
            CompletableFuture<Appended> late =
                    client.appendAsync(command(2), Duration.ofMillis(500));
            ClientException failure = failureOf(late);
            assertThat(failure)
                    .isInstanceOfAny(RefusedException.class, UnknownOutcomeException.class);
            CompletableFuture<Appended> open = client.appendAsync(command(3), LONG);
            client.close();
            assertThat(failureOf(open).error()).isEqualTo(ClientError.CLOSED);
            assertThatThrownBy(
                            () ->
                                    node.connect(
                                            node.clientConfig()
                                                    .withConnectTimeout(LONG.dividedBy(100))))
                    .isInstanceOf(ClientException.class)
                    .extracting(e -> ((ClientException) e).error())
                    .isIn(ClientError.NO_ANSWER, ClientError.NO_LEADER);
        }
        // Other class loaders, with bugs in them, may have left some.
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getContextClassLoader() == own)
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("paxos-client"));
    }

    private static ClientException failureOf(CompletableFuture<?> future) {
        return (ClientException) Assertions.catchThrowable(future::join).getCause();
    }

    @Test
    void largestCommandsPassAndLargerOnesAreRefused() {
        int largest = 128 << 10;
        try (TestNodes nodes =
                        nodes(
                                1,
                                Map.of(
                                        Settings.COMMAND_BYTES,
                                        largest,
                                        Settings.BATCH_BYTES,
                                        256 << 10,
                                        Settings.SEGMENT_BYTES,
                                        8 << 20));
                SharedClient client = nodes.start(1).connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.append(new byte[largest], LONG).slot()).isPositive();
            }
            assertThatThrownBy(() -> client.append(new byte[largest + 1], LONG))
                    .isInstanceOf(RefusedException.class)
                    .extracting(e -> ((ClientException) e).error())
                    .isEqualTo(ClientError.TOO_LARGE);
            assertThat(client.append(command(1), LONG).slot()).isPositive();
        }
    }

    @Test
    void countsAsAnyClientOfTheNode() {
        try (TestNodes nodes = nodes(1, Map.of(Settings.CLIENTS, 1))) {
            PaxosNode node = nodes.start(1);
            try (SharedClient client = node.connect()) {
                client.append(command(1), LONG);
                assertThatThrownBy(
                                () ->
                                        node.connect(
                                                node.clientConfig()
                                                        .withConnectTimeout(Duration.ofSeconds(1))))
                        .isInstanceOf(ClientException.class)
                        .extracting(e -> ((ClientException) e).error())
                        .isEqualTo(ClientError.CLIENT_REFUSED);
            }
            try (SharedClient client = node.connect()) {
                client.append(command(2), LONG);
            }
            assertThat(applied(nodes, 1)).containsExactlyElementsOf(commands(1, 2));
        }
    }

    private static final List<ReadMode> MODES =
            Arrays.stream(ReadMode.values()).filter(mode -> mode != ReadMode.LEASE).toList();

    /** Takes every command, and says to each query which node answers. */
    private static StateMachine named(int id) {
        return new StateMachine() {
            @Override
            public void apply(Entry entry, Reply reply) {}

            @Override
            public void query(Query query, Reply answer) {
                answer.resize(Integer.BYTES).putInt(0, id, ByteOrder.LITTLE_ENDIAN);
            }
        };
    }

    private static int reader(ReadAnswer answer) {
        return ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    @Test
    void besideTheLeaderReadsOfEveryModeGoThroughMemory() {
        List<String> before = networksOfClients();
        try (TestNodes nodes = nodes(1)) {
            nodes.startAll(EmbeddedClientTest::named);
            try (SharedClient client = nodes.running().get(0).connect()) {
                long written = client.append(command(1), LONG).slot();
                for (ReadMode mode : MODES) {
                    ReadAnswer answer = client.read(mode, written, command(1), LONG);
                    assertThat(reader(answer)).as(mode.name()).isEqualTo(1);
                    assertThat(answer.slot()).isGreaterThanOrEqualTo(written);
                }
                assertThat(before).containsAll(networksOfClients());
            }
        }
    }

    /** Those that any node answers; the others go to whoever leads. */
    @Test
    void besideAFollowerItsOwnNodeAnswersWhatAnyNodeMay() {
        try (TestNodes nodes = nodes(3)) {
            nodes.startAll(EmbeddedClientTest::named);
            int leader = nodes.awaitLeader();
            PaxosNode own = notThe(leader, nodes);
            try (SharedClient client = own.connect()) {
                long written = client.append(command(1), LONG).slot();
                for (int i = 0; i < 20; i++) {
                    for (ReadMode mode : MODES) {
                        ReadAnswer answer = client.read(mode, written, command(1), LONG);
                        assertThat(reader(answer))
                                .as(mode.name())
                                .isEqualTo(mode.isOfLeader() ? leader : own.id());
                    }
                }
                client.readFrom(nodes.addresses().get(leader - 1));
                assertThat(reader(client.read(ReadMode.STALE, 0, command(1), LONG)))
                        .isEqualTo(leader);
                client.readFrom(null);
                nodes.await(
                        "its own node again",
                        () -> own.id() == reader(client.read(ReadMode.STALE, 0, command(1), LONG)));
            }
        }
    }

    @Test
    void whenItsNodeStopsReadsGoOnWithTheOthers() {
        try (TestNodes nodes = nodes(3)) {
            nodes.startAll(EmbeddedClientTest::named);
            nodes.awaitLeader();
            PaxosNode own = nodes.running().get(0);
            try (SharedClient client = own.connect()) {
                long written = client.append(command(1), LONG).slot();
                List<CompletableFuture<ReadAnswer>> answers = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    MODES.forEach(m -> answers.add(client.readAsync(m, written, command(1), LONG)));
                    if (i == 25) {
                        nodes.stop(own.id());
                    }
                }
                assertThat(answers).allMatch(answer -> answer.join().slot() >= written);
                for (ReadMode mode : MODES) {
                    assertThat(reader(client.read(mode, 0, command(1), LONG)))
                            .isNotEqualTo(own.id());
                }
            }
        }
    }

    /** A query that asks its own node would wait for itself. */
    @Test
    void fromWithinAQueryWhatWouldWaitIsRefused() {
        AtomicReference<SharedClient> own = new AtomicReference<>();
        List<String> seen = new ArrayList<>();
        try (TestNodes nodes = nodes(1)) {
            nodes.startAll(
                    id ->
                            new StateMachine() {
                                @Override
                                public void apply(Entry entry, Reply reply) {}

                                @Override
                                public void query(Query query, Reply answer) {
                                    seen.add(nameOf(() -> ask(own.get())));
                                }
                            });
            try (SharedClient client = nodes.running().get(0).connect()) {
                own.set(client);
                client.read(ReadMode.READ_INDEX, 0, command(1), LONG);
                assertThat(seen).containsExactly("IllegalStateException");
            }
        }
    }

    private static void ask(SharedClient client) {
        assertThat(client.read(ReadMode.STALE, 0, command(1), LONG)).isNotNull();
    }

    /** What a state machine does with a client of its own node never waits for itself. */
    @ParameterizedTest
    @EnumSource(Apply.class)
    void fromWithinApplyWhatWouldWaitIsRefused(Apply apply) {
        AtomicReference<PaxosNode> self = new AtomicReference<>();
        AtomicReference<SharedClient> own = new AtomicReference<>();
        List<String> seen = new ArrayList<>();
        try (TestNodes nodes = nodes(1, Map.of(Settings.APPLY, apply))) {
            nodes.startAll(
                    () ->
                            (entry, reply) -> {
                                if (seen.isEmpty()) {
                                    seen.add(nameOf(() -> self.get().connect()));
                                    seen.add(nameOf(() -> own.get().append(command(2), LONG)));
                                    seen.add(nameOf(() -> ask(own.get())));
                                    seen.add(nameOf(() -> say(own.get())));
                                    seen.add(nameOf(() -> own.get().close()));
                                }
                            });
            PaxosNode node = nodes.running().get(0);
            self.set(node);
            try (SharedClient client = node.connect();
                    SharedClient closed = node.connect()) {
                own.set(closed);
                client.append(command(1), LONG);
                assertThat(seen)
                        .containsExactly(
                                "IllegalStateException",
                                "IllegalStateException",
                                "IllegalStateException",
                                "done",
                                "done");
                nodes.await("closed", () -> closed.endedBy() == ClientError.CLOSED);
            }
        }
    }

    /** What becomes of it the close decides. */
    private static void say(SharedClient client) {
        assertThat(client.appendAsync(command(3), LONG)).isNotNull();
        assertThat(client.readAsync(ReadMode.STALE, 0, command(3), LONG)).isNotNull();
    }

    private static String nameOf(Runnable call) {
        try {
            call.run();
            return "done";
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName();
        }
    }
}
