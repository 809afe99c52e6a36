package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.core.Role;
import io.paxoslog.service.StateMachine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A state machine that takes its time on three real nodes: everything else goes on. */
@Timeout(120)
class SlowStateMachineTest {
    private static final int COMMANDS = 200;

    @TempDir Path directory;

    @Test
    void aStateMachineThatDoesNotReturnCostsItsLeaderNothing() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger stuckAt = new AtomicInteger();
        try (TestNodes nodes = new TestNodes(directory, 3, Map.of(Settings.DURABILITY, "async"))) {
            nodes.startAll(id -> stuckOn(id, stuckAt, goOn));
            int leader = nodes.awaitLeader();
            stuckAt.set(leader);
            AtomicLong replies = new AtomicLong();
            try (PaxosClient client =
                    PaxosClient.connect(
                            ClientConfig.of(nodes.addresses()).withWindow(512),
                            (sequence, slot, buffer, offset, length) ->
                                    replies.incrementAndGet())) {
                long last = nodes.running().get(leader - 1).commitIndex();
                offer(client);
                nodes.await(
                        "followers have applied what the leader chose",
                        () -> {
                            client.poll();
                            return nodes.running().stream()
                                    .filter(node -> node.id() != leader)
                                    .allMatch(
                                            node ->
                                                    node.appliedIndex() >= last + COMMANDS
                                                            && node.leader() == leader);
                        });
                assertThat(nodes.running().get(leader - 1).role()).isEqualTo(Role.LEADING);
                assertThat(nodes.running().get(leader - 1).appliedIndex()).isLessThan(last + 10);
                assertThat(replies.get()).isZero();
                List<NodeReport> reports = PaxosStatus.ask(nodes.addresses(), 10_000);
                assertThat(reports).allMatch(NodeReport::isReachable);
                assertThat(reports).extracting(NodeReport::leader).containsOnly(leader);
                nodes.await(
                        "status names the slot",
                        () ->
                                PaxosStatus.ask(nodes.addresses(), 10_000).stream()
                                        .anyMatch(
                                                report ->
                                                        report.node() == leader
                                                                && report.slotInWork() > 0
                                                                && report.inWorkMs() >= 1000));
                goOn.countDown();
                assertThat(client.drain(60_000)).isTrue();
                assertThat(replies.get()).isEqualTo(COMMANDS);
            }
        } finally {
            goOn.countDown();
        }
    }

    private static StateMachine stuckOn(int id, AtomicInteger stuckAt, CountDownLatch goOn) {
        return (entry, reply) -> {
            if (stuckAt.get() == id) {
                awaitUninterruptibly(goOn);
            }
        };
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void offer(PaxosClient client) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[100]);
        for (int i = 0; i < COMMANDS; i++) {
            while (client.offer(command, 0, command.capacity()) < 0) {
                client.poll();
            }
            client.poll();
        }
    }
}
