package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two threads of a node change places whenever the state machine keeps the one with the replica.
 */
@Timeout(120)
class NodeThreadsTest {
    private static final int ROUNDS = 10;

    @TempDir Path directory;

    private final AtomicLong replies = new AtomicLong();

    /** Stands still when it is told to, and notes by whom it is called. */
    private static final class Stopping implements StateMachine {
        private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
        private final Semaphore goOn = new Semaphore(0);
        private volatile boolean isToStop;
        private volatile Thread stopped;
        private volatile Thread last;
        private long applied;

        @Override
        public void apply(Entry entry, Reply reply) {
            Thread me = Thread.currentThread();
            callers.add(me);
            last = me;
            applied++;
            if (isToStop) {
                isToStop = false;
                stopped = me;
                goOn.acquireUninterruptibly();
                stopped = null;
                me.interrupt();
            }
            reply.resize(Long.BYTES).putLong(0, applied);
        }
    }

    @Test
    void theOtherThreadGoesOnWithTheReplicaAndBothGoOnAfterwards() {
        Stopping app = new Stopping();
        try (TestNodes nodes = new TestNodes(directory, 1, Map.of(Settings.DURABILITY, "async"))) {
            nodes.startAll(id -> app);
            nodes.awaitLeader();
            PaxosNode node = nodes.running().get(0);
            try (PaxosClient client =
                    PaxosClient.connect(
                            ClientConfig.of(nodes.addresses()).withWindow(64),
                            (sequence, slot, buffer, offset, length) -> {
                                assertThat(buffer.getLong(offset)).isEqualTo(sequence);
                                replies.incrementAndGet();
                            })) {
                for (int round = 1; round <= ROUNDS; round++) {
                    applyInTurn(nodes, client, app);
                    app.isToStop = true;
                    offer(client);
                    nodes.await(
                            "the state machine stands still",
                            () -> {
                                client.poll();
                                return app.stopped != null;
                            });
                    Thread kept = app.stopped;
                    long before = node.commitIndex();
                    offer(client);
                    offer(client);
                    nodes.await(
                            "the replica goes on",
                            () -> {
                                client.poll();
                                return node.commitIndex() >= before + 2;
                            });
                    assertThat(app.stopped).isSameAs(kept);
                    app.goOn.release();
                    assertThat(client.drain(60_000)).isTrue();
                }
                assertThat(app.applied).isEqualTo(replies.get());
            }
            assertThat(app.callers).hasSize(2);
        } finally {
            app.goOn.release(ROUNDS);
        }
    }

    /** Until the one with the replica applies: it is the one who is called where nobody parts. */
    private void applyInTurn(TestNodes nodes, PaxosClient client, Stopping app) {
        nodes.await(
                "the one with the replica applies",
                () -> {
                    offer(client);
                    return client.drain(60_000) && app.last.getName().startsWith("paxos-node");
                });
    }

    private static void offer(PaxosClient client) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[100]);
        while (client.offer(command, 0, command.capacity()) < 0) {
            client.poll();
        }
    }
}
