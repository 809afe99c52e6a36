package io.paxoslog.kv.recipe;

import io.paxoslog.client.ClientException;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A lock that at most one session holds at a time, first come, first served. It is let go of when
 * the session's lease ends, whether its holder noticed or not: so whatever is protected must refuse
 * who comes with a lower fencing token than it has seen.
 *
 * <pre>{@code
 * KvLock lock = new KvLock(session, "locks/orders");
 * OptionalLong token = lock.lock(Duration.ofSeconds(10));
 * if (token.isPresent()) {
 *     try {
 *         store.write(token.getAsLong(), …);
 *     } finally {
 *         lock.unlock();
 *     }
 * }
 * }</pre>
 *
 * <p>One thread at a time uses it; sessions exclude one another, threads of one session do not.
 */
public final class KvLock {
    private static final byte[] NOTHING = {};

    private final Contender contender;

    /**
     * A lock under a name.
     *
     * @param name of up to 1,000 bytes
     */
    public KvLock(KvSession session, String name) {
        contender = new Contender(session, name);
    }

    /**
     * Waits for the lock.
     *
     * @return the fencing token: the revision that is higher than that of all who held it before;
     *     empty when it was not to be had in time
     * @throws KvLostException when the lease ended
     * @throws ClientException when the store does not answer; the session may stand in line then,
     *     until {@link #unlock} or the end of its lease
     */
    public OptionalLong lock(Duration timeout) {
        return contender.enter(NOTHING, timeout);
    }

    /** Lets go of it; does nothing where it is not held. */
    public void unlock() {
        contender.leave();
    }
}
