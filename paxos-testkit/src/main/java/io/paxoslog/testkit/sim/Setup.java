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
 */
public record Setup(
        Supplier<Application> application,
        int nodes,
        FaultProfile faults,
        int largestCommandBytes,
        String howToReplay,
        boolean isReferenceStrict) {

    /** The simulator as it tests PaxosLog itself. */
    static final Setup OWN =
            new Setup(
                    null,
                    0,
                    FaultProfile.EVERYTHING,
                    1024,
                    "paxos-testkit/simulate replay %1$d; make a short scenario of it:"
                            + " paxos-testkit/simulate shrink %1$d",
                    true);

    /** The same with nothing to watch sessions but the check of what clients saw. */
    static final Setup ONLY_HISTORIES =
            new Setup(null, OWN.nodes, OWN.faults, OWN.largestCommandBytes, OWN.howToReplay, false);

    boolean isOwn() {
        return application == null;
    }
}
