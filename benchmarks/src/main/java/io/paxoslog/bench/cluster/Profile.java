package io.paxoslog.bench.cluster;

import io.paxoslog.bench.contender.Idle;
import io.paxoslog.bench.contender.Threads;

/**
 * Settings that go together. For few cores the best are those of Aeron Cluster's: what was found to
 * serve it best, applied to all.
 *
 * @param java version of Java, or "this"
 * @param idle null for what the contender does by itself
 * @param threads null for what the contender does by itself
 * @param mtuBytes 0 for what the contender does by itself
 * @param isTuned whether buffers are made large and touched beforehand
 */
record Profile(String java, Idle idle, Threads threads, int mtuBytes, boolean isTuned) {
    private static final Profile BEST = new Profile("25", Idle.YIELD, Threads.ONE, 8192, true);
    private static final Profile BEST_32K =
            new Profile("25", Idle.YIELD, Threads.ONE, 32 * 1024, true);
    private static final Profile DEFAULTS = new Profile("17", null, null, 0, false);

    /** The profile that a name stands for. */
    static Profile named(String name) {
        return switch (name) {
            case "best" -> BEST;
            case "best-32k" -> BEST_32K;
            default -> DEFAULTS;
        };
    }
}
