package io.paxoslog.testkit.sim;

import java.util.function.Supplier;

/**
 * What a simulation is to play beyond what its seed draws.
 *
 * @param application makes the application of one seed; null for the simulator's own
 * @param nodes how many nodes; 0 where the seed is to draw
 * @param faults how hard they have it
 * @param largestCommandBytes most bytes of a command, and of a reply
 * @param howToReplay tells how to play one seed again; {@code %1$d} stands for the seed
 * @param isReferenceStrict whether sessions, replies and states are compared on the spot; if not,
 *     only what clients saw is left to be checked
 * @param snapshotsPerMille in how many of 1000 seeds nodes take snapshots and compact their logs
 */
public record Setup(
        Supplier<Application> application,
        int nodes,
        FaultProfile faults,
        int largestCommandBytes,
        String howToReplay,
        boolean isReferenceStrict,
        int snapshotsPerMille) {

    /** Many, as they bring much that others never meet, and not all, as they hide some of it. */
    public static final int SNAPSHOTS_PER_MILLE = 500;

    /** The simulator as it tests PaxosLog itself. */
    static final Setup OWN =
            new Setup(
                    null,
                    0,
                    FaultProfile.EVERYTHING,
                    1024,
                    "paxos-testkit/simulate replay %1$d; make a short scenario of it:"
                            + " paxos-testkit/simulate shrink %1$d",
                    true,
                    SNAPSHOTS_PER_MILLE);

    /** The same with nothing to watch sessions but the check of what clients saw. */
    static final Setup ONLY_HISTORIES =
            new Setup(
                    null,
                    OWN.nodes,
                    OWN.faults,
                    OWN.largestCommandBytes,
                    OWN.howToReplay,
                    false,
                    SNAPSHOTS_PER_MILLE);

    /** The same with logs that are kept for ever. */
    static final Setup WITHOUT_SNAPSHOTS =
            new Setup(
                    null, OWN.nodes, OWN.faults, OWN.largestCommandBytes, OWN.howToReplay, true, 0);

    /** Traces for the specification, and users' own machines, are of members that stay. */
    boolean mayChangeMembers() {
        return isOwn() && snapshotsPerMille > 0;
    }

    boolean isOwn() {
        return application == null;
    }
}
