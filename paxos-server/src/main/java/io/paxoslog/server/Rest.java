package io.paxoslog.server;

import io.paxoslog.media.Bell;
import io.paxoslog.media.BellIdleStrategy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/**
 * What the thread with the replica does when there is nothing to do, and what wakes it. Where it
 * hears datagrams itself and is to sleep, it sleeps beside a {@link Bell}.
 */
final class Rest implements AutoCloseable {
    private final Bell bell;
    private final IdleStrategy strategy;
    private volatile Thread owner;

    private Rest(Bell bell, IdleStrategy strategy) {
        this.bell = bell;
        this.strategy = strategy;
    }

    /** As the settings of a node want it. */
    static Rest of(NodeConfig config) {
        if (config.get(Settings.IDLE) != Idle.BACKOFF
                || config.get(Settings.THREADS) != Threads.ONE) {
            return new Rest(Bell.SILENT, IdleStrategies.of(config));
        }
        Bell bell = Bell.open();
        long longestMs =
                Math.max(1, TimeUnit.MICROSECONDS.toMillis(config.get(Settings.IDLE_PARK_US)));
        return new Rest(bell, new BellIdleStrategy(bell, longestMs));
    }

    Bell bell() {
        return bell;
    }

    /** For the thread with the replica. */
    IdleStrategy strategy() {
        return strategy;
    }

    /** From now on it is this thread that rests. */
    void ownedBy(Thread thread) {
        owner = thread;
    }

    /** There is something to do for the thread with the replica. Any thread. */
    void wake() {
        if (bell == Bell.SILENT) {
            LockSupport.unpark(owner);
        } else {
            bell.ring();
        }
    }

    @Override
    public void close() {
        bell.close();
    }
}
