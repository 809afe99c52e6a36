package io.paxoslog.cli;

import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.OutcomeToken;
import io.paxoslog.client.PaxosOutcome;
import io.paxoslog.client.PaxosOutcome.Outcome;
import io.paxoslog.client.RefusedException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.client.UnknownOutcomeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread that adds one to the counter of a sequencer so many times, waits for some replies no
 * longer than a few milliseconds, and in the end asks the log what became of all that it does not
 * know. What was refused did not happen, and is asked for again.
 */
final class IncrementingClient {
    private static final int IN_FLIGHT = 16;
    private static final int IMPATIENT_EVERY = 500;
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration IMPATIENT = Duration.ofMillis(5);
    private static final int ASK_MS = 30_000;
    private static final byte[] ONE = {1};

    private final int wanted;
    private final ClientConfig config;
    private final Thread thread;
    private final Semaphore places = new Semaphore(IN_FLIGHT);
    private final AtomicInteger toDo;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Queue<OutcomeToken> unknown = new ConcurrentLinkedQueue<>();
    private final Queue<Long> stamps = new ConcurrentLinkedQueue<>();
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private int inEffect;
    private int withoutEffect;

    IncrementingClient(int index, int wanted, List<String> addresses) {
        this.wanted = wanted;
        config = ClientConfig.of(addresses).withWindow(2 * IN_FLIGHT);
        toDo = new AtomicInteger(wanted);
        thread = new Thread(this::live, "increments-" + index);
        thread.start();
    }

    private void live() {
        try {
            while (toDo.get() > 0) {
                liveOnce();
            }
            for (OutcomeToken token : unknown) {
                resolve(token);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            problems.add(thread.getName() + ": " + e);
        }
    }

    /** For as long as its session lasts, or all is done. */
    private void liveOnce() throws InterruptedException {
        try (SharedClient client = SharedClient.connect(config)) {
            sessions.incrementAndGet();
            while (client.endedBy() == null && !isDone()) {
                if (toDo.get() > 0 && places.tryAcquire(1, TimeUnit.SECONDS)) {
                    increment(client, toDo.getAndDecrement());
                } else if (toDo.get() <= 0) {
                    Pause.ms(1);
                }
            }
        } catch (ClientException e) {
            // There may be no leader for as long as faults last.
            Pause.ms(100);
        }
    }

    /** Nothing is left to be done, and nothing on its way that could be refused. */
    private boolean isDone() {
        return toDo.get() <= 0 && places.availablePermits() == IN_FLIGHT;
    }

    private void increment(SharedClient client, int left) {
        Duration patience = left % IMPATIENT_EVERY == 0 ? IMPATIENT : PATIENT;
        CompletableFuture<?> unused = client.appendAsync(ONE, patience).whenComplete(this::ended);
    }

    private void ended(Appended done, Throwable failure) {
        Throwable why =
                failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (why == null) {
            acknowledged.incrementAndGet();
            stamps.add(stampOf(done.reply()));
        } else if (why instanceof UnknownOutcomeException notKnown) {
            unknown.add(notKnown.token());
        } else if (why instanceof RefusedException) {
            refused.incrementAndGet();
            toDo.incrementAndGet();
        } else {
            problems.add(thread.getName() + ": " + why);
        }
        places.release();
    }

    private static long stampOf(byte[] reply) {
        return ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private void resolve(OutcomeToken token) {
        while (true) {
            try {
                Outcome outcome = PaxosOutcome.ask(config.members(), token, ASK_MS);
                switch (outcome.fate()) {
                    case APPLIED -> {
                        inEffect++;
                        stamps.add(stampOf(outcome.reply()));
                    }
                    case REPLY_GONE -> inEffect++;
                    case NEVER -> withoutEffect++;
                    case NOT_YET -> Pause.ms(100);
                    default -> problems.add(thread.getName() + ": " + token + ": " + outcome);
                }
                if (outcome.fate() != PaxosOutcome.Fate.NOT_YET) {
                    return;
                }
            } catch (ClientException e) {
                Pause.ms(100);
            }
        }
    }

    // Increments whose reply came, so far.
    int acknowledged() {
        return acknowledged.get();
    }

    // Increments that may still be asked for, so far.
    int left() {
        return wanted - acknowledged.get() - unknown.size();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    // Increments in effect of which no reply came, once it has asked what became of them.
    int inEffect() {
        return inEffect;
    }

    // The others of these.
    int withoutEffect() {
        return withoutEffect;
    }

    int refused() {
        return refused.get();
    }

    int sessions() {
        return sessions.get();
    }

    // All values of the counter that it was told.
    Queue<Long> stamps() {
        return stamps;
    }

    Queue<String> problems() {
        return problems;
    }
}
