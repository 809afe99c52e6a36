package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.gateway.GatewayConfig;
import io.paxoslog.service.EventLimits;
import io.paxoslog.service.EventQueue;
import io.paxoslog.service.SessionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that hear what the state machine sends, over real UDP. */
@Timeout(60)
class ClientEventsTest {
    private static final SessionLimits SMALL =
            SessionLimits.DEFAULT.with(new EventLimits(2_000, 1_000));

    private final Heard heard = new Heard();

    /** Notes what it hears. */
    private static class Heard implements ReplyListener {
        final List<String> events = new ArrayList<>();
        final List<Object> all = new ArrayList<>();
        final List<ClientError> unknown = new ArrayList<>();

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
            all.add(sequence);
        }

        @Override
        public void onEvent(long slot, int index, DirectBuffer event, int offset, int length) {
            String text = event.getStringWithoutLengthUtf8(offset, length);
            events.add(text);
            all.add(text);
        }

        @Override
        public void onEventsLost(long slot, int index) {
            events.add("lost up to " + slot + "." + index);
        }

        @Override
        public void onUnknown(long first, long last, ClientError why) {
            unknown.add(why);
        }
    }

    private static ClientConfig config(FakeCluster cluster) {
        return ClientConfig.of(cluster.addresses()).withTimeouts(100, 400, 10_000);
    }

    private static PaxosClient open(FakeCluster cluster, ReplyListener listener) {
        PaxosClient client = PaxosClient.start(config(cluster), listener);
        cluster.runUntil(client::isConnected, client);
        return client;
    }

    private static void offer(PaxosClient client, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        assertThat(client.offer(new UnsafeBuffer(bytes), 0, bytes.length)).isPositive();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void eventsComeOnceInOrderAndBehindTheirReplies() {
        try (FakeCluster cluster = new FakeCluster(1);
                PaxosClient client = open(cluster, heard)) {
            numbers(1, 3).forEach(number -> offer(client, "send 0 " + number));
            cluster.runUntil(() -> heard.events.size() == 3, client);
            assertThat(heard.all).containsExactly(1L, "1", 2L, "2", 3L, "3");
        }
    }

    @Test
    void anotherLeaderGoesOnWhereTheLastOneEnded() {
        try (FakeCluster cluster = new FakeCluster(3);
                PaxosClient client = open(cluster, heard)) {
            for (int i = 1; i <= 300; i++) {
                offer(client, "send 0 " + i);
                if (i % 50 == 0) {
                    cluster.lead(1 + i / 50 % 3);
                }
                client.poll();
                cluster.turn();
            }
            cluster.runUntil(() -> heard.events.size() >= 300, client);
            assertThat(heard.events).isEqualTo(numbers(1, 300));
        }
    }

    @Test
    void whatWasHeardIsLetGo() {
        try (FakeCluster cluster = new FakeCluster(1, SMALL, GatewayConfig.DEFAULT);
                PaxosClient client = open(cluster, heard)) {
            offer(client, "send 0 apple");
            EventQueue[] kept = new EventQueue[1];
            cluster.runUntil(
                    () -> {
                        kept[0] = cluster.applier(1).session(client.sessionId()).events();
                        return kept[0] != null && kept[0].takenSlot() > 0;
                    },
                    client);
            assertThat(kept[0].first()).isEqualTo(kept[0].last() + 1);
        }
    }

    @Test
    void whatAListenerThrowsCostsNoOtherEvent() {
        Heard throwing =
                new Heard() {
                    @Override
                    public void onEvent(long slot, int index, DirectBuffer event, int at, int n) {
                        super.onEvent(slot, index, event, at, n);
                        if (events.size() == 2) {
                            throw new IllegalStateException("as asked");
                        }
                    }
                };
        try (FakeCluster cluster = new FakeCluster(1);
                PaxosClient client = open(cluster, throwing)) {
            numbers(1, 4).forEach(number -> offer(client, "send 0 " + number));
            assertThatThrownBy(() -> cluster.runUntil(() -> false, client)).hasMessage("as asked");
            cluster.runUntil(() -> throwing.events.size() == 4, client);
            assertThat(throwing.events).isEqualTo(numbers(1, 4));
        }
    }

    @Test
    void aClientThatIsNotPolledEndsAndIsToldWhy() {
        try (FakeCluster cluster = new FakeCluster(1, SMALL, GatewayConfig.DEFAULT);
                PaxosClient slow = open(cluster, heard);
                PaxosClient other = open(cluster, new Heard())) {
            String text = "x".repeat(400);
            for (int i = 0; i < 5; i++) {
                offer(other, "send " + slow.sessionId() + " " + text);
            }
            cluster.runUntil(() -> other.unanswered() == 0, other);
            cluster.runUntil(slow::hasEnded, slow);
            assertThat(slow.endedBy()).isEqualTo(ClientError.SESSION_EXPIRED);
            assertThat(slow.sessionEnd()).isEqualTo(SessionEnd.SLOW);
            SessionToken token = slow.sessionToken();
            try (FakeCluster.Crew crew = cluster.crew()) {
                assertThat(crew).isNotNull();
                assertThatThrownBy(() -> PaxosClient.takeUp(config(cluster), token, heard))
                        .isInstanceOf(ClientException.class)
                        .hasMessageContaining("it is SLOW");
            }
        }
    }

    private static SessionToken stored(SessionToken token) {
        return SessionToken.parse(token.text());
    }

    @Test
    void anotherProcessTakesTheSessionUpBehindTheEventItHas() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            SessionToken[] token = new SessionToken[1];
            PaxosClient[] killed = new PaxosClient[1];
            Heard storing =
                    new Heard() {
                        @Override
                        public void onEvent(
                                long slot, int index, DirectBuffer event, int at, int length) {
                            super.onEvent(slot, index, event, at, length);
                            if (events.size() == 3) {
                                token[0] = stored(killed[0].sessionToken());
                            }
                        }
                    };
            killed[0] = open(cluster, storing);
            numbers(1, 5).forEach(number -> offer(killed[0], "send 0 " + number));
            cluster.runUntil(() -> storing.events.size() == 5, killed[0]);
            killed[0].abandon();
            assertThat(token[0].nextSequence()).isEqualTo(4);

            try (FakeCluster.Crew crew = cluster.crew();
                    PaxosClient next = PaxosClient.takeUp(config(cluster), token[0], heard)) {
                assertThat(crew).isNotNull();
                assertThat(next.sessionId()).isEqualTo(token[0].session());
                // What the one before had offered already: each took effect, and does not again.
                assertThat(next.append("send 0 4".getBytes(UTF_8), 10_000).slot())
                        .isLessThan(cluster.lastSlot());
                next.append("send 0 5".getBytes(UTF_8), 10_000);
                next.append("send 0 6".getBytes(UTF_8), 10_000);
                while (heard.events.size() < 3) {
                    next.poll();
                }
                assertThat(heard.events).containsExactly("4", "5", "6");
            }
            assertThat(cluster.node(1).effects)
                    .isEqualTo(numbers(1, 6).stream().map(n -> "send 0 " + n).toList());
        }
    }

    @Test
    void whoTakesItUpFromFartherBackIsToldWhatIsLost() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            PaxosClient first = open(cluster, heard);
            SessionToken early = stored(first.sessionToken());
            offer(first, "send 0 apple");
            cluster.runUntil(() -> heard.events.size() == 1, first);
            SessionToken late = stored(first.sessionToken());
            first.abandon();
            try (FakeCluster.Crew crew = cluster.crew();
                    PaxosClient next = PaxosClient.takeUp(config(cluster), late, new Heard())) {
                assertThat(crew).isNotNull();
                next.append("send 0 pear".getBytes(UTF_8), 10_000);
                next.abandon();
            }
            Heard last = new Heard();
            try (FakeCluster.Crew crew = cluster.crew();
                    PaxosClient next =
                            PaxosClient.takeUp(config(cluster), early.withNext(3), last)) {
                assertThat(crew).isNotNull();
                while (last.events.size() < 2) {
                    next.poll();
                }
            }
            assertThat(last.events)
                    .containsExactly(
                            "lost up to " + late.eventSlot() + "." + late.eventIndex(), "pear");
        }
    }

    @Test
    void aTokenIsReadAsItWasWritten() {
        SessionToken token = new SessionToken(-5, 7, -1, 2, 3, 11, 4);
        assertThat(SessionToken.parse(token.text())).isEqualTo(token);
        assertThat(token)
                .hasToString(
                        "session 7 in cluster fffffffffffffffb, command 3 next,"
                                + " behind event 11.4");
        for (String wrong : List.of("", "1-2-3", token.text() + "-1", token.text() + "x")) {
            assertThatThrownBy(() -> SessionToken.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no session token");
        }
    }

    /** Gives up what it hears one by one, when it is let. */
    private static final class Shared implements EventListener {
        final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
        final CountDownLatch goOn;

        Shared(boolean isHeldUp) {
            goOn = new CountDownLatch(isHeldUp ? 1 : 0);
        }

        @Override
        public void onEvent(long slot, int index, DirectBuffer event, int offset, int length) {
            events.add(event.getStringWithoutLengthUtf8(offset, length));
            try {
                assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        String next() throws InterruptedException {
            return events.poll(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSharedClientHearsThemOnAThreadOfTheirOwn() throws Exception {
        Duration timeout = Duration.ofSeconds(20);
        Shared listener = new Shared(true);
        try (FakeCluster cluster = new FakeCluster(1);
                FakeCluster.Crew crew = cluster.crew()) {
            assertThat(crew).isNotNull();
            SessionToken token;
            try (ClientDriver driver = ClientDriver.launch(config(cluster))) {
                SharedClient client = driver.connect(listener);
                client.append("send 0 1".getBytes(UTF_8), timeout);
                assertThat(listener.next()).isEqualTo("1");
                // It goes on while the listener does not.
                client.append("send 0 2".getBytes(UTF_8), timeout);
                assertThat(listener.events).isEmpty();
                token = client.sessionToken();
                assertThat(token.eventSlot()).isPositive();
                assertThat(client.sessionEnd()).isNull();
                listener.goOn.countDown();
                assertThat(listener.next()).isEqualTo("2");
                client.close();
                assertThat(client.sessionEnd()).isEqualTo(SessionEnd.CLOSED);
            }
            Shared again = new Shared(false);
            assertThatThrownBy(() -> SharedClient.takeUp(config(cluster), token, again))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("it is CLOSED");
        }
    }
}
