package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.core.Role;
import io.paxoslog.media.HostNames;
import io.paxoslog.service.LogStateMachine;
import io.paxoslog.service.StateMachine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever user code does on a thread of the node: nothing hangs, and nothing ends in silence. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class UserCodeOnOurThreadsTest {
    private static final int TIMEOUT_MS = 30_000;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @TempDir Path directory;

    private NodeConfig config(Apply apply) {
        return NodeConfig.builder()
                .id(1)
                .members(TestNodes.freeMembers(1))
                .dir(directory)
                .apply(apply)
                .set(Settings.SEGMENT_BYTES, 4 << 20)
                .build();
    }

    private PaxosNode launch(NodeConfig config, StateMachine app) {
        NodeLog lines = new NodeLog(new PrintStream(log, true, StandardCharsets.UTF_8), 1);
        return NodeBuilder.launch(config, app, lines, new HostNames());
    }

    private String logged() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private static PaxosClient client(NodeConfig config) {
        return PaxosClient.connect(List.of(config.self().peerAddress()));
    }

    /** Offers one command and does not wait for the reply. */
    private static void send(PaxosClient client) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[10]);
        while (client.offer(command, 0, 10) < 0) {
            client.poll();
        }
    }

    @ParameterizedTest
    @EnumSource(Apply.class)
    void closeWithinApplyAsksForTheStopAndReturns(Apply apply) throws InterruptedException {
        AtomicReference<PaxosNode> self = new AtomicReference<>();
        CountDownLatch returned = new CountDownLatch(1);
        NodeConfig config = config(apply);
        PaxosNode node =
                launch(
                        config,
                        (entry, reply) -> {
                            self.get().close();
                            self.get().close();
                            returned.countDown();
                        });
        self.set(node);
        try (PaxosClient client = client(config)) {
            send(client);
            while (node.isRunning()) {
                client.poll();
            }
        }
        returned.await();
        assertThat(node.awaitStop()).isEmpty();
        assertThat(node.role()).isEqualTo(Role.FOLLOWING);
        assertThat(node.leader()).isZero();
        assertThat(logged()).endsWith("stopped\n");
        // Everything was given back.
        launch(config, new LogStateMachine()).close();
    }

    @ParameterizedTest
    @EnumSource(Apply.class)
    void whatWouldWaitForItselfIsRefusedAndTheRestAnswers(Apply apply) {
        AtomicReference<PaxosNode> self = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        NodeConfig config = config(apply);
        try (PaxosNode node =
                launch(
                        config,
                        (entry, reply) -> {
                            PaxosNode me = self.get();
                            try {
                                me.awaitStop();
                            } catch (IllegalStateException | InterruptedException e) {
                                thrown.set(e);
                            }
                            assertThat(me.role()).isEqualTo(Role.LEADING);
                            assertThat(me.isRunning()).isTrue();
                            assertThat(me.commitIndex()).isPositive();
                        })) {
            self.set(node);
            try (PaxosClient client = client(config)) {
                client.append(new byte[3], TIMEOUT_MS);
            }
            assertThat(thrown.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("wait for its own end");
        }
    }

    @ParameterizedTest
    @EnumSource(Apply.class)
    void anInterruptWithinApplyHarmsNothing(Apply apply) {
        NodeConfig config = config(apply);
        try (PaxosNode node = launch(config, (entry, reply) -> Thread.currentThread().interrupt());
                PaxosClient client = client(config)) {
            for (int i = 0; i < 20; i++) {
                client.append(new byte[1000], TIMEOUT_MS);
            }
            assertThat(node.isRunning()).isTrue();
        }
        assertThat(logged()).endsWith("stopped\n");
    }

    @Test
    void closeInAListenerOfTheSameProcessWorks() {
        NodeConfig config = config(Apply.OWN_THREAD);
        PaxosNode node = launch(config, new LogStateMachine());
        CountDownLatch closed = new CountDownLatch(1);
        try (PaxosClient client =
                PaxosClient.connect(
                        ClientConfig.of(List.of(config.self().peerAddress())),
                        (sequence, slot, buffer, offset, length) -> {
                            node.close();
                            closed.countDown();
                        })) {
            send(client);
            while (closed.getCount() > 0) {
                client.poll();
            }
        }
        assertThat(node.isRunning()).isFalse();
        assertThat(node.role()).isEqualTo(Role.FOLLOWING);
    }

    @ParameterizedTest
    @EnumSource(
            value = Apply.class,
            names = {"AUTO", "OWN_THREAD"})
    void aStateMachineThatNeverReturnsIsGivenUpAndNamed(Apply apply) {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch isIn = new CountDownLatch(1);
        NodeConfig config = config(apply);
        PaxosNode node =
                launch(
                        config,
                        (entry, reply) -> {
                            isIn.countDown();
                            awaitQuietly(never);
                        });
        try (PaxosClient client = client(config)) {
            send(client);
            while (isIn.getCount() > 0) {
                client.poll();
            }
            node.close();
        }
        assertThat(node.isRunning()).isFalse();
        assertThat(logged())
                .containsPattern("the state machine does not return from slot [0-9]+: stopping")
                .endsWith("stopped\n");
        // All but that thread was given back.
        launch(config, new LogStateMachine()).close();
        never.countDown();
    }

    @Test
    void oneThatKeepsTheReplicaThreadIsNotWaitedForForEver() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch isIn = new CountDownLatch(1);
        NodeConfig config = config(Apply.REPLICA_THREAD);
        PaxosNode node =
                launch(
                        config,
                        (entry, reply) -> {
                            isIn.countDown();
                            awaitQuietly(never);
                        });
        try (PaxosClient client = client(config)) {
            send(client);
            while (isIn.getCount() > 0) {
                client.poll();
            }
            node.close();
            assertThat(node.isRunning()).isTrue();
            assertThat(logged()).contains("holds the replica thread: nobody waits for it any more");
            never.countDown();
            node.close();
            assertThat(node.isRunning()).isFalse();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Apply.class)
    void aShutdownHookMayCloseTheNodeThatApplyEndsTheProcessIn(Apply apply) throws Exception {
        List<String> command =
                ChildJvm.command(
                        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                        ExitsWithinApply.class,
                        directory.toString(),
                        apply.name());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(ExitsWithinApply.EXIT_CODE);
        assertThat(said).contains("closed", "the state machine does not return from slot");
    }

    @Test
    void whatIsMissingIsNamed() {
        NodeConfig config = config(Apply.OWN_THREAD);
        assertThatThrownBy(() -> PaxosLog.launch(config, (StateMachine) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("app: a state machine is needed, not null");
        assertThatThrownBy(() -> PaxosLog.launch(config, (Supplier<StateMachine>) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("apps: a maker of state machines is needed, not null");
        assertThatThrownBy(() -> PaxosLog.launch(config, () -> null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("apps: made no state machine but null");
        assertThatThrownBy(() -> PaxosLog.launch(null, new LogStateMachine()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("config: a configuration is needed, not null");
        assertThatThrownBy(() -> NodeConfig.builder().set(null, 1))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("setting: is null");
        assertThatThrownBy(() -> NodeConfig.builder().members((Member[]) null))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("members: is null; give ");
        assertThat(directory).isEmptyDirectory();
    }
}
