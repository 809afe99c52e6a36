package io.paxoslog.gateway;

/**
 * What has passed on the agreed stopwatch since this leader said so last. Whoever stood still for
 * long had no chance to hear anybody, and adds as little as one heartbeat; nor had who is not in
 * touch, or takes nothing. Never more than a step: by as much sessions may seem silent for longer
 * than they are.
 */
final class PassedTime {
    private final Proposals proposals;
    private final int stepMs;
    private long ms;
    private long lastTick;

    PassedTime(Proposals proposals, int stepMs) {
        this.proposals = proposals;
        this.stepMs = stepMs;
    }

    void onTick(long tick, boolean isHearing) {
        long elapsed = tick - lastTick;
        lastTick = tick;
        if (isHearing && proposals.takesCommands() && proposals.isConnected()) {
            ms = Math.min(ms + Math.min(elapsed, proposals.heartbeatTicks()), stepMs);
        }
    }

    long ms() {
        return ms;
    }

    /** Whether no more fits, and it is to be said. */
    boolean isStep() {
        return ms >= stepMs;
    }

    /** It is said now. */
    long take() {
        long taken = ms;
        ms = 0;
        return taken;
    }
}
