package io.paxoslog.testkit.sim;

import io.paxoslog.core.Runs;

/**
 * A copy of a disk that was taken while its node went on.
 *
 * @param original the disk it is a copy of
 * @param run the node's run then
 * @param records how many records there were
 */
record OldCopy(SimulatedDisk original, SimulatedDisk copy, long run, long records) {
    /** Whether the node told more of itself than the copy holds. */
    boolean isBehind(JournalRecord.Remembered known) {
        return Runs.number(known.run()) > Runs.number(run)
                || (known.run() == run && known.records() > records);
    }
}
