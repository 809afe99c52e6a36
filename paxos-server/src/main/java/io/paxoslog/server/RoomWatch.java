package io.paxoslog.server;

import io.paxoslog.log.JournalListener;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;

/**
 * Tells operators while the next file of the journal cannot be made, once and then seldom, and when
 * that is over. Any thread.
 */
final class RoomWatch implements JournalListener {
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(1);

    private final Consumer<String> log;
    private final NanoClock clock;
    private boolean isShort;
    private long nextLineNs;

    RoomWatch(Consumer<String> log, NanoClock clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public synchronized void cannotPrepare(String why) {
        long now = clock.nanoTime();
        if (isShort && now - nextLineNs < 0) {
            return;
        }
        isShort = true;
        nextLineNs = now + QUIET_NS;
        log.accept(
                "the next file of the journal cannot be made yet ("
                        + why
                        + "): it is tried again; make room before this one is full, or this node"
                        + " stops");
    }

    @Override
    public synchronized void prepared() {
        isShort = false;
        log.accept("the next file of the journal is made");
    }
}
