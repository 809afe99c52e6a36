package io.paxoslog.cli;

import io.paxoslog.client.Appended;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Puts of one client, with values of 100 bytes and never more than so many at once. */
final class PutsInFlight {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int KEYS = 10_000;
    private static final byte[] VALUE = new byte[100];

    private final SharedClient client;
    private final int most;
    private final Consumer<String> problems;
    private final Semaphore room;

    /**
     * @param problems hears, on any thread, of each put that is not done
     */
    PutsInFlight(SharedClient client, int most, Consumer<String> problems) {
        this.client = client;
        this.most = most;
        this.problems = problems;
        room = new Semaphore(most);
    }

    /** Waits until there is room for one more. */
    @SuppressWarnings("FutureReturnValueIgnored") // What fails is told.
    void put(byte[] key) throws InterruptedException {
        room.acquire();
        KvPut put = KvPut.of(key, VALUE);
        client.appendAsync(put.bytes(), TIMEOUT)
                .whenComplete((done, failure) -> ended(put, done, failure));
    }

    private void ended(KvPut put, Appended done, Throwable failure) {
        if (done == null || KvReply.of(put, done.reply()).result() != KvResult.DONE) {
            problems.accept("a put is not done: " + failure);
        }
        room.release();
    }

    /** Waits until all have ended. */
    void await() throws InterruptedException {
        room.acquire(most);
        room.release(most);
    }

    /** As many of some keys as can be done in so long; returns how many a second. */
    long putFor(long ns, String prefix) throws InterruptedException {
        long began = System.nanoTime();
        long count = 0;
        while (System.nanoTime() - began < ns) {
            put((prefix + count++ % KEYS).getBytes(StandardCharsets.UTF_8));
        }
        await();
        return count * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - began);
    }
}
