package io.paxoslog.testkit.sim;

import java.util.random.RandomGenerator;

/** All chance of a simulation: SplitMix64, so that one seed is one history on every machine. */
public final class SimRandom implements RandomGenerator {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    public SimRandom(long seed) {
        state = mix(seed + GOLDEN);
    }

    /** Any 64 bits. */
    public long next() {
        state += GOLDEN;
        return mix(state);
    }

    @Override
    public long nextLong() {
        return next();
    }

    /** A number from 0 to {@code bound - 1}. */
    public int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** A number from {@code low} to {@code high}, both included. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** True in {@code perMille} of 1000 cases. */
    public boolean chance(int perMille) {
        return perMille > 0 && below(1000) < perMille;
    }

    /** One of the numbers given. */
    public int oneOf(int... choices) {
        return choices[below(choices.length)];
    }

    /**
     * A source of its own, so that one part of a simulation can draw more without moving the
     * others.
     */
    public SimRandom split() {
        return new SimRandom(next());
    }

    /** Scrambles 64 bits; also used for hashes. */
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
