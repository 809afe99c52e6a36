package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosDecisions;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.core.Role;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A poison command on real nodes: they vote on, and operators decide. */
@Execution(ExecutionMode.CONCURRENT)
class HaltedNodesTest {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int TIMEOUT_MS = 10_000;

    @TempDir Path directory;

    private final Map<Integer, PaxosNode> nodes = new ConcurrentHashMap<>();
    private final Set<Integer> canTakeAll = ConcurrentHashMap.newKeySet();
    private TestNodes settings;

    /** Appends text to text; half changes itself before it fails. */
    private final class Machine implements StateMachine {
        private final int node;
        private final StringBuilder state = new StringBuilder();

        Machine(int node) {
            this.node = node;
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            String command =
                    entry.buffer().getStringWithoutLengthUtf8(entry.offset(), entry.length());
            state.append(command).append(' ');
            if (command.equals("poison") && !canTakeAll.contains(node)) {
                throw new OutOfMemoryError("this command is too much for node " + node);
            }
            byte[] answer = state.toString().getBytes(StandardCharsets.UTF_8);
            reply.resize(answer.length).putBytes(0, answer);
        }
    }

    @AfterEach
    void stop() {
        nodes.values().forEach(PaxosNode::close);
    }

    private void launch(int count) {
        settings = new TestNodes(directory, count, Map.of());
        for (int id = 1; id <= count; id++) {
            launchAgain(id);
        }
    }

    private void launchAgain(int id) {
        nodes.put(id, PaxosLog.launch(settings.config(id), () -> new Machine(id)));
    }

    private PaxosClient connect() {
        return PaxosClient.connect(
                ClientConfig.of(settings.addresses()).withConnectTimeout(Duration.ofSeconds(30)),
                (sequence, slot, reply, offset, length) -> {});
    }

    private static String append(PaxosClient client, String command) {
        byte[] reply = client.append(bytes(command), TIMEOUT_MS).reply();
        return new String(reply, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void awaitHalted(long slot, int... ids) {
        for (int id : ids) {
            await(() -> nodes.get(id).haltedAt() == slot);
        }
    }

    private PaxosDecisions.Outcome skip(long slot) {
        return PaxosDecisions.skip(settings.addresses(), slot, TIMEOUT_MS);
    }

    @Test
    void aPoisonCommandEndsNoNodeAndIsSkippedOnceAllHold() {
        launch(3);
        try (PaxosClient client = connect()) {
            assertThat(append(client, "a")).isEqualTo("a ");
            long poison = client.sessionId() + 2;
            assertThatThrownBy(() -> client.append(bytes("poison"), 1_000))
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e -> assertThat(e.error()).isEqualTo(ClientError.TIMED_OUT));
            awaitHalted(poison, 1, 2, 3);
            assertThat(nodes.values()).allMatch(PaxosNode::isRunning);
            assertThat(PaxosStatus.ask(settings.addresses(), TIMEOUT_MS))
                    .extracting(NodeReport::haltedAt)
                    .containsOnly(poison);

            PaxosDecisions.Outcome[] outcome = new PaxosDecisions.Outcome[1];
            await(
                    () -> {
                        outcome[0] = skip(poison);
                        return outcome[0].isInForce();
                    });

            assertThat(outcome[0].slot()).isGreaterThan(poison);
            assertThat(append(client, "b")).isEqualTo("a b ");
            awaitHalted(0, 1, 2, 3);
            assertThat(skip(poison).wasInForce()).isTrue();
        }
    }

    @Test
    void aClientThatComesWhileAllAreHaltedIsToldSo() {
        launch(1);
        long poison;
        try (PaxosClient client = connect()) {
            poison = client.sessionId() + 1;
            assertThatThrownBy(() -> client.append(bytes("poison"), 500))
                    .hasMessageContaining("the leader's state machine is halted at slot " + poison);
        }

        assertThatThrownBy(
                        () ->
                                PaxosClient.connect(
                                        ClientConfig.of(settings.addresses())
                                                .withConnectTimeout(Duration.ofSeconds(1)),
                                        (sequence, slot, reply, offset, length) -> {}))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        e -> assertThat(e.error()).isEqualTo(ClientError.HALTED))
                .hasMessageContaining("slot " + poison);
    }

    @Test
    void aLeaderThatCannotGoOnMakesRoomForOneThatCan() {
        canTakeAll.add(2);
        launch(3);
        try (PaxosClient client = connect()) {
            append(client, "a");

            // Whoever leads: the command is answered by the one node that can take it.
            assertThat(append(client, "poison")).isEqualTo("a poison ");

            await(() -> nodes.get(2).role() == Role.LEADING);
            assertThat(append(client, "b")).isEqualTo("a poison b ");
            awaitHalted(client.sessionId() + 2, 1, 3);
            PaxosDecisions.Outcome refused = skip(client.sessionId() + 2);
            assertThat(refused.isInForce()).isFalse();
            assertThat(refused.reason())
                    .startsWith("node 2, the leader, does not hold at slot ")
                    .contains("it has applied up to slot");
        }
    }

    @Test
    void aRestartWithACorrectedBuildWaitsForTheDecision() {
        launch(1);
        try (PaxosClient client = connect()) {
            append(client, "a");
            long poison = client.sessionId() + 2;
            assertThatThrownBy(() -> client.append(bytes("poison"), 500))
                    .isInstanceOf(ClientException.class);
            awaitHalted(poison, 1);
            // Its word is given once a leader has asked for it and it was forced.
            await(() -> skip(1).reason().contains("halted at slot " + poison));
            nodes.get(1).close();
            canTakeAll.add(1);
            launchAgain(1);
            awaitHalted(poison, 1);

            PaxosDecisions.Outcome retried =
                    PaxosDecisions.retry(settings.addresses(), poison, 30_000);

            assertThat(retried.isInForce()).isTrue();
            awaitHalted(0, 1);
            assertThat(append(client, "b")).isEqualTo("a poison b ");
        }
    }

    @Test
    void whatTheClientOfASkippedCommandIsToldIsTyped() {
        launch(1);
        try (PaxosClient client = connect()) {
            long poison = client.sessionId() + 1;
            Thread operator =
                    new Thread(
                            () -> {
                                awaitHalted(poison, 1);
                                await(() -> skip(poison).isInForce());
                            });
            operator.start();

            assertThatThrownBy(() -> client.append(bytes("poison"), 30_000))
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e -> assertThat(e.error()).isEqualTo(ClientError.SKIPPED))
                    .hasMessageStartingWith("slot " + poison);

            assertThat(append(client, "b")).isEqualTo("b ");
            assertThat(List.of(client.unanswered())).containsExactly(0);
        }
    }
}
