package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every public method of clients and tails, called from within every callback. The tables are
 * whole: a method that is added must be added here.
 */
class CallbacksTest {
    private static final String WORKS = "works";
    private static final String AT_ONCE = "IllegalStateException at once";
    private static final byte[] COMMAND = "pear".getBytes(UTF_8);

    private final FakeCluster cluster = new FakeCluster(1);
    private final Map<String, Use<PaxosClient>> clientMethods = new LinkedHashMap<>();
    private final Map<String, Use<PaxosTail>> tailMethods = new LinkedHashMap<>();
    private final Map<String, String> seen = new LinkedHashMap<>();
    private final List<String> heard = new ArrayList<>();
    private FakeCluster.Crew crew;

    /** A method, and what a callback may expect of it. */
    private record Use<T>(String expected, Call<T> call) {}

    private interface Call<T> {
        void on(T target) throws Exception;
    }

    CallbacksTest() {
        clientMethods.put(
                "connect(List)",
                new Use<>(WORKS, c -> PaxosClient.connect(cluster.addresses()).close()));
        clientMethods.put(
                "connect(ClientConfig,ReplyListener)",
                new Use<>(
                        WORKS, c -> PaxosClient.connect(config(), (a, b, d, e, f) -> {}).close()));
        clientMethods.put(
                "start(ClientConfig,ReplyListener)",
                new Use<>(WORKS, c -> PaxosClient.start(config(), (a, b, d, e, f) -> {}).close()));
        clientMethods.put(
                "takeUp(ClientConfig,SessionToken,ReplyListener)",
                new Use<>(WORKS, this::takeUpWhatHasEnded));
        clientMethods.put(
                "offer(DirectBuffer,int,int)", new Use<>(WORKS, CallbacksTest::offerAnother));
        clientMethods.put("poll()", new Use<>(AT_ONCE, PaxosClient::poll));
        clientMethods.put("append(byte[],int)", new Use<>(AT_ONCE, c -> c.append(COMMAND, 10_000)));
        clientMethods.put(
                "append(byte[],Duration)",
                new Use<>(AT_ONCE, c -> c.append(COMMAND, Duration.ofSeconds(10))));
        clientMethods.put(
                "read(ReadMode,long,int,DirectBuffer,int,int)",
                new Use<>(WORKS, CallbacksTest::readAnother));
        clientMethods.put(
                "read(ReadMode,long,byte[],Duration)",
                new Use<>(
                        AT_ONCE, c -> c.read(ReadMode.STALE, 0, COMMAND, Duration.ofSeconds(10))));
        clientMethods.put("readFrom(String)", new Use<>(WORKS, c -> c.readFrom(null)));
        clientMethods.put("unansweredReads()", new Use<>(WORKS, PaxosClient::unansweredReads));
        clientMethods.put("tokenOf(long)", new Use<>(WORKS, c -> c.tokenOf(1)));
        clientMethods.put("isConnected()", new Use<>(WORKS, PaxosClient::isConnected));
        clientMethods.put("hasEnded()", new Use<>(WORKS, PaxosClient::hasEnded));
        clientMethods.put("endedBy()", new Use<>(WORKS, PaxosClient::endedBy));
        clientMethods.put("sessionEnd()", new Use<>(WORKS, PaxosClient::sessionEnd));
        clientMethods.put("sessionToken()", new Use<>(WORKS, PaxosClient::sessionToken));
        clientMethods.put("unanswered()", new Use<>(WORKS, PaxosClient::unanswered));
        clientMethods.put("leader()", new Use<>(WORKS, PaxosClient::leader));
        clientMethods.put("sessionId()", new Use<>(WORKS, PaxosClient::sessionId));
        clientMethods.put("drain(int)", new Use<>(AT_ONCE, c -> c.drain(10_000)));
        clientMethods.put(
                "drain(Duration)", new Use<>(AT_ONCE, c -> c.drain(Duration.ofSeconds(10))));
        clientMethods.put("close()", new Use<>(WORKS, PaxosClient::close));

        tailMethods.put(
                "open(ClientConfig,long,boolean,TailListener)",
                new Use<>(
                        WORKS, t -> PaxosTail.open(config(), 1, true, (a, b, c, d) -> {}).close()));
        tailMethods.put("poll()", new Use<>(AT_ONCE, PaxosTail::poll));
        tailMethods.put("isDone()", new Use<>(WORKS, PaxosTail::isDone));
        tailMethods.put("nextSlot()", new Use<>(WORKS, PaxosTail::nextSlot));
        tailMethods.put("firstKept()", new Use<>(WORKS, PaxosTail::firstKept));
        tailMethods.put("servingNode()", new Use<>(WORKS, PaxosTail::servingNode));
        tailMethods.put("close()", new Use<>(WORKS, PaxosTail::close));
    }

