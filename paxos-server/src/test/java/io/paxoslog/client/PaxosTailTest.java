package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tailing the log and asking for status, over real gateways. */
class PaxosTailTest extends ReadLog {
    private final List<String> heard = new ArrayList<>();

    private PaxosTail tail(List<String> members, long from, boolean follow) {
        return PaxosTail.open(
                ClientConfig.of(members),
                from,
                follow,
                (slot, buffer, offset, length) ->
                        heard.add(slot + " " + buffer.getStringWithoutLengthUtf8(offset, length)));
    }

    private void runUntilDone(PaxosTail tail) {
        cluster.runUntil(
                () -> {
                    tail.poll();
                    return tail.isDone();
                },
                client);
    }

    @Test
    void anyNodeServesTheLogAndEndsAtTheLeadersCommitIndex() {
        for (String address : cluster.addresses()) {
            heard.clear();
            try (PaxosTail tail = tail(List.of(address), 1, false)) {
                runUntilDone(tail);
                assertThat(heard).isEqualTo(commands(1, 100));
                assertThat(tail.nextSlot()).isEqualTo(cluster.lastSlot() + 1);
            }
        }
    }

    @Test
    void beginsWhereItIsTold() {
        try (PaxosTail tail = tail(cluster.addresses(), 53, false)) {
            runUntilDone(tail);
        }
        assertThat(heard).isEqualTo(commands(51, 100));
    }

    @Test
    void followsTheLiveLog() {
        try (PaxosTail tail = tail(cluster.addresses(), 1, true)) {
            runUntilHeard(tail, 100);
            append(101, 150);
            runUntilHeard(tail, 150);
            assertThat(heard).isEqualTo(commands(1, 150));
            assertThat(tail.isDone()).isFalse();
        }
    }

    private void runUntilHeard(PaxosTail tail, int count) {
        cluster.runUntil(
                () -> {
                    tail.poll();
                    return heard.size() >= count;
                },
                client);
    }

    @Test
    void anotherMemberGoesOnWhenTheServingOneIsGone() {
        cluster.lead(3);
        try (PaxosTail tail = tail(cluster.addresses().subList(0, 2), 1, true)) {
            runUntilHeard(tail, 100);
            cluster.node(tail.servingNode()).close();
            append(101, 120);
            runUntilHeard(tail, 120);
        }
        assertThat(heard).isEqualTo(commands(1, 120));
    }

    @Test
    void anotherMemberGoesOnWhereOneCannotReadASlotBack() {
        cluster.node(1).unreadable = 70;
        cluster.node(2).unreadable = 10;
        cluster.node(3).unreadable = 40;
        try (PaxosTail tail = tail(cluster.addresses(), 1, false)) {
            runUntilDone(tail);
        }
        assertThat(heard).isEqualTo(commands(1, 100));
    }

    @Test
    void saysSoWhenNobodyCanReadASlotBack() {
        cluster.node(1).unreadable = 70;
        cluster.node(2).unreadable = 70;
        try (PaxosTail tail = tail(cluster.addresses().subList(0, 2), 1, false)) {
            assertThatThrownBy(() -> runUntilDone(tail))
                    .isInstanceOf(ClientException.class)
                    .extracting(e -> ((ClientException) e).error())
                    .isEqualTo(ClientError.UNREADABLE);
            assertThat(tail.nextSlot()).isEqualTo(70);
        }
        assertThat(heard).isEqualTo(commands(1, 67));
    }

    @Test
    void anotherMemberServesWhatOneKeepsNoMore() {
        cluster.node(1).firstKept = 70;
        cluster.node(2).firstKept = 40;
        try (PaxosTail tail = tail(cluster.addresses(), 1, false)) {
            runUntilDone(tail);
            assertThat(tail.firstKept()).isZero();
        }
        assertThat(heard).isEqualTo(commands(1, 100));
    }

    @Test
    void saysWhereLogsBeginWhenNobodyKeepsASlot() {
        cluster.node(1).firstKept = 70;
        cluster.node(2).firstKept = 40;
        try (PaxosTail tail = tail(cluster.addresses().subList(0, 2), 1, false)) {
            assertThatThrownBy(() -> runUntilDone(tail))
                    .isInstanceOf(ClientException.class)
                    .hasMessage(
                            "slot 1 is no longer kept; the first kept slot is 40: "
                                    + ClientError.COMPACTED.advice())
                    .extracting(e -> ((ClientException) e).error())
                    .isEqualTo(ClientError.COMPACTED);
            assertThat(tail.nextSlot()).isEqualTo(1);
            assertThat(tail.firstKept()).isEqualTo(40);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void goesOnFromTheFirstSlotKept() {
        cluster.node(1).firstKept = 53;
        try (PaxosTail tail = tail(cluster.addresses().subList(0, 1), 53, false)) {
            runUntilDone(tail);
        }
        assertThat(heard).isEqualTo(commands(51, 100));
    }

    @Test
    void nobodyAnswering() {
        ClientConfig config =
                ClientConfig.of(List.of("127.0.0.1:" + FreePorts.two())).withTimeouts(50, 50, 100);
        try (PaxosTail tail = PaxosTail.open(config, 1, false, (a, b, c, d) -> {})) {
            assertThatThrownBy(() -> runUntilDone(tail))
                    .isInstanceOf(ClientException.class)
                    .extracting(e -> ((ClientException) e).error())
                    .isEqualTo(ClientError.NO_ANSWER);
        }
        assertThatThrownBy(() -> PaxosClient.connect(config, (a, b, c, d, e) -> {}))
                .isInstanceOf(ClientException.class)
                .hasMessage(ClientError.NO_ANSWER.advice());
    }

    @Test
    void noLeaderToAskWhereTheLogEnds() {
        cluster.lead(0);
        ClientConfig config = ClientConfig.of(cluster.addresses()).withTimeouts(50, 50, 500);
        try (PaxosTail tail = PaxosTail.open(config, 1, false, (a, b, c, d) -> {})) {
            assertThatThrownBy(() -> runUntilDone(tail))
                    .isInstanceOf(ClientException.class)
                    .extracting(e -> ((ClientException) e).error())
                    .isEqualTo(ClientError.NO_LEADER);
        }
    }

    @Test
    void statusOfEveryNode() throws Exception {
        cluster.node(3).close();
        try (var executor = Closing.of(Executors.newSingleThreadExecutor())) {
            Future<List<NodeReport>> asked =
                    executor.get().submit(() -> PaxosStatus.ask(cluster.addresses(), 3_000));
            cluster.runUntil(asked::isDone, client);
            List<NodeReport> reports = asked.get();
            assertThat(reports).extracting(NodeReport::address).isEqualTo(cluster.addresses());
            assertThat(reports)
                    .extracting(NodeReport::isReachable)
                    .containsExactly(true, true, false);
            assertThat(reports)
                    .extracting(NodeReport::role)
                    .containsExactly("leader", "follower", "");
            assertThat(reports.get(1).applied()).isEqualTo(cluster.lastSlot());
            assertThat(reports.get(1).leader()).isEqualTo(1);
            assertThat(reports.get(0).appliedHash()).isEqualTo(reports.get(1).appliedHash());
        }
    }

    /** Lets an executor be closed by try, which it cannot be on Java 17. */
    private record Closing(ExecutorService get) implements AutoCloseable {
        static Closing of(ExecutorService executor) {
            return new Closing(executor);
        }

        @Override
        public void close() {
            get.shutdownNow();
        }
    }
}
