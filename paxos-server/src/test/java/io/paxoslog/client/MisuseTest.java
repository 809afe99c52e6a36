package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What real programs do to clients: interrupts, second threads, listeners that throw. */
class MisuseTest {
    private static final byte[] COMMAND = "pear".getBytes(UTF_8);
    private static final int PATIENCE_MS = 20_000;

    private final FakeCluster cluster = new FakeCluster(2);
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private FakeCluster.Crew crew;

    @AfterEach
    void closeAll() {
        assertThat(Thread.interrupted()).as("an interrupt is left over").isFalse();
        other.shutdownNow();
        if (crew != null) {
            crew.close();
        }
        cluster.close();
    }

    private PaxosClient connect() {
        crew = cluster.new Crew();
        return PaxosClient.connect(cluster.addresses());
    }

    private static void assertError(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ClientError error) {
        assertThatThrownBy(call)
                .isInstanceOf(ClientException.class)
                .extracting(e -> ((ClientException) e).error())
                .isEqualTo(error);
    }

    @Test
    void anInterruptedThreadSendsNothingAndKeepsItsInterrupt() {
        try (PaxosClient client = connect()) {
            Thread.currentThread().interrupt();
            assertError(() -> client.append(COMMAND, PATIENCE_MS), ClientError.INTERRUPTED);
            assertThat(client.unanswered()).isZero();
            assertThat(client.isConnected()).isTrue();
            client.poll();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(client.append(COMMAND, PATIENCE_MS).slot()).isPositive();
        }
    }

