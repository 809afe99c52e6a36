package io.paxoslog.testkit.sim;

import java.util.List;

/**
 * One seed, played with everything written down.
 *
 * @param totals what happened
 * @param hash fingerprint of everything that happened
 * @param failure what was violated, and the end of the history; empty when nothing was
 * @param script all that was done to the nodes, as a scenario; what only clients notice is not in
 *     it
 */
public record Replay(long seed, Totals totals, long hash, String failure, List<String> script) {
    /** Plays a seed. */
    public static Replay of(long seed) {
        return Simulation.replay(seed);
    }
}
