package io.paxoslog.media;

import java.util.concurrent.TimeUnit;

/**
 * Tells whether a stream is stuck behind datagrams that do not get through: what was sent a while
 * ago is not heard yet, though its listener lives and says that it misses something. A stream that
 * loses a datagram now and then is not stuck, nor is one whose listener is slow, far away or gone.
 * Used by one thread.
 */
final class StreamStall {
    /** Between two looks; a listener is never so far away. */
    static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Whoever hears so much between two looks is not stuck, however much more was sent. */
    private static final long MUCH_BYTES = 512 << 10;

    private long nextNs;
    private long window;
    private long lastSent;
    private long lastHeard;
    private long lastMissed;

    StreamStall(long nowNs) {
        nextNs = nowNs + PAUSE_NS;
    }

    /** Whether it is time to look again. */
    boolean isDue(long nowNs) {
        return nowNs - nextNs >= 0;
    }

    /** The stream begins: its listener takes so much before it has heard anything. */
    void begins(long windowBytes) {
        window = windowBytes;
    }

    /**
     * Looks at the stream.
     *
     * @param sent position up to which it was sent
     * @param limit position up to which its listener would take it: so far heard, and its window
     * @param missed how often its listener has said that it misses something
     */
    boolean isStuck(long nowNs, long sent, long limit, long missed) {
        nextNs = nowNs + PAUSE_NS;
        // All of the window is open whenever everything was heard.
        window = Math.max(window, limit - sent);
        long heard = limit - window;
        boolean isStuck = heard < lastSent && heard - lastHeard < MUCH_BYTES && missed > lastMissed;
        lastSent = sent;
        lastHeard = heard;
        lastMissed = missed;
        return isStuck;
    }
}
