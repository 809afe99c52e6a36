package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.planted.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reads of the client that threads share, against real gateways: each is answered or fails once.
 */
@Timeout(120)
class SharedReadsTest {
    private static final Duration LONG = Duration.ofMillis(Patience.ms() / 2);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final byte[] PEAR = bytes("pear");

    private final FakeCluster cluster = new FakeCluster(2);
    private final ExecutorService others = Executors.newCachedThreadPool();
    private FakeCluster.Crew crew = cluster.new Crew();
    private SharedClient client;

    @AfterEach
    void closeAll() {
        others.shutdownNow();
        if (client != null) {
            client.close();
        }
        crew.close();
        cluster.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(ReadAnswer answer) {
        return new String(answer.bytes(), UTF_8);
    }

    private void connect(int window) {
        client = SharedClient.connect(ClientConfig.of(cluster.addresses()).withWindow(window));
    }

    private CompletableFuture<ReadAnswer> readAsync(ReadMode mode, String query) {
        return client.readAsync(mode, 0, bytes(query), LONG);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("does not come true").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static ClientException failureOf(ThrowingCallable call) {
        return Assertions.catchThrowableOfType(ClientException.class, call);
    }

    private static ClientException failureOf(CompletableFuture<?> future) {
        return (ClientException)
                Assertions.catchThrowable(() -> future.get(LONG.toSeconds(), TimeUnit.SECONDS))
                        .getCause();
    }

    /** Neither has an outcome that would have to be asked for. */
    private static void assertFails(ClientException failure, ClientError error) {
        assertThat(failure).isExactlyInstanceOf(ClientException.class);
        assertThat(failure.error()).isEqualTo(error);
        assertThat(failure.token()).isNull();
    }

    @Test
    void manyThreadsReadInEveryModeAndEachGetsItsOwnAnswer() throws Exception {
        connect(16);
        List<ReadMode> modes = List.of(ReadMode.values());
        List<Future<List<String>>> answers = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            int thread = t;
            answers.add(others.submit(() -> readSome(thread, modes)));
        }
        for (int t = 0; t < 16; t++) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                expected.add(t + ":" + i);
            }
            assertThat(answers.get(t).get()).containsExactlyElementsOf(expected);
        }
        assertThat(client.unansweredReads()).isZero();
    }

    private List<String> readSome(int thread, List<ReadMode> modes) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ReadMode mode = modes.get((thread + i) % modes.size());
            String query = thread + ":" + i;
            if (mode == ReadMode.LEASE) {
                // Refused or answered, as nodes have it; the others must be answered.
                failureOf(() -> client.read(mode, 0, bytes(query), LONG));
                answers.add(query);
                continue;
            }
            String answer = text(client.read(mode, 0, bytes(query), LONG));
            answers.add(answer.substring(0, answer.indexOf(" of ")));
        }
        return answers;
    }

    @Test
    void anAnswerComesWithItsSlotAndAnOwnCommandCanBeReadBack() {
        connect(16);
        long slot = client.append(PEAR, LONG).slot();
        ReadAnswer answer = client.read(ReadMode.AT_LEAST, slot, bytes("a"), LONG);
        assertThat(answer.slot()).isGreaterThanOrEqualTo(slot);
        CompletableFuture<ReadAnswer> far =
                client.readAsync(ReadMode.AT_LEAST, slot + 1, bytes("b"), LONG);
        client.append(PEAR, LONG);
        assertThat(far.join().slot()).isGreaterThan(slot);
    }

    @Test
    void queriesAreCopied() throws Exception {
        connect(1);
        cluster.node(1).isConfirming = false;
        CompletableFuture<ReadAnswer> first = readAsync(ReadMode.READ_INDEX, "a");
        byte[] query = bytes("one");
        Future<ReadAnswer> waiting =
                others.submit(() -> client.read(ReadMode.READ_INDEX, 0, query, LONG));
        await(() -> client.unansweredReads() == 2);
        query[0] = 'X';
        cluster.node(1).isConfirming = true;
        assertThat(text(first.join())).isEqualTo("a of 1");
        assertThat(text(waiting.get())).isEqualTo("one of 1");
    }

    @Test
    void aFullWindowRefusesThoseThatDoNotWaitAndHoldsTheOthers() throws Exception {
        connect(4);
        cluster.node(1).isConfirming = false;
        List<CompletableFuture<ReadAnswer>> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(readAsync(ReadMode.READ_INDEX, "" + i));
        }
        CompletableFuture<ReadAnswer> fifth = readAsync(ReadMode.READ_INDEX, "5");
        assertThat(fifth).isCompletedExceptionally();
        assertFails(failureOf(fifth), ClientError.WINDOW_FULL);
        assertFails(
                failureOf(() -> client.read(ReadMode.READ_INDEX, 0, PEAR, SHORT)),
                ClientError.WINDOW_FULL);
        // Commands have a window of their own.
        assertThat(client.append(PEAR, LONG).slot()).isPositive();
        Future<ReadAnswer> waiting =
                others.submit(() -> client.read(ReadMode.READ_INDEX, 0, bytes("w"), LONG));
        await(() -> client.unansweredReads() == 5);
        cluster.node(1).isConfirming = true;
        assertThat(text(waiting.get())).isEqualTo("w of 1");
        assertThat(taken).allMatch(read -> text(read.join()).endsWith(" of 1"));
        await(() -> client.unansweredReads() == 0);
        assertThat(text(readAsync(ReadMode.READ_INDEX, "6").join())).isEqualTo("6 of 1");
    }

    @Test
    void bytesAreBoundedAsReadsAre() {
        client = SharedClient.connect(ClientConfig.of(cluster.addresses()).withWindowBytes(1024));
        cluster.node(1).isConfirming = false;
        CompletableFuture<ReadAnswer> large =
                client.readAsync(ReadMode.READ_INDEX, 0, new byte[1024], LONG);
        assertFails(failureOf(readAsync(ReadMode.READ_INDEX, "a")), ClientError.WINDOW_FULL);
        assertFails(
                failureOf(client.readAsync(ReadMode.STALE, 0, new byte[1025], LONG)),
                ClientError.TOO_LARGE);
        cluster.node(1).isConfirming = true;
        large.join();
        assertThat(text(readAsync(ReadMode.READ_INDEX, "a").join())).isEqualTo("a of 1");
    }

    @Test
    void whatIsNotAnsweredInTimeSaysWhatItWaitedFor() {
        connect(16);
        cluster.node(1).isConfirming = false;
        CompletableFuture<ReadAnswer> read = client.readAsync(ReadMode.READ_INDEX, 0, PEAR, SHORT);
        ClientException waited = failureOf(() -> client.read(ReadMode.READ_INDEX, 0, PEAR, SHORT));
        assertFails(waited, ClientError.READ_TIMED_OUT);
        assertFails(failureOf(read), ClientError.READ_TIMED_OUT);
        // Who did not confirm it, or did not even say so in time: either way a reason stands there.
        assertThat(failureOf(read)).hasMessageContaining(": the read was not answered in time");
        assertFails(
                failureOf(client.readAsync(ReadMode.STALE, 0, PEAR, Duration.ZERO)),
                ClientError.READ_TIMED_OUT);
        await(() -> client.unansweredReads() == 0);
        cluster.node(1).isConfirming = true;
    }

    @Test
    void whatAQueryThrowsFailsThatReadOnly() {
        connect(16);
        CompletableFuture<ReadAnswer> bad = readAsync(ReadMode.READ_INDEX, "bad luck");
        assertThat(text(readAsync(ReadMode.READ_INDEX, "good").join())).isEqualTo("good of 1");
        assertFails(failureOf(bad), ClientError.QUERY_FAILED);
        assertThat(failureOf(bad)).hasMessageContaining("IllegalArgumentException: bad luck");
    }

    @Test
    void readsGoOnToTheNextLeader() {
        connect(16);
        cluster.node(1).isConfirming = false;
        CompletableFuture<ReadAnswer> read = readAsync(ReadMode.READ_INDEX, "a");
        await(() -> cluster.node(1).askedLeader > 0);
        crew.close();
        cluster.lead(2);
        crew = cluster.new Crew();
        assertThat(text(read.join())).isEqualTo("a of 2");
        cluster.node(1).isConfirming = true;
    }

    @Test
    void readsOfAnyNodeGoToTheOneThatWasNamed() {
        connect(16);
        for (int node : List.of(2, 1, 2)) {
            client.readFrom(cluster.addresses().get(node - 1));
            // Until the way there is open another one may answer.
            await(() -> text(readAsync(ReadMode.STALE, "a").join()).equals("a of " + node));
            assertThat(text(readAsync(ReadMode.STALE, "a").join())).isEqualTo("a of " + node);
        }
        client.readFrom(null);
        assertThat(text(readAsync(ReadMode.STALE, "a").join())).startsWith("a of ");
        assertThatThrownBy(() -> client.readFrom("nowhere"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closeEndsEveryRead() throws Exception {
        connect(1);
        cluster.node(1).isConfirming = false;
        CompletableFuture<ReadAnswer> asked = readAsync(ReadMode.READ_INDEX, "a");
        Future<ReadAnswer> held =
                others.submit(() -> client.read(ReadMode.READ_INDEX, 0, PEAR, LONG));
        await(() -> client.unansweredReads() == 2);
        client.close();
        assertFails(failureOf(asked), ClientError.CLOSED);
        assertThatThrownBy(held::get)
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, e -> assertFails(e, ClientError.CLOSED));
        assertThat(client.unansweredReads()).isZero();
        assertFails(failureOf(readAsync(ReadMode.STALE, "b")), ClientError.CLOSED);
        assertFails(
                failureOf(() -> client.read(ReadMode.STALE, 0, PEAR, LONG)), ClientError.CLOSED);
    }

    @Test
    void aSessionThatIsGoneEndsReadsToo() {
        connect(16);
        cluster.node(1).isConfirming = false;
        CompletableFuture<ReadAnswer> read = readAsync(ReadMode.READ_INDEX, "a");
        await(() -> cluster.node(1).askedLeader > 0);
        crew.close();
        cluster.closeSession(client.sessionId());
        crew = cluster.new Crew();
        assertFails(failureOf(read), ClientError.SESSION_EXPIRED);
        await(() -> client.endedBy() == ClientError.SESSION_EXPIRED);
        assertFails(failureOf(readAsync(ReadMode.STALE, "b")), ClientError.SESSION_EXPIRED);
    }

    @Test
    void anInterruptEndsTheWaitAndTheReadHarmsNobody() throws Exception {
        connect(1);
        Thread.currentThread().interrupt();
        assertFails(
                failureOf(() -> client.read(ReadMode.STALE, 0, PEAR, LONG)),
                ClientError.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
        cluster.node(1).isConfirming = false;
        long askedBefore = cluster.node(1).askedLeader;
        // The first was asked, the second waits for its turn.
        for (int before = 0; before < 2; before++) {
            int held = before;
            List<Object> seen = new ArrayList<>();
            Thread waiting =
                    new Thread(
                            () -> {
                                seen.add(
                                        failureOf(
                                                        () ->
                                                                client.read(
                                                                        ReadMode.READ_INDEX,
                                                                        0,
                                                                        PEAR,
                                                                        LONG))
                                                .error());
                                seen.add(Thread.interrupted());
                            });
            waiting.start();
            await(
                    () ->
                            client.unansweredReads() == held + 1
                                    && cluster.node(1).askedLeader != askedBefore
                                    && waiting.getState() == Thread.State.TIMED_WAITING);
            waiting.interrupt();
            waiting.join();
            assertThat(seen).containsExactly(ClientError.INTERRUPTED, true);
        }
        // Who waited for a turn gives it up; what was asked keeps its place.
        await(() -> client.unansweredReads() == 1);
        cluster.node(1).isConfirming = true;
        assertThat(client.read(ReadMode.READ_INDEX, 0, PEAR, LONG).slot()).isPositive();
    }

    /** Deadlines are kept also while a callback keeps the client's thread. */
    @Test
    void aCallbackThatStaysKeepsNobodyBeyondHisDeadline() {
        connect(16);
        CountDownLatch isInside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        cluster.node(1).isConfirming = false;
        CompletableFuture<Void> kept =
                readAsync(ReadMode.READ_INDEX, "a")
                        .thenAccept(
                                answer -> {
                                    isInside.countDown();
                                    awaitUninterruptibly(mayLeave);
                                });
        cluster.node(1).isConfirming = true;
        awaitUninterruptibly(isInside);
        ClientException late = failureOf(() -> client.read(ReadMode.STALE, 0, PEAR, SHORT));
        assertFails(late, ClientError.READ_TIMED_OUT);
        assertThat(late).hasMessageStartingWith("a callback keeps the client's thread");
        mayLeave.countDown();
        kept.join();
        assertThat(client.read(ReadMode.STALE, 0, PEAR, LONG).slot()).isPositive();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsCancelledGivesItsPlaceBackOnceItIsAnswered() {
        connect(1);
        cluster.node(1).isConfirming = false;
        long askedBefore = cluster.node(1).askedLeader;
        CompletableFuture<ReadAnswer> cancelled = readAsync(ReadMode.READ_INDEX, "a");
        await(() -> cluster.node(1).askedLeader != askedBefore);
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(client.unansweredReads()).isEqualTo(1);
        cluster.node(1).isConfirming = true;
        await(() -> client.unansweredReads() == 0);
        assertThat(text(readAsync(ReadMode.READ_INDEX, "b").join())).isEqualTo("b of 1");
    }

    @Test
    void whatIsNoReadIsRefusedByTheCaller() {
        connect(1);
        assertThatThrownBy(() -> client.readAsync(null, 0, PEAR, LONG))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> client.readAsync(ReadMode.STALE, 0, null, LONG))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> client.readAsync(ReadMode.STALE, -1, PEAR, LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slot: 0 or more, not -1");
        assertThatThrownBy(() -> client.read(ReadMode.STALE, 0, PEAR, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("timeout: 0 or more");
        assertThat(client.unansweredReads()).isZero();
    }
}
