package io.paxoslog.bench.load;

/**
 * What a load does.
 *
 * @param payloadBytes bytes of a command, at least 8
 * @param window most commands in flight
 * @param ratePerSecond commands a second in an open loop; 0 for a closed one
 * @param warmupNs time before the measured part
 * @param measureNs length of the measured part
 * @param sampleNs time between two samples within it; 0 for none
 * @param killAfterNs time from the beginning of the measured part to the kill; negative for none
 * @param mayLose whether commands may stay without a reply when a leader is lost
 */
public record LoadPlan(
        int payloadBytes,
        int window,
        double ratePerSecond,
        long warmupNs,
        long measureNs,
        long sampleNs,
        long killAfterNs,
        boolean mayLose) {

    boolean isOpenLoop() {
        return ratePerSecond > 0;
    }
}
