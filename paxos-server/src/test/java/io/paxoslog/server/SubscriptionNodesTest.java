package io.paxoslog.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.Subscription;
import io.paxoslog.log.LocalTail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real nodes with small files, and those who read all that takes effect there. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class SubscriptionNodesTest {
    private static final int TIMEOUT_MS = 60_000;

    @TempDir Path directory;

    private final List<String> answered = new ArrayList<>();

    /** One who reads, here or there, and what it has read. */
    private abstract static class Reader implements AutoCloseable {
        final List<String> heard = new ArrayList<>();
        long upTo;

        abstract void poll();

        void hear(long slot, DirectBuffer buffer, int offset, int length) {
            assertThat(slot).isGreaterThan(upTo);
            upTo = slot;
            heard.add(slot + " " + buffer.getStringWithoutLengthAscii(offset, length));
        }

        @Override
        public abstract void close();
    }

    private static Reader subscribed(List<String> members, long from) {
        Reader[] self = new Reader[1];
        Subscription subscription =
                Subscription.open(
                        ClientConfig.of(members),
                        from,
                        (buffer, offset, length, header) ->
                                self[0].hear(header.slot(), buffer, offset, length));
        self[0] =
                new Reader() {
                    @Override
                    void poll() {
                        subscription.poll();
                    }

                    @Override
                    public void close() {
                        subscription.close();
                    }
                };
        return self[0];
    }

    private static Reader local(Path node, long from) {
        LocalTail tail = LocalTail.open(node, from);
        return new Reader() {
            @Override
            void poll() {
                tail.poll(
                        (slot, session, sequence, time, buffer, offset, length) ->
                                hear(slot, buffer, offset, length),
                        100);
            }

            @Override
            public void close() {
                tail.close();
            }
        };
    }

    @Test
    void whoeverReadsSeesEachCommandOnceThroughSnapshotsAndRestarts() {
        try (TestNodes nodes = new TestNodes(directory, 3, TestNodes.SMALL_FILES)) {
            nodes.startAll();
            int late = nodes.awaitLeader() % 3 + 1;
            nodes.awaitApplied(1);
            try (PaxosClient client = PaxosClient.connect(nodes.addresses());
                    Reader remote = subscribed(nodes.addresses(), 1);
                    Reader local = local(nodes.directoryOf(late % 3 + 1), 1)) {
                nodes.stop(late);
                appendUntil(nodes, client, late, remote, local);
                nodes.start(late);
                append(client, 20, remote, local);
                nodes.awaitApplied(lastAnswered());
                checkAll(nodes);
                nodes.stopAll();
                nodes.startAll();
                append(client, 20, remote, local);
                nodes.awaitApplied(lastAnswered());
                readAll(nodes, remote, local);
                assertThat(remote.heard).isEqualTo(answered);
                assertThat(local.heard).isEqualTo(answered);
                checkAll(nodes);
            }
        }
    }

    /** Of each node, from the first slot that it keeps. */
    private void checkAll(TestNodes nodes) {
        for (int id = 1; id <= 3; id++) {
            String address = nodes.addresses().get(id - 1);
            try (Reader remote = subscribed(List.of(address), Subscription.FIRST_KEPT);
                    Reader local = local(nodes.directoryOf(id), LocalTail.FIRST_KEPT)) {
                readAll(nodes, remote, local);
                int first = answered.indexOf(remote.heard.get(0));
                assertThat(remote.heard).isEqualTo(answered.subList(first, answered.size()));
                assertThat(local.heard).isEqualTo(remote.heard);
            }
        }
    }

    private void readAll(TestNodes nodes, Reader... readers) {
        for (Reader reader : readers) {
            nodes.await(
                    "all read",
                    () -> {
                        reader.poll();
                        return reader.upTo >= lastAnswered();
                    });
        }
    }

    /** Until the journals of those that run begin with a later slot than the one that is late. */
    private void appendUntil(TestNodes nodes, PaxosClient client, int late, Reader... readers) {
        do {
            append(client, 20, readers);
        } while (Stream.of(1, 2, 3)
                .filter(id -> id != late)
                .anyMatch(id -> Files.exists(journalOf(nodes, id).resolve("00000001"))));
    }

    private static Path journalOf(TestNodes nodes, int id) {
        return nodes.directoryOf(id).resolve("journal");
    }

    private void append(PaxosClient client, int count, Reader... readers) {
        for (int i = 0; i < count; i++) {
            String command = "command-" + answered.size() + "-" + "x".repeat(4_000);
            long slot = client.append(command.getBytes(US_ASCII), TIMEOUT_MS).slot();
            answered.add(slot + " " + command);
            for (Reader reader : readers) {
                reader.poll();
            }
        }
    }

    private long lastAnswered() {
        String last = answered.get(answered.size() - 1);
        return Long.parseLong(last.substring(0, last.indexOf(' ')));
    }
}
