package io.paxoslog.testkit.sim;

/**
 * A machine's two clocks: the monotonic one, which gives a node its ticks, begins anywhere, runs
 * too slowly or too fast and may stand still while the machine sleeps; and the wall clock, which
 * gives proposals their timestamps and may jump.
 */
final class NodeClocks {
    private static final int EXACT = 1_000;
    private static final long NS_PER_MS = 1_000_000;

    private final Timeline timeline;
    private long atMs;
    private long readAtMs;
    private int perMille = EXACT;
    private long wallAheadMs;
    private long mostWallAheadMs;
    private int mostGainPerMille;

    /**
     * @param startMs what the monotonic clock shows
     * @param wallStartMs what the wall clock shows
     */
    NodeClocks(Timeline timeline, long startMs, long wallStartMs) {
        this.timeline = timeline;
        this.atMs = startMs;
        this.readAtMs = timeline.nowMs();
        this.wallAheadMs = wallStartMs - timeline.nowMs();
        this.mostWallAheadMs = wallAheadMs;
    }

    /** The monotonic clock. */
    long nowMs() {
        return atMs + Math.max(0, timeline.nowMs() - readAtMs) * perMille / EXACT;
    }

    /** The wall clock. */
    long wallNs() {
        return (wallAheadMs + timeline.nowMs()) * NS_PER_MS;
    }

    /** The machine starts again: nobody knows what its monotonic clock shows then. */
    void restart(int aheadMs) {
        atMs = nowMs() + aheadMs;
        readAtMs = Math.max(readAtMs, timeline.nowMs());
    }

    /** From now on it gains so much, or loses it when negative. */
    void gain(int gainPerMille) {
        restart(0);
        perMille = EXACT + gainPerMille;
        mostGainPerMille = Math.max(mostGainPerMille, gainPerMille);
    }

    /** The monotonic clock stands still until then. */
    void standStillUntil(long untilMs) {
        restart(0);
        readAtMs = Math.max(readAtMs, untilMs);
    }

    /** Somebody sets the wall clock, forwards or backwards. */
    void jumpWall(long ms) {
        wallAheadMs += ms;
        mostWallAheadMs = Math.max(mostWallAheadMs, wallAheadMs);
    }

    /** How far the wall clock ever was ahead of the simulation's time. */
    long mostWallAheadMs() {
        return mostWallAheadMs;
    }

    /** How much the monotonic clock ever gained; 0 if it never did. */
    int mostGainPerMille() {
        return mostGainPerMille;
    }
}
