package io.paxoslog.testkit.sim;

import java.util.Arrays;

/** Until when the process of each node stands still. */
final class Pauses {
    private final Timeline timeline;
    private long[] untilMs;

    Pauses(Timeline timeline, int nodes) {
        this.timeline = timeline;
        untilMs = new long[nodes];
    }

    /** There is one node more; while everybody sleeps it does so, too. */
    void joined() {
        long sleepsUntilMs = timeline.nowMs() + everybodySleepsForMs();
        untilMs = Arrays.copyOf(untilMs, untilMs.length + 1);
        untilMs[untilMs.length - 1] = sleepsUntilMs;
    }

    /** A node stands still until then, or longer when it was to do so before. */
    void pause(int node, long newUntilMs) {
        untilMs[node - 1] = Math.max(untilMs[node - 1], newUntilMs);
    }

    boolean isPaused(int node) {
        return leftMs(node) > 0;
    }

    boolean isAnyonePaused() {
        return Arrays.stream(untilMs).anyMatch(until -> until > timeline.nowMs());
    }

    /** How long a node still stands still; 0 or less when it does not. */
    long leftMs(int node) {
        return untilMs[node - 1] - timeline.nowMs();
    }

    /** How long nobody at all is awake. */
    long everybodySleepsForMs() {
        // Asked at every step of every client.
        long least = Long.MAX_VALUE;
        for (long until : untilMs) {
            least = Math.min(least, until);
        }
        return Math.max(0, least - timeline.nowMs());
    }
}
