package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;

/**
 * {@code N from SEED}: plays so many seeds of the simulation until one fails; on the original that
 * one alone. It is played first where the catalogue names the one that failed last time.
 */
final class SeedKiller implements Killer {
    private static final String FROM = " from ";

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
    public String run(ClassLoader classes, String argument) throws ReflectiveOperationException {
        String[] parts = argument.split(FROM, 2);
        return (String)
                classes.loadClass("io.paxoslog.testkit.sim.Simulation")
                        .getMethod(method, long.class, int.class)
                        .invoke(null, Long.parseLong(parts[1]), Integer.parseInt(parts[0]));
    }

    @Override
    public String onOriginal(String argument, String how) {
        String seed = how.substring(how.indexOf(' ') + 1, how.indexOf(':'));
        return "1" + FROM + seed;
    }
}
