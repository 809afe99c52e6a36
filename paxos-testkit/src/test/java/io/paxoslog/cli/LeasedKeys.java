package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.core.planted.Patience;
import io.paxoslog.kv.KvCommands;
import io.paxoslog.kv.KvOperation;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvResult;
import io.paxoslog.kv.recipe.KvSession;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keys that are tied to leases. One session after the other keeps its own alive: its key must not
 * go while it says that it lives. Other leases are left alone: their keys go, and never before
 * their time. How late they go hangs on who leads when, and is only told.
 */
final class LeasedKeys {
    /** Has it done, however long that takes. */
    interface Store {
        KvReply put(SharedClient client, KvOperation operation);
    }

    private static final Duration KEPT = Duration.ofSeconds(6);
    private static final Duration LEFT = Duration.ofSeconds(2);
    private static final long LOOK_MS = 20;
    private static final long EACH_MS = 500;

    private static final class Left {
        final long askedNs = System.nanoTime();
        final CountDownLatch gone = new CountDownLatch(1);
    }

    private final Store store;
    private final Map<String, KvSession> kept = new ConcurrentHashMap<>();
    private final Map<String, Left> left = new ConcurrentHashMap<>();
    private final AtomicLong longestNs = new AtomicLong();
    private volatile boolean isEnding;
    private int lost;

    LeasedKeys(Store store) {
        this.store = store;
    }

    /** From now on nothing begins; what has begun is waited for. */
    void end() {
        isEnding = true;
    }

    /** Opens one session after the other, each as soon as the one before may have ended. */
    void keepSessions(SharedClient client) throws InterruptedException {
        for (int i = 0; !isEnding; i++) {
            try (KvSession session = KvSession.open(client, KEPT)) {
                String key = "kept-" + i;
                kept.put(key, session);
                tie(client, key, session.lease());
                while (!isEnding && session.isAlive()) {
                    Thread.sleep(LOOK_MS);
                }
                lost += isEnding ? 0 : 1;
            } catch (ClientException e) {
                requireOpen(client, e);
            }
        }
    }

    /** Ties keys to leases that nobody keeps alive, and waits until all are gone. */
    void leaveKeys(SharedClient client) throws InterruptedException {
        for (int i = 0; !isEnding; i++) {
            String key = "left-" + i;
            Left one = new Left();
            left.put(key, one);
            try {
                byte[] grant = KvCommands.grant(0, LEFT.toSeconds());
                KvReply granted = KvReply.ofLease(client.append(grant, LEFT).reply());
                if (!tie(client, key, granted.lease())) {
                    left.remove(key);
                }
            } catch (ClientException e) {
                left.remove(key);
                requireOpen(client, e);
            }
            Thread.sleep(EACH_MS);
        }
        for (Map.Entry<String, Left> one : left.entrySet()) {
            assertThat(one.getValue().gone.await(Patience.ms(), TimeUnit.MILLISECONDS))
                    .as(one.getKey() + " is gone")
                    .isTrue();
        }
    }

    /** False where the lease had ended before the key was there. */
    private boolean tie(SharedClient client, String key, long lease) {
        KvPut put = KvPut.of(key.getBytes(UTF_8), key.getBytes(UTF_8)).withLease(lease);
        return store.put(client, put).result() == KvResult.DONE;
    }

    private static void requireOpen(SharedClient client, ClientException e) {
        if (client.endedBy() != null) {
            throw e;
        }
    }

    /** Somebody hears that a key is gone. */
    void deleted(String key) {
        KvSession session = kept.get(key);
        if (session != null) {
            assertThat(session.isAlive()).as(key + " is gone, and its session alive").isFalse();
        }
        Left one = left.get(key);
        if (one != null) {
            long ns = System.nanoTime() - one.askedNs;
            assertThat(ns).as(key + " has lived").isGreaterThanOrEqualTo(LEFT.toNanos());
            longestNs.accumulateAndGet(ns, Math::max);
            one.gone.countDown();
        }
    }

    @Override
    public String toString() {
        return "%d sessions kept, %d of them lost; %d keys gone with their lease of %d s, the last after %,d ms"
                .formatted(
                        kept.size(),
                        lost,
                        left.size(),
                        LEFT.toSeconds(),
                        TimeUnit.NANOSECONDS.toMillis(longestNs.get()));
    }
}
