package io.paxoslog.kv.recipe;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KvCommands;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A lease that is kept alive by a thread of its own until it is closed. What is tied to it is held
 * by this process as long as {@link #isAlive} says so, and is let go of by the store not earlier
 * than that. Any thread may use it.
 */
public final class KvSession implements AutoCloseable {
    private static final int TIMES_A_TTL = 3;
    private static final long SOON_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_DOUBLED = 16;

    private final SharedClient client;
    private final long lease;
    private final long ttlNs;
    private final Thread keeper;
    private volatile long renewedNs;
    private volatile boolean isLost;
    private volatile boolean isClosed;

    private KvSession(SharedClient client, KvReply granted, long askedNs) {
        this.client = client;
        lease = granted.lease();
        ttlNs = TimeUnit.SECONDS.toNanos(granted.ttlSeconds());
        renewedNs = askedNs;
        keeper = new Thread(this::keep, "kv-session");
        keeper.setDaemon(true);
    }

    /**
     * Grants a lease, and keeps it alive.
     *
     * @param ttl whole seconds; it lives so long when this process dies
     * @throws ClientException as {@link SharedClient#append}
     * @throws IllegalStateException when the store refuses it; the message says why
     */
    public static KvSession open(SharedClient client, Duration ttl) {
        long askedNs = System.nanoTime();
        KvReply granted =
                KvReply.ofLease(client.append(KvCommands.grant(0, ttl.toSeconds()), ttl).reply());
        if (granted.result() != KvResult.DONE) {
            throw new IllegalStateException(granted.result().text());
        }
        KvSession session = new KvSession(client, granted, askedNs);
        session.keeper.start();
        return session;
    }

    private void keep() {
        try {
            int unanswered = 0;
            while (!isClosed && !isLost) {
                TimeUnit.NANOSECONDS.sleep(pauseNs(ttlNs, unanswered));
                unanswered = keepAlive() ? 0 : unanswered + 1;
            }
        } catch (InterruptedException e) {
            // Closed.
            return;
        }
    }

    /** What got no answer is said again soon, and later each time it gets none. */
    static long pauseNs(long ttlNs, int unanswered) {
        long usualNs = ttlNs / TIMES_A_TTL;
        return unanswered == 0
                ? usualNs
                : Math.min(usualNs, SOON_NS << Math.min(unanswered - 1, MOST_DOUBLED));
    }

    /** False where it got no answer. */
    private boolean keepAlive() {
        long askedNs = System.nanoTime();
        try {
            Duration patience = Duration.ofNanos(ttlNs / TIMES_A_TTL);
            KvReply reply =
                    KvReply.ofLease(client.append(KvCommands.keepAlive(lease), patience).reply());
            if (reply.result() == KvResult.DONE) {
                renewedNs = askedNs;
            } else {
                isLost = true;
            }
            return true;
        } catch (ClientException e) {
            isLost |= client.endedBy() != null;
            return false;
        }
    }

    /** The number of the lease. */
    public long lease() {
        return lease;
    }

    /**
     * Whether the lease is there still, for sure: the store lets it go no earlier than this says
     * no.
     */
    public boolean isAlive() {
        return !isLost && !isClosed && System.nanoTime() - renewedNs < ttlNs;
    }

    SharedClient client() {
        return client;
    }

    void requireAlive() {
        if (!isAlive()) {
            throw new KvLostException("lease " + lease + " has expired, or may have");
        }
    }

    /** Revokes the lease: what is tied to it is gone. Where that gets no answer it expires. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        keeper.interrupt();
        try {
            client.append(KvCommands.revoke(lease), Duration.ofNanos(ttlNs / TIMES_A_TTL));
        } catch (ClientException e) {
            // It expires by itself.
            return;
        }
    }
}
