package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.PaxosOutcome.Fate;
import io.paxoslog.core.planted.Patience;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client that threads share, against nodes whose log the test decides about. */
@Timeout(120)
class SharedClientTest {
    private static final String HERE = "here";
    private static final Duration LONG = Duration.ofMillis(Patience.ms() / 2);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final byte[] PEAR = "pear".getBytes(UTF_8);

    private final FakeCluster cluster = new FakeCluster(2);
    private final ExecutorService others = Executors.newCachedThreadPool();
    private FakeCluster.Crew crew = cluster.new Crew();
    private SharedClient client;

    @AfterEach
    void closeAll() {
        assertThat(Thread.interrupted()).as("an interrupt is left over").isFalse();
        others.shutdownNow();
        if (client != null) {
            client.close();
        }
        crew.close();
        cluster.close();
        assertThat(ownThreads()).isEmpty();
    }

    private ClientConfig config() {
        return ClientConfig.of(cluster.addresses());
    }

    private SharedClient connect() {
        return connect(config());
    }

    private SharedClient connect(ClientConfig config) {
        client = SharedClient.connect(config);
        return client;
    }

    /** Of clients of this test: other class loaders may have left some. */
    private static List<String> ownThreads() {
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getContextClassLoader() == own)
                .map(Thread::getName)
                .filter(name -> name.startsWith("paxos-client"))
                .toList();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("does not come true").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** From now on another node leads, or none does; the client has noticed. */
    private void lead(int node) {
        crew.close();
        cluster.lead(node);
        crew = cluster.new Crew();
        await(() -> client.leader() == node);
    }

