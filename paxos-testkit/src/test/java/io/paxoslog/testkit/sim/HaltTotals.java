package io.paxoslog.testkit.sim;

/** How often what happened, so that a run in which nothing happens does not pass. */
final class HaltTotals {
    int halts;
    int held;
    int skips;
    int retries;
    int refusals;
    int roomMade;
    int limits;
    int voidLimits;
    int versions;
}
