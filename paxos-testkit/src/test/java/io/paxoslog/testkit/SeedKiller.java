package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;

/** {@code N}: plays so many seeds of the simulation, from 1 on, until one fails. */
final class SeedKiller implements Killer {
    private final String method;

    private SeedKiller(String method) {
        this.method = method;
    }

    /** Every oracle looks. */
    static Killer anyFailure() {
        return new SeedKiller("firstFailure");
    }

    /** Every oracle looks at seeds in which members change. */
    static Killer ofChanges() {
        return new SeedKiller("firstFailureOfChanges");
    }

    /** Every oracle looks at seeds in which clients read. */
    static Killer ofClientReads() {
        return new SeedKiller("firstFailureOfClientReads");
    }

    /** Every oracle looks at seeds in which clients read and members change. */
    static Killer ofClientReadsAndChanges() {
        return new SeedKiller("firstFailureOfClientReadsAndChanges");
    }

    /** Nothing looks but the check of what clients saw, where they read. */
    static Killer wrongHistoryOfReads() {
        return new SeedKiller("firstWrongHistoryOfReads");
    }

    /** Every oracle looks at seeds in which nodes read by leases. */
    static Killer ofLeases() {
        return new SeedKiller("firstFailureOfLeases");
    }

    /** Nothing looks but the check of what clients saw. */
    static Killer wrongHistory() {
        return new SeedKiller("firstWrongHistory");
    }

    @Override
    public String run(ClassLoader classes, String count) throws ReflectiveOperationException {
        return (String)
                classes.loadClass("io.paxoslog.testkit.sim.Simulation")
                        .getMethod(method, long.class, int.class)
                        .invoke(null, 1L, Integer.parseInt(count));
    }
}