    @Test
    void aPollByAnInterruptedThreadWorks() {
        try (PaxosClient client = connect()) {
            Thread.currentThread().interrupt();
            client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
            while (client.unanswered() > 0 && System.nanoTime() < deadline) {
                client.poll();
            }
            assertThat(client.unanswered()).isZero();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anInterruptedThreadConnectsToNothingAndAsksForNothing() {
        crew = cluster.new Crew();
        Thread.currentThread().interrupt();
        assertError(() -> PaxosClient.connect(cluster.addresses()), ClientError.INTERRUPTED);
        assertError(
                () -> PaxosStatus.ask(cluster.addresses(), PATIENCE_MS), ClientError.INTERRUPTED);
        PaxosTail.open(ClientConfig.of(cluster.addresses()), 1, true, (a, b, c, d) -> {}).close();
        assertThat(Thread.interrupted()).isTrue();
        PaxosClient.connect(cluster.addresses()).close();
    }

    /** As a cancelled future does: the one who waits is let go, and the client goes on. */
    @Test
    void anAppendThatIsCancelledEndsAndTheClientGoesOn() throws Exception {
        cluster.lead(0);
        crew = cluster.new Crew();
        List<Long> late = new ArrayList<>();
        PaxosClient client =
                PaxosClient.start(
                        ClientConfig.of(cluster.addresses()), (s, slot, b, o, l) -> late.add(s));
        CountDownLatch isOver = new CountDownLatch(1);
        List<Object> seen = new ArrayList<>();
        CountDownLatch hasBegun = new CountDownLatch(1);
        Future<?> asked =
                other.submit(
                        () -> {
                            try {
                                hasBegun.countDown();
                                client.append(COMMAND, 600_000);
                            } catch (ClientException e) {
                                seen.add(e.error());
                                seen.add(Thread.currentThread().isInterrupted());
                            } finally {
                                isOver.countDown();
                            }
                        });
        hasBegun.await();
        asked.cancel(true);
        assertThat(isOver.await(PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(seen).containsExactly(ClientError.INTERRUPTED, true);
        crew.close();
        cluster.lead(1);
        crew = cluster.new Crew();
        client.append(COMMAND, PATIENCE_MS);
        // It may have been interrupted before it sent anything; else its reply goes to the
        // listener.
        assertThat(client.unanswered()).isZero();
        assertThat(late).hasSizeLessThanOrEqualTo(1);
        client.close();
    }

    @Test
    void interruptsAtAnyMomentHarmNobody() {
        try (PaxosClient client = connect()) {
            Thread user = Thread.currentThread();
            AtomicBoolean isToStop = new AtomicBoolean();
            Future<?> disturbing =
                    other.submit(
                            () -> {
                                while (!isToStop.get()) {
                                    user.interrupt();
                                    Thread.onSpinWait();
                                }
                            });
            int answered = 0;
            int interrupted = 0;
            for (int i = 0; i < 300; i++) {
                try {
                    client.append(COMMAND, PATIENCE_MS);
                    answered++;
                } catch (ClientException e) {
                    assertThat(e.error()).isIn(ClientError.INTERRUPTED, ClientError.WINDOW_FULL);
                    interrupted++;
                }
                client.poll();
            }
            isToStop.set(true);
            while (!disturbing.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(Thread.interrupted()).isTrue();
            assertThat(interrupted).isPositive();
            assertThat(client.drain(PATIENCE_MS)).isTrue();
            assertThat(client.append(COMMAND, PATIENCE_MS).slot()).isGreaterThan(answered);
        }
    }

    /** Once in a while an interrupt closes a file that Aeron is just mapping. */
    @Test
    void aDriverThatAnInterruptBrokeIsReplaced() {
        crew = cluster.new Crew();
        ClientConfig config = ClientConfig.of(cluster.addresses());
        List<Long> replies = new ArrayList<>();
        try (ClientTransport transport = new ClientTransport(config, new Guard("test"))) {
            ClientCore core =
                    new ClientCore(
                            transport,
                            config,
                            new java.security.SecureRandom(),
                            (sequence, slot, b, o, l) -> replies.add(sequence));
            transport.hearWith(core.decoder());
            String before = transport.directory();
            offer(core, 1);
            pollUntilAnswered(transport, core);
            transport.media().onError(new RuntimeException(new ClosedByInterruptException()));
            offer(core, 2);
            pollUntilAnswered(transport, core);
            assertThat(transport.directory()).isNotEqualTo(before);
            assertThat(new File(before)).doesNotExist();
            assertThat(replies).containsExactly(1L, 2L);
            core.links().close();
        }
    }

    private static void offer(ClientCore core, long sequence) {
        assertThat(core.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length)).isEqualTo(sequence);
    }

    private static void pollUntilAnswered(ClientTransport transport, ClientCore core) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (core.unanswered() > 0) {
            transport.poll(core.links());
            core.tick(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            transport.invoke();
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    @Test
    void aSecondThreadIsToldWhoIsInside() throws Exception {
        CountDownLatch isInside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        crew = cluster.new Crew();
        PaxosClient client =
                PaxosClient.connect(
                        ClientConfig.of(cluster.addresses()),
                        (sequence, slot, reply, offset, length) -> {
                            isInside.countDown();
                            await(mayLeave);
                        });
        client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
        Future<?> polling =
                other.submit(
                        () -> {
                            Thread.currentThread().setName("poller");
                            assertThat(client.drain(PATIENCE_MS)).isTrue();
                        });
        isInside.await();
        List<Runnable> methods =
                List.of(
                        client::poll,
                        client::close,
                        client::unanswered,
                        client::isConnected,
                        client::hasEnded,
                        client::endedBy,
                        client::leader,
                        client::sessionId,
                        () -> client.drain(PATIENCE_MS),
                        () -> client.append(COMMAND, PATIENCE_MS),
                        () -> client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length));
        String self = Thread.currentThread().getName();
        for (Runnable method : methods) {
            assertThatThrownBy(method::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "this PaxosClient is in use by thread 'poller': thread '"
                                    + self
                                    + "' may use it once that one is done");
        }
        mayLeave.countDown();
        polling.get();
        // Taking turns is no misuse.
        assertThat(client.append(COMMAND, PATIENCE_MS).slot()).isPositive();
        other.submit(() -> client.append(COMMAND, PATIENCE_MS)).get();
        client.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAListenerThrowsComesOutAndNoReplyIsLost() {
        crew = cluster.new Crew();
        Throwing listener = new Throwing();
        PaxosClient client = PaxosClient.connect(ClientConfig.of(cluster.addresses()), listener);
        for (int i = 0; i < 100; i++) {
            client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
        }
        int thrown = 0;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        while (client.unanswered() > 0) {
            try {
                client.poll();
            } catch (UnsupportedOperationException e) {
                assertThat(e).hasMessage("reply " + listener.sequences.size());
                thrown++;
            }
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(thrown).isEqualTo(100);
        assertThat(listener.sequences).isEqualTo(LongStream.rangeClosed(1, 100).boxed().toList());
        // Nothing was sent again for it.
        assertThat(client.append(COMMAND, PATIENCE_MS).slot()).isEqualTo(103);
        client.close();
    }

    @Test
    void whatAListenerThrowsGoesToTheErrorHandler() {
        crew = cluster.new Crew();
        Throwing listener = new Throwing();
        List<String> handled = new ArrayList<>();
        try (PaxosClient client =
                PaxosClient.connect(
                        ClientConfig.of(cluster.addresses())
                                .withErrorHandler(e -> handled.add(e.getMessage())),
                        listener)) {
            for (int i = 0; i < 100; i++) {
                client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
            }
            assertThat(client.drain(PATIENCE_MS)).isTrue();
        }
        assertThat(listener.sequences).hasSize(100);
        assertThat(handled).hasSize(100).startsWith("reply 1", "reply 2");
    }

    @Test
    void aReplyThatIsWaitedForIsNotLostToWhatAListenerThrows() {
        crew = cluster.new Crew();
        Throwing listener = new Throwing();
        PaxosClient client = PaxosClient.connect(ClientConfig.of(cluster.addresses()), listener);
        client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
        assertThatThrownBy(() -> client.append(COMMAND, PATIENCE_MS)).hasMessage("reply 1");
        listener.isToThrow = false;
        assertThat(client.drain(PATIENCE_MS)).isTrue();
        assertThat(listener.sequences).containsExactly(1L, 2L);
        client.close();
    }

    /** Everything is let go, whatever listeners do. */
    @Test
    void aListenerThatThrowsAtCloseIsHeardOnceAllIsLetGo() {
        cluster.lead(0);
        crew = cluster.new Crew();
        PaxosClient client =
                PaxosClient.start(ClientConfig.of(cluster.addresses()), new Throwing());
        client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
        assertThatThrownBy(client::close).hasMessage("unknown 1");
        assertThat(client.hasEnded()).isTrue();
        client.close();
    }

    @Test
    void whatTheListenerOfATailThrowsComesOutAndNoCommandIsLost() {
        crew = cluster.new Crew();
        try (PaxosClient client = PaxosClient.connect(cluster.addresses())) {
            for (int i = 0; i < 50; i++) {
                client.offer(new UnsafeBuffer(COMMAND), 0, COMMAND.length);
            }
            assertThat(client.drain(PATIENCE_MS)).isTrue();
        }
        List<Long> slots = new ArrayList<>();
        int thrown = 0;
        try (PaxosTail tail =
                PaxosTail.open(
                        ClientConfig.of(cluster.addresses()),
                        1,
                        false,
                        (slot, buffer, offset, length) -> {
                            slots.add(slot);
                            throw new UnsupportedOperationException();
                        })) {
            while (!tail.isDone()) {
                try {
                    tail.poll();
                } catch (UnsupportedOperationException e) {
                    thrown++;
                }
            }
        }
        assertThat(thrown).isEqualTo(50);
        assertThat(slots).isEqualTo(LongStream.rangeClosed(3, 52).boxed().toList());
    }

    /** Notes what it hears, and throws each time. */
    private static final class Throwing implements ReplyListener {
        final List<Long> sequences = new ArrayList<>();
        boolean isToThrow = true;

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
            sequences.add(sequence);
            if (isToThrow) {
                throw new UnsupportedOperationException("reply " + sequence);
            }
        }

        @Override
        public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
            throw new UnsupportedOperationException("unknown " + firstSequence);
        }
    }
}
