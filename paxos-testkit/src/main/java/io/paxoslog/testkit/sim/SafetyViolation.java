package io.paxoslog.testkit.sim;

/** Something happened that must never happen, whatever the faults. */
public final class SafetyViolation extends AssertionError {
    private static final long serialVersionUID = 1L;

    public SafetyViolation(String what) {
        super(what);
    }
}
