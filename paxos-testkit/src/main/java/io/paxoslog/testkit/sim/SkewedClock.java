package io.paxoslog.testkit.sim;

/** A node's own monotonic clock: begins anywhere, runs too slowly, jumps ahead in a restart. */
final class SkewedClock {
    private static final int EXACT = 1_000;

    private final Timeline timeline;
    private long atMs;
    private long readAtMs;
    private int perMille;

    SkewedClock(Timeline timeline, long startMs, int slowByPerMille) {
        this.timeline = timeline;
        this.atMs = startMs;
        this.readAtMs = timeline.nowMs();
        this.perMille = EXACT - slowByPerMille;
    }

    long nowMs() {
        return atMs + (timeline.nowMs() - readAtMs) * perMille / EXACT;
    }

    void jumpAhead(int ms) {
        set(nowMs() + ms, perMille);
    }

    /** From now on it runs as fast as time itself. */
    void beExact() {
        set(nowMs(), EXACT);
    }

    private void set(long newAtMs, int newPerMille) {
        atMs = newAtMs;
        readAtMs = timeline.nowMs();
        perMille = newPerMille;
    }
}