    private static void offerAnother(PaxosClient client) {
        long result = client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
        assertThat(result).isNotZero();
    }

    private static void readAnother(PaxosClient client) {
        UnsafeBuffer query = new UnsafeBuffer(COMMAND);
        long result = client.read(ReadMode.STALE, 0, 10_000, query, 0, query.capacity());
        assertThat(result).isNotZero();
    }

    private ClientConfig config() {
        return ClientConfig.of(cluster.addresses());
    }

    @AfterEach
    void closeAll() {
        if (crew != null) {
            crew.close();
        }
        cluster.close();
    }

    @Test
    void theTablesHoldEveryPublicMethod() {
        assertThat(clientMethods.keySet()).isEqualTo(publicMethodsOf(PaxosClient.class));
        assertThat(tailMethods.keySet()).isEqualTo(publicMethodsOf(PaxosTail.class));
        // Status is asked for by a static method, which knows no callback and stands alone.
        assertThat(publicMethodsOf(PaxosStatus.class))
                .containsExactlyInAnyOrder("ask(List,int)", "ask(List,Duration)");
    }

    private static Set<String> publicMethodsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> !method.isSynthetic())
                .map(CallbacksTest::signature)
                .collect(Collectors.toSet());
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(",", method.getName() + "(", ")"));
    }

    private void takeUpWhatHasEnded(PaxosClient client) {
        SessionToken token = new SessionToken(1, 1, 2, 3, 1, 0, 0);
        assertThatThrownBy(() -> PaxosClient.takeUp(config(), token, (a, b, d, e, f) -> {}))
                .isInstanceOf(ClientException.class);
    }

    /** Calls a whole table from within a callback, and notes what came of each. */
    private <T> void callAll(String callback, Map<String, Use<T>> methods, T target) {
        methods.forEach((name, use) -> seen.put(callback + " " + name, outcome(use, target)));
    }

    private static <T> String outcome(Use<T> use, T target) {
        try {
            use.call().on(target);
            return WORKS;
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("listener");
            return AT_ONCE;
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static byte[] bytes(DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    private <T> void assertAllAsExpected(String callback, Map<String, Use<T>> methods) {
        methods.forEach(
                (name, use) ->
                        assertThat(seen).containsEntry(callback + " " + name, use.expected()));
    }

    private PaxosClient connect(Asking listener, ClientConfig config) {
        crew = cluster.new Crew();
        PaxosClient client = PaxosClient.connect(config, listener);
        listener.client = client;
        return client;
    }

    /** Calls the whole table in its first reply and in what it hears is unknown. */
    private class Asking implements ReplyListener {
        PaxosClient client;

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
            heard.add("reply " + sequence);
            if (sequence == 1) {
                byte[] before = bytes(reply, offset, length);
                callAll("onReply", clientMethods, client);
                // The client was closed just now, and other clients beside it: the buffer is there.
                assertThat(bytes(reply, offset, length)).isEqualTo(before);
            }
        }

        @Override
        public void onSkipped(long sequence, long slot) {
            heard.add("skipped " + sequence);
            callAll("onSkipped", clientMethods, client);
        }

        @Override
        public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
            heard.add("unknown " + firstSequence + ".." + lastSequence + " " + why);
            cluster.choose(true);
            callAll("onUnknown", clientMethods, client);
        }
    }

    @Test
    void everyMethodOfAClientFromEveryCallbackOfAPoll() {
        PaxosClient client = connect(new Asking(), config());
        offerAnother(client);
        pollUntilClosed(client);
        assertAllAsExpected("onReply", clientMethods);
        // The command offered in the listener is answered or unknown; nothing comes after that.
        assertThat(heard).startsWith("reply 1").hasSize(2);
    }

    @Test
    void everyMethodOfAClientFromTheCallbacksOfReads() {
        for (String callback : List.of("onRead", "onReadFailed")) {
            PaxosClient[] client = new PaxosClient[1];
            closeCrew();
            crew = cluster.new Crew();
            client[0] =
                    PaxosClient.connect(
                            config(),
                            new ReplyListener() {
                                @Override
                                public void onReply(
                                        long seq, long slot, DirectBuffer b, int at, int length) {}

                                @Override
                                public void onRead(
                                        long read, long slot, DirectBuffer b, int at, int length) {
                                    callAll("onRead", clientMethods, client[0]);
                                    // Nothing lets the answer go meanwhile.
                                    String text = b.getStringWithoutLengthUtf8(at, length);
                                    heard.add(read + " " + text);
                                }

                                @Override
                                public void onReadFailed(long read, ClientError why, String about) {
                                    heard.add(read + " failed " + why);
                                    if (read == 1) {
                                        callAll("onReadFailed", clientMethods, client[0]);
                                    }
                                }
                            });
            String text = callback.equals("onRead") ? "pear" : "bad";
            UnsafeBuffer query = new UnsafeBuffer(text.getBytes(UTF_8));
            assertThat(client[0].read(ReadMode.STALE, 0, 10_000, query, 0, query.capacity()))
                    .isEqualTo(1);
            pollUntilClosed(client[0]);
            assertAllAsExpected(callback, clientMethods);
        }
        // What the listener asks is answered or not while its client closes; each once.
        assertThat(heard).startsWith("1 pear of 1").contains("1 failed QUERY_FAILED");
        assertThat(heard).filteredOn(text -> text.startsWith("1 ")).hasSize(2);
        assertThat(heard).filteredOn(text -> text.startsWith("2 ")).hasSize(2);
    }

    private void closeCrew() {
        if (crew != null) {
            crew.close();
        }
    }

    @Test
    void everyMethodOfAClientFromTheCallbackOfASkip() {
        PaxosClient client = connect(new Asking(), config());
        crew.close();
        cluster.skipNext();
        crew = cluster.new Crew();
        offerAnother(client);
        pollUntilClosed(client);
        assertAllAsExpected("onSkipped", clientMethods);
        assertThat(heard).startsWith("skipped 1").hasSize(2);
    }

    private static void pollUntilClosed(PaxosClient client) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!client.hasEnded()) {
            client.poll();
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(client.poll()).isZero();
    }

    @Test
    void everyMethodOfAClientFromItsErrorHandler() {
        PaxosClient[] client = new PaxosClient[1];
        crew = cluster.new Crew();
        client[0] =
                PaxosClient.connect(
                        config().withErrorHandler(
                                        e -> callAll(e.getMessage(), clientMethods, client[0])),
                        (sequence, slot, reply, offset, length) -> {
                            throw new IllegalArgumentException("handler");
                        });
        offerAnother(client[0]);
        pollUntilClosed(client[0]);
        assertAllAsExpected("handler", clientMethods);
    }

    @Test
    void everyMethodOfAClientFromTheLastCallbackOfClose() {
        PaxosClient client = connect(new Asking(), config());
        cluster.choose(false);
        offerAnother(client);
        client.close();
        assertThat(heard).containsExactly("unknown 1..1 CLOSED");
        assertAllAsExpected("onUnknown", clientMethods);
    }

    @Test
    void aClientThatIsClosedByItsListenerWithinAppendSaysSo() {
        PaxosClient[] client = new PaxosClient[1];
        crew = cluster.new Crew();
        client[0] =
                PaxosClient.connect(
                        config(), (sequence, slot, reply, offset, length) -> client[0].close());
        PaxosClient closed = client[0];
        offerAnother(closed);
        // Where both replies come together the second counts.
        try {
            assertThat(closed.append(COMMAND, 10_000).slot()).isPositive();
        } catch (ClientException e) {
            assertThat(e.error()).isEqualTo(ClientError.CLOSED);
        }
        assertThat(closed.hasEnded()).isTrue();
        assertThatThrownBy(() -> closed.append(COMMAND, 10_000))
                .isInstanceOf(ClientException.class)
                .hasMessage(ClientError.CLOSED.advice());
    }

    @Test
    void appendNeverReturnsAnotherCommandsReply() {
        List<Long> inner = new ArrayList<>();
        PaxosClient[] client = new PaxosClient[1];
        crew = cluster.new Crew();
        client[0] =
                PaxosClient.connect(
                        config(),
                        (sequence, slot, reply, offset, length) -> {
                            assertThatThrownBy(() -> client[0].append(COMMAND, 10_000))
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("append of a PaxosClient");
                            inner.add(slot);
                        });
        for (int i = 0; i < 20; i++) {
            offerAnother(client[0]);
        }
        long slot = client[0].append(COMMAND, 10_000).slot();
        assertThat(inner).hasSize(20).allMatch(s -> s < slot);
        client[0].close();
    }

    @Test
    void everyMethodOfATailFromItsListenerAndItsErrorHandler() {
        appendSome();
        for (String callback : List.of("onCommand", "handler")) {
            heard.clear();
            PaxosTail[] tail = new PaxosTail[1];
            ClientConfig config =
                    callback.equals("onCommand")
                            ? config()
                            : config().withErrorHandler(
                                            e -> callAll(callback, tailMethods, tail[0]));
            tail[0] =
                    PaxosTail.open(
                            config,
                            1,
                            true,
                            (slot, buffer, offset, length) -> {
                                heard.add("slot " + slot);
                                if (callback.equals("handler")) {
                                    throw new IllegalArgumentException();
                                }
                                byte[] before = bytes(buffer, offset, length);
                                callAll(callback, tailMethods, tail[0]);
                                assertThat(bytes(buffer, offset, length)).isEqualTo(before);
                            });
            pollUntilHeard(tail[0]);
            assertAllAsExpected(callback, tailMethods);
            // It was closed there: nothing more is heard, though more was in the same message.
            assertThat(heard).hasSize(1);
            assertThat(tail[0].poll()).isZero();
        }
    }

    private void appendSome() {
        crew = cluster.new Crew();
        try (PaxosClient client = PaxosClient.connect(cluster.addresses())) {
            for (int i = 0; i < 10; i++) {
                offerAnother(client);
            }
            assertThat(client.drain(10_000)).isTrue();
        }
    }

    private void pollUntilHeard(PaxosTail tail) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (heard.isEmpty()) {
            tail.poll();
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    @Test
    void aClientMayBeUsedFromWithinATail() {
        appendSome();
        try (PaxosClient client = PaxosClient.connect(cluster.addresses());
                PaxosTail tail =
                        PaxosTail.open(
                                config(),
                                1,
                                false,
                                (slot, buffer, offset, length) ->
                                        heard.add("" + client.append(COMMAND, 10_000).slot()))) {
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (!tail.isDone()) {
                tail.poll();
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
        assertThat(heard).hasSize(10).doesNotHaveDuplicates();
    }
}
