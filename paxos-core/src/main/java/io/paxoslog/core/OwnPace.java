package io.paxoslog.core;

import java.util.Arrays;

/**
 * Whether the disk of a leader is far slower than those of others: for a whole time-out, at each
 * heartbeat, its own vote was still missing for what others had chosen heartbeats ago.
 */
final class OwnPace {
    private static final int LATE_HEARTBEATS = 2;

    private final long[] chosenBefore = new long[LATE_HEARTBEATS];
    private final int patienceHeartbeats;
    private int late;

    OwnPace(int heartbeatTicks, int patienceTicks) {
        patienceHeartbeats = (patienceTicks + heartbeatTicks - 1) / heartbeatTicks;
    }

    /** Another ballot, of which every slot up to one is chosen. */
    void begin(long chosen) {
        Arrays.fill(chosenBefore, chosen);
        late = 0;
    }

    /**
     * A heartbeat.
     *
     * @param chosen every slot up to it is chosen
     * @param voted the own votes go up to it
     */
    void beat(long chosen, long voted) {
        late = voted < chosenBefore[0] ? late + 1 : 0;
        System.arraycopy(chosenBefore, 1, chosenBefore, 0, LATE_HEARTBEATS - 1);
        chosenBefore[LATE_HEARTBEATS - 1] = chosen;
    }

    boolean isSlow() {
        return late >= patienceHeartbeats;
    }
}
