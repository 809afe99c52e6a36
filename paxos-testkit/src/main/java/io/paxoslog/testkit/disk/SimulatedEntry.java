package io.paxoslog.testkit.disk;

/** What a name may stand for. */
sealed interface SimulatedEntry permits SimulatedFile, SimulatedDirectory {
    /** The same on another disk, as a backup holds it: durable as it is read now. */
    SimulatedEntry copy(SimulatedFiles to);
}
