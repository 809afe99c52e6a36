package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.client.PaxosTail;
import io.paxoslog.client.ReplyListener;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client on three real nodes: real Aeron, real files, and a leader that is stopped. */
@Timeout(180)
class ClientOnThreeNodesTest {
    private static final int COMMANDS = 10_000;

    @TempDir Path directory;

    @Test
    void everyAcknowledgedCommandIsInEveryLogOnceAndInOrder() {
        Replies replies = new Replies();
        try (TestNodes nodes = new TestNodes(directory, 3, Map.of(Settings.DURABILITY, "async"))) {
            nodes.startAll();
            int leader = nodes.awaitLeader();
            ClientConfig config = ClientConfig.of(addresses(nodes)).withWindow(512);
            try (PaxosClient client = PaxosClient.connect(config, replies)) {
                offer(client, 1, COMMANDS / 2);
                nodes.stop(leader);
                offer(client, COMMANDS / 2 + 1, COMMANDS);
                assertThat(client.drain(60_000)).isTrue();
            }
            nodes.start(leader);
            long last = replies.slots.getLong(COMMANDS - 1);
            nodes.awaitApplied(last);
            assertThat(replies.sequences.toLongArray())
                    .isEqualTo(LongStream.rangeClosed(1, COMMANDS).toArray());
            assertThat(replies.slots.toLongArray()).isSorted();
            for (String address : addresses(nodes)) {
                assertTailIs(address, replies);
            }
            assertSameHashes(nodes);
        }
    }

    /** Offers numbers, as many at once as the window takes. */
    private static void offer(PaxosClient client, int from, int to) {
        UnsafeBuffer command = new UnsafeBuffer(new byte[Long.BYTES]);
        for (int i = from; i <= to; i++) {
            command.putLong(0, i, ByteOrder.LITTLE_ENDIAN);
            long result = client.offer(command, 0, Long.BYTES);
            while (result < 0) {
                assertThat(ClientError.of(result)).isEqualTo(ClientError.WINDOW_FULL);
                client.poll();
                result = client.offer(command, 0, Long.BYTES);
            }
            client.poll();
        }
    }

    private static List<String> addresses(TestNodes nodes) {
        return Arrays.stream(nodes.members().split(","))
                .map(member -> member.substring(member.indexOf('=') + 1))
                .toList();
    }

    private static void assertTailIs(String address, Replies replies) {
        LongArrayList slots = new LongArrayList();
        LongArrayList values = new LongArrayList();
        ClientConfig config = ClientConfig.of(List.of(address));
        try (PaxosTail tail =
                PaxosTail.open(
                        config,
                        1,
                        false,
                        (slot, buffer, offset, length) -> {
                            slots.addLong(slot);
                            values.addLong(buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN));
                        })) {
            while (!tail.isDone()) {
                tail.poll();
            }
        }
        assertThat(values.toLongArray()).isEqualTo(LongStream.rangeClosed(1, COMMANDS).toArray());
        assertThat(slots.toLongArray()).isEqualTo(replies.slots.toLongArray());
    }

    private static void assertSameHashes(TestNodes nodes) {
        List<NodeReport> reports = new ArrayList<>();
        nodes.await(
                "equal applied indexes",
                () -> {
                    reports.clear();
                    reports.addAll(PaxosStatus.ask(addresses(nodes), 10_000));
                    return reports.stream().mapToLong(NodeReport::applied).distinct().count() == 1;
                });
        assertThat(reports).allMatch(NodeReport::isReachable);
        assertThat(reports)
                .extracting(NodeReport::appliedHash)
                .containsOnly(reports.get(0).appliedHash());
        assertThat(reports).extracting(NodeReport::role).containsOnlyOnce("leader");
    }

    /** Notes sequences and slots. */
    private static final class Replies implements ReplyListener {
        final LongArrayList sequences = new LongArrayList();
        final LongArrayList slots = new LongArrayList();

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
            sequences.addLong(sequence);
            slots.addLong(slot);
        }
    }
}
