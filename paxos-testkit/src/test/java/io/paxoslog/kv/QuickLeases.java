package io.paxoslog.kv;

/** Stores whose leases end within the seconds that a simulation takes. */
public final class QuickLeases {
    private static final int SECOND_MS = 25;

    private QuickLeases() {}

    /** A new one. */
    public static KvStateMachine machine() {
        return new KvStateMachine(SECOND_MS);
    }
}
