package io.paxoslog.testkit.sim;

/** How hard a simulated cluster has it. */
public enum FaultProfile {
    /** Nothing goes wrong; messages take their time. */
    NONE,
    /** Single crashes, restarts, losses of power and pauses; few messages get lost. */
    GENTLE,
    /** Everything, as each seed draws it: half of all messages lost may be among it. */
    EVERYTHING;

    private static final int GENTLE_PER_MILLE = 10;

    /** How much is left of what a seed drew as so many cases in 1000. */
    int soften(int perMille) {
        return switch (this) {
            case NONE -> 0;
            case GENTLE -> Math.min(perMille, GENTLE_PER_MILLE);
            case EVERYTHING -> perMille;
        };
    }

    /** Whether weather of this kind may come. */
    boolean allows(Fault fault) {
        return switch (this) {
            case NONE -> false;
            case GENTLE ->
                    fault == Fault.KILL
                            || fault == Fault.POWER_LOSS
                            || fault == Fault.PAUSE
                            || fault == Fault.ISOLATION
                            || fault == Fault.SLOW_DISK
                            || fault == Fault.APPLY_STUCK;
            case EVERYTHING -> true;
        };
    }
}