    private static ClientException failureOf(Future<?> future) {
        try {
            future.get(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (ClientException) e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it was done");
    }

    private static void assertRefused(ClientException failure, ClientError error) {
        assertThat(failure).isInstanceOf(RefusedException.class);
        assertThat(failure.error()).isEqualTo(error);
        assertThat(failure.token()).isNull();
    }

    private static void assertUnknown(ClientException failure, ClientError error) {
        assertThat(failure).isInstanceOf(UnknownOutcomeException.class);
        assertThat(failure.error()).isEqualTo(error);
        assertThat(failure.token()).isNotNull();
    }

    private static ClientException failureOf(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(ClientException.class, call);
    }

    private List<String> effects() {
        crew.close();
        List<String> effects = List.copyOf(cluster.node(1).effects);
        crew = cluster.new Crew();
        return effects;
    }

    @Test
    void manyThreadsAppendEachInItsOrderAndEachOnce() throws Exception {
        connect(config().withWindow(16));
        int threads = 32;
        int each = 40;
        List<Future<List<Long>>> slots = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            slots.add(others.submit(() -> appendSome(thread, each)));
        }
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> some : slots) {
            assertThat(some.get()).hasSize(each).isSorted();
            all.addAll(some.get());
        }
        assertThat(all).doesNotHaveDuplicates();
        assertThat(client.unanswered()).isZero();
        List<String> effects = effects();
        assertThat(effects).hasSize(threads * each);
        for (int t = 0; t < threads; t++) {
            String own = t + ":";
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                expected.add(own + i);
            }
            assertThat(effects.stream().filter(effect -> effect.startsWith(own)))
                    .containsExactlyElementsOf(expected);
        }
    }

    /** One half waits for each reply, the other for none. */
    private List<Long> appendSome(int thread, int count) {
        List<Long> slots = new ArrayList<>();
        List<CompletableFuture<Appended>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] command = (thread + ":" + i).getBytes(UTF_8);
            if (thread % 2 == 0) {
                slots.add(client.append(command, LONG).slot());
            } else {
                CompletableFuture<Appended> future = client.appendAsync(command, LONG);
                while (future.isCompletedExceptionally()) {
                    assertRefused(failureOf(future), ClientError.WINDOW_FULL);
                    LockSupport.parkNanos(100_000);
                    future = client.appendAsync(command, LONG);
                }
                futures.add(future);
            }
        }
        futures.forEach(future -> slots.add(future.join().slot()));
        return slots;
    }

    @Test
    void commandsAreCopied() {
        connect();
        byte[] command = "one".getBytes(UTF_8);
        lead(0);
        CompletableFuture<Appended> first = client.appendAsync(command, LONG);
        command[0] = 'X';
        lead(1);
        first.join();
        assertThat(effects()).containsExactly("one");
    }

    @Test
    void whatWasNotSentByItsDeadlineDidNotHappen() {
        connect();
        lead(0);
        long begin = System.nanoTime();
        CompletableFuture<Appended> future = client.appendAsync(PEAR, SHORT);
        assertRefused(failureOf(() -> client.append(PEAR, SHORT)), ClientError.NO_LEADER);
        assertRefused(failureOf(future), ClientError.NO_LEADER);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORT.toNanos());
        lead(1);
        client.append("plum".getBytes(UTF_8), LONG);
        assertThat(effects()).containsExactly("plum");
        assertThat(client.unanswered()).isZero();
    }

    @Test
    void whatWasSentAndNotAnsweredIsUnknownAndItsTokenTells() {
        connect();
        cluster.choose(false);
        CompletableFuture<Appended> future = client.appendAsync(PEAR, SHORT);
        ClientException waited = failureOf(() -> client.append(PEAR, SHORT));
        ClientException chained = failureOf(future);
        assertUnknown(waited, ClientError.TIMED_OUT);
        assertUnknown(chained, ClientError.TIMED_OUT);
        // They still take room: their replies are to come.
        assertThat(client.unanswered()).isEqualTo(2);
        cluster.choose(true);
        await(() -> client.unanswered() == 0);
        assertThat(PaxosOutcome.ask(cluster.addresses(), waited.token(), 10_000).fate())
                .isIn(Fate.APPLIED, Fate.REPLY_GONE);
        assertThat(client.append(PEAR, LONG).slot()).isPositive();
    }

    @Test
    void aFullWindowRefusesThoseThatDoNotWaitAndHoldsTheOthers() throws Exception {
        connect(config().withWindow(4));
        cluster.choose(false);
        List<CompletableFuture<Appended>> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(client.appendAsync(PEAR, LONG));
        }
        CompletableFuture<Appended> fifth = client.appendAsync(PEAR, LONG);
        assertThat(fifth).isCompletedExceptionally();
        assertRefused(failureOf(fifth), ClientError.WINDOW_FULL);
        assertRefused(failureOf(() -> client.append(PEAR, SHORT)), ClientError.WINDOW_FULL);
        Future<Appended> waiting = others.submit(() -> client.append(PEAR, LONG));
        await(() -> client.unanswered() == 5);
        cluster.choose(true);
        long slot = waiting.get().slot();
        assertThat(taken).allMatch(future -> future.join().slot() < slot);
        assertThat(effects()).hasSize(5);
        client.appendAsync(PEAR, LONG).join();
    }

    @Test
    void bytesAreBoundedAsCommandsAre() {
        connect(config().withWindowBytes(1024));
        cluster.choose(false);
        assertThat(client.appendAsync(new byte[1020], LONG)).isNotDone();
        assertRefused(failureOf(client.appendAsync(new byte[1], LONG)), ClientError.WINDOW_FULL);
        assertRefused(failureOf(client.appendAsync(new byte[1021], LONG)), ClientError.TOO_LARGE);
        cluster.choose(true);
        assertThat(client.append(new byte[1020], LONG).slot()).isPositive();
    }

    /** However many threads wait, what came to its deadline leaves nothing behind. */
    @Test
    void whatIsRefusedWhileNobodyLeadsMakesRoomAgain() {
        connect(config().withWindow(8));
        lead(0);
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<Appended>> futures = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                futures.add(client.appendAsync(PEAR, Duration.ofMillis(50)));
            }
            futures.forEach(future -> assertRefused(failureOf(future), ClientError.NO_LEADER));
            await(() -> client.unanswered() == 0);
        }
        lead(1);
        client.append(PEAR, LONG);
        assertThat(effects()).hasSize(1);
    }

    @Test
    void aCommandGoesOnToTheNextLeader() {
        connect();
        cluster.choose(false);
        CompletableFuture<Appended> future = client.appendAsync(PEAR, LONG);
        await(() -> client.unanswered() == 1);
        crew.close();
        cluster.loseOpen();
        cluster.lead(2);
        cluster.choose(true);
        crew = cluster.new Crew();
        assertThat(future.join().slot()).isPositive();
        assertThat(effects()).containsExactly("pear");
    }

    @Test
    void closeEndsEverythingOnce() {
        connect(config().withWindow(2));
        cluster.choose(false);
        CompletableFuture<Appended> sent = client.appendAsync(PEAR, LONG);
        await(() -> client.unanswered() == 1 && cluster.node(1).proposals == 2);
        CompletableFuture<Appended> second = client.appendAsync(PEAR, LONG);
        Future<Appended> held = others.submit(() -> client.append(PEAR, LONG));
        await(() -> client.unanswered() == 3);
        client.close();
        assertThat(ownThreads()).isEmpty();
        assertUnknown(failureOf(sent), ClientError.CLOSED);
        // Sent or not, as it came.
        assertThat(failureOf(second).error()).isEqualTo(ClientError.CLOSED);
        assertRefused(failureOf(held), ClientError.CLOSED);
        assertThat(client.endedBy()).isEqualTo(ClientError.CLOSED);
        assertThat(client.isConnected()).isFalse();
        assertThat(client.unanswered()).isZero();
        client.close();
        assertRefused(failureOf(client.appendAsync(PEAR, LONG)), ClientError.CLOSED);
        assertRefused(failureOf(() -> client.append(PEAR, LONG)), ClientError.CLOSED);
    }

    @Test
    void manyThreadsCloseWhileManyAppend() throws Exception {
        connect();
        List<Future<Integer>> appending = new ArrayList<>();
        CountDownLatch haveBegun = new CountDownLatch(8);
        for (int t = 0; t < 8; t++) {
            appending.add(others.submit(() -> appendUntilClosed(haveBegun)));
        }
        haveBegun.await();
        List<Future<?>> closing = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            closing.add(others.submit(client::close));
        }
        for (Future<?> close : closing) {
            close.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        int done = 0;
        for (Future<Integer> some : appending) {
            done += some.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(effects()).hasSizeGreaterThanOrEqualTo(done);
    }

    private int appendUntilClosed(CountDownLatch haveBegun) {
        int done = 0;
        while (true) {
            try {
                client.append(PEAR, LONG);
                done++;
                haveBegun.countDown();
            } catch (ClientException e) {
                assertThat(e.error()).isEqualTo(ClientError.CLOSED);
                return done;
            }
        }
    }

    @Test
    void aSessionThatIsGoneEndsTheClient() {
        connect();
        cluster.choose(false);
        CompletableFuture<Appended> future = client.appendAsync(PEAR, LONG);
        await(() -> client.unanswered() == 1);
        crew.close();
        cluster.closeSession(client.sessionId());
        crew = cluster.new Crew();
        assertUnknown(failureOf(future), ClientError.SESSION_EXPIRED);
        await(() -> client.endedBy() == ClientError.SESSION_EXPIRED);
        assertRefused(failureOf(client.appendAsync(PEAR, LONG)), ClientError.SESSION_EXPIRED);
        await(() -> ownThreads().isEmpty());
    }

    @Test
    void whoeverConnectsToNobodyIsToldAndNothingIsLeft() {
        ClientConfig nobody =
                ClientConfig.of(List.of("127.0.0.1:" + FreePorts.two())).withConnectTimeout(SHORT);
        assertThat(failureOf(() -> SharedClient.connect(nobody)).error())
                .isEqualTo(ClientError.NO_ANSWER);
        crew.close();
        cluster.lead(0);
        crew = cluster.new Crew();
        ClientConfig leaderless = config().withConnectTimeout(Duration.ofSeconds(2));
        assertThat(failureOf(() -> SharedClient.connect(leaderless)).error())
                .isEqualTo(ClientError.NO_LEADER);
        assertThat(ownThreads()).isEmpty();
    }

    /** Through a translation of addresses it would be another one than the client's own. */
    @Test
    void nodesAnswerAtThePortThatAClientNames() {
        int port = FreePorts.two();
        connect(config().withAdvertisedPort(port));
        assertThat(client.append(PEAR, LONG).slot()).isPositive();
        assertThat(text(client.read(ReadMode.READ_INDEX, 0, PEAR, LONG))).isEqualTo("pear of 1");
        ClientConfig same = config().withAdvertisedPort(port);
        assertThat(failureOf(() -> SharedClient.connect(same)).error())
                .isEqualTo(ClientError.PORT_TAKEN);
        ClientConfig beside = config().withBind("127.0.0.1:" + (port + 1)).withConnectTimeout(LONG);
        try (SharedClient other = SharedClient.connect(beside)) {
            assertThat(other.append(PEAR, LONG).slot()).isPositive();
        }
    }

    /** What it says reaches the node, and what the node says goes nowhere. */
    @Test
    void aClientWhoseAnswersDoNotArriveSaysSo() {
        ClientConfig config =
                config().withBind("127.0.0.1:0")
                        .withAdvertisedPort(FreePorts.two())
                        .withConnectTimeout(Duration.ofSeconds(2));
        ClientException failure = failureOf(() -> SharedClient.connect(config));
        assertThat(failure.error()).isEqualTo(ClientError.NO_ANSWER);
        assertThat(failure).hasMessageContaining("its answers do not arrive at 0.0.0.0:");
    }

    private static String text(ReadAnswer answer) {
        return new String(answer.bytes(), UTF_8);
    }

    @Test
    void anInterruptEndsTheWaitAndSaysWhatIsKnown() throws Exception {
        connect(config().withWindow(1));
        Thread.currentThread().interrupt();
        assertRefused(failureOf(() -> client.append(PEAR, LONG)), ClientError.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
        cluster.choose(false);
        // The first was sent, the second waits for its turn.
        for (Class<?> expected : List.of(UnknownOutcomeException.class, RefusedException.class)) {
            int before = client.unanswered();
            List<Object> seen = new ArrayList<>();
            Thread waiting =
                    new Thread(
                            () -> {
                                ClientException failure =
                                        failureOf(() -> client.append(PEAR, LONG));
                                seen.add(failure.getClass());
                                seen.add(failure.error());
                                seen.add(Thread.interrupted());
                            });
            waiting.start();
            await(
                    () ->
                            client.unanswered() == before + 1
                                    && cluster.node(1).proposals == 2
                                    && waiting.getState() == Thread.State.TIMED_WAITING);
            waiting.interrupt();
            waiting.join();
            assertThat(seen).containsExactly(expected, ClientError.INTERRUPTED, true);
        }
        cluster.choose(true);
        client.append(PEAR, LONG);
        assertThat(effects()).hasSize(2);
    }

    @Test
    void whatIsCancelledBeforeItIsSentIsNeverSent() {
        connect();
        lead(0);
        CompletableFuture<Appended> cancelled = client.appendAsync(PEAR, LONG);
        CompletableFuture<Appended> other = client.appendAsync("plum".getBytes(UTF_8), LONG);
        assertThat(cancelled.cancel(true)).isTrue();
        lead(1);
        other.join();
        assertThat(effects()).containsExactly("plum");
        assertThat(client.unanswered()).isZero();
    }

    @Test
    void whatACallbackThrowsStaysInItsFuture() {
        connect();
        CompletableFuture<Object> broken =
                client.appendAsync(PEAR, LONG)
                        .thenApply(
                                appended -> {
                                    throw new IllegalStateException("mine");
                                });
        assertThatThrownBy(broken::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("mine");
        assertThat(client.append(PEAR, LONG).slot()).isPositive();
    }

    /** Deadlines are kept also while a callback keeps the client's thread. */
    @Test
    void aCallbackThatStaysKeepsNobodyBeyondHisDeadline() {
        connect();
        CountDownLatch isInside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        // Chained to a future that is done it would run on this thread.
        cluster.choose(false);
        CompletableFuture<Void> kept =
                client.appendAsync(PEAR, LONG)
                        .thenAccept(
                                appended -> {
                                    isInside.countDown();
                                    awaitUninterruptibly(mayLeave);
                                });
        cluster.choose(true);
        awaitUninterruptibly(isInside);
        assertThat(failureOf(() -> client.append(PEAR, SHORT)))
                .isInstanceOf(RefusedException.class);
        mayLeave.countDown();
        kept.join();
        client.append(PEAR, LONG);
        assertThat(effects()).hasSize(2);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private interface Use {
        Object of(SharedClient client);
    }

    /** Every public method, and whether it waits for what only the client's thread can bring. */
    private static Map<String, Use> methods(boolean waiting) {
        Map<String, Use> methods = new LinkedHashMap<>();
        if (waiting) {
            methods.put("append(byte[],Duration)", c -> c.append(PEAR, LONG));
            methods.put(
                    "read(ReadMode,long,byte[],Duration)",
                    c -> c.read(ReadMode.STALE, 0, PEAR, LONG));
        } else {
            methods.put("appendAsync(byte[],Duration)", c -> "" + c.appendAsync(PEAR, LONG));
            methods.put(
                    "readAsync(ReadMode,long,byte[],Duration)",
                    c -> "" + c.readAsync(ReadMode.STALE, 0, PEAR, LONG));
            methods.put("isConnected()", SharedClient::isConnected);
            methods.put("leader()", SharedClient::leader);
            methods.put("sessionId()", SharedClient::sessionId);
            methods.put("unanswered()", SharedClient::unanswered);
            methods.put("unansweredReads()", SharedClient::unansweredReads);
            methods.put(
                    "readFrom(String)",
                    c -> {
                        c.readFrom(null);
                        return "done";
                    });
            methods.put("endedBy()", c -> "" + c.endedBy());
            methods.put("sessionEnd()", c -> "" + c.sessionEnd());
            methods.put("sessionToken()", SharedClient::sessionToken);
            methods.put(
                    "close()",
                    c -> {
                        c.close();
                        return "closing";
                    });
        }
        return methods;
    }

    @Test
    void theTablesHoldEveryPublicMethod() {
        assertThat(publicMethods())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(true, false)
                                .flatMap(waiting -> methods(waiting).keySet().stream())
                                .toList());
    }

    @Test
    void everyPublicMethodFromTheCallbackOfACommand() {
        connect();
        cluster.choose(false);
        everyPublicMethodFrom(client.appendAsync(PEAR, LONG), () -> cluster.choose(true));
    }

    @Test
    void everyPublicMethodFromTheCallbackOfARead() {
        connect();
        cluster.node(1).isConfirming = false;
        everyPublicMethodFrom(
                client.readAsync(ReadMode.READ_INDEX, 0, PEAR, LONG),
                () -> cluster.node(1).isConfirming = true);
    }

    @Test
    void everyPublicMethodFromTheCallbackOfAReadThatFails() {
        connect();
        everyPublicMethodFrom(
                client.readAsync(ReadMode.AT_LEAST, Long.MAX_VALUE, PEAR, SHORT)
                        .exceptionally(late -> null),
                () -> {});
    }

    /**
     * @param toCome has the future come to its end, once somebody has chained to it
     */
    private void everyPublicMethodFrom(CompletableFuture<?> begun, Runnable toCome) {
        CompletableFuture<Appended> sibling = new CompletableFuture<>();
        CompletableFuture<ReadAnswer> siblingRead = new CompletableFuture<>();
        CompletableFuture<Void> called =
                begun.thenAccept(
                        result -> {
                            CompletableFuture<Appended> open = client.appendAsync(PEAR, LONG);
                            CompletableFuture<ReadAnswer> openRead =
                                    client.readAsync(ReadMode.STALE, 0, PEAR, LONG);
                            assertNobodyWaitsFor(open);
                            assertNobodyWaitsFor(openRead);
                            methods(true)
                                    .values()
                                    .forEach(use -> assertOwnThread(() -> use.of(client)));
                            methods(false)
                                    .values()
                                    .forEach(use -> assertThat(use.of(client)).isNotNull());
                            assertThat(passOn(open, sibling)).isNotDone();
                            assertThat(passOn(openRead, siblingRead)).isNotDone();
                        });
        toCome.run();
        called.join();
        // Closed within the callback: what was given there was not sent yet.
        assertRefused(failureOf(sibling), ClientError.CLOSED);
        assertThat(failureOf(siblingRead).error()).isEqualTo(ClientError.CLOSED);
        await(() -> ownThreads().isEmpty());
        assertThat(client.endedBy()).isEqualTo(ClientError.CLOSED);
    }

    private static void assertNobodyWaitsFor(CompletableFuture<?> open) {
        assertOwnThread(() -> open.get(1, TimeUnit.SECONDS));
        assertOwnThread(open::get);
        assertOwnThread(open::join);
        assertOwnThread(() -> open.thenApply(a -> a).join());
    }

    private static <T> CompletableFuture<T> passOn(
            CompletableFuture<T> from, CompletableFuture<T> to) {
        return from.whenComplete((result, failure) -> to.completeExceptionally(failure));
    }

    private static void assertOwnThread(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would wait for itself");
    }

    private static List<String> publicMethods() {
        return Arrays.stream(SharedClient.class.getDeclaredMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(SharedClientTest::signature)
                .toList();
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(",", method.getName() + "(", ")"));
    }

    @Test
    void severalClientsShareADriverAndAThread() {
        List<SharedClient> clients = new ArrayList<>();
        int appended = 0;
        try (ClientDriver driver = ClientDriver.launch(config())) {
            for (int i = 0; i < 5; i++) {
                clients.add(driver.connect());
            }
            assertThat(ownThreads()).hasSize(1);
            assertThat(clients).extracting(SharedClient::sessionId).doesNotHaveDuplicates();
            List<CompletableFuture<Appended>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                futures.add(clients.get(i % 5).appendAsync(("" + i).getBytes(UTF_8), LONG));
                appended++;
            }
            futures.forEach(CompletableFuture::join);
            clients.get(0).close();
            assertThat(clients.get(0).endedBy()).isEqualTo(ClientError.CLOSED);
            assertThat(clients.get(1).append(PEAR, LONG).slot()).isPositive();
            appended++;
            Thread here = Thread.currentThread();
            String said;
            do {
                appended++;
                said =
                        clients.get(1)
                                .appendAsync(PEAR, LONG)
                                .thenApply(a -> connectUnlessOn(here, driver))
                                .join();
            } while (said.equals(HERE));
            assertThat(said).isEqualTo("IllegalStateException");
        }
        assertThat(clients).allMatch(ended -> ended.endedBy() == ClientError.CLOSED);
        assertThat(ownThreads()).isEmpty();
        assertThat(effects()).hasSize(appended);
    }

    /** Whoever asks for more once the answer has come does it on its own thread. */
    private static String connectUnlessOn(Thread here, ClientDriver driver) {
        if (Thread.currentThread() == here) {
            return HERE;
        }
        try {
            driver.connect();
            return "works";
        } catch (IllegalStateException e) {
            return e.getClass().getSimpleName();
        }
    }

    @Test
    void aDriverCarriesSoManyClientsAndNoMore() {
        try (ClientDriver driver = ClientDriver.launch(config())) {
            for (int i = 0; i < ClientDriver.MOST_CLIENTS; i++) {
                driver.connect();
            }
            assertThatThrownBy(driver::connect)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("" + ClientDriver.MOST_CLIENTS);
        }
        assertThat(ownThreads()).isEmpty();
        ClientDriver closed = ClientDriver.launch(config());
        closed.close();
        assertThat(failureOf(closed::connect).error()).isEqualTo(ClientError.CLOSED);
    }

    /** What breaks the thread breaks nobody's wait. */
    @Test
    void whatBreaksTheThreadEndsEveryFuture() {
        connect();
        List<Throwable> handled = new ArrayList<>();
        ClientConfig config = config().withErrorHandler(handled::add);
        cluster.choose(false);
        SharedClient broken;
        CompletableFuture<Appended> sent;
        try (BreakingCarrier.Switch toBreak = new BreakingCarrier.Switch();
                ClientDriver driver = ClientDriver.launch(config, toBreak.carriers())) {
            cluster.choose(true);
            broken = driver.connect();
            cluster.choose(false);
            sent = broken.appendAsync(PEAR, LONG);
            await(() -> broken.unanswered() == 1 && cluster.node(1).proposals == 3);
            toBreak.now();
            assertUnknown(failureOf(sent), ClientError.CLOSED);
            assertThat(failureOf(sent)).hasRootCauseMessage("broken by the test");
            assertRefused(failureOf(broken.appendAsync(PEAR, LONG)), ClientError.CLOSED);
        }
        assertThat(handled).hasSize(1);
        cluster.choose(true);
    }
}
