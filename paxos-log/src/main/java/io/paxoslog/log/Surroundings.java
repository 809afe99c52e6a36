package io.paxoslog.log;

import io.paxoslog.core.MemberId;
import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * What a journal takes from the machine it runs on.
 *
 * @param timestamps times in nanoseconds since 1970 that no other opening of the journal has, so
 *     that no old file can continue a new chain
 * @param incarnations drawn at random, from 1 to {@link MemberId#MAX_INCARNATION}
 * @param hasThreads whether it forces and prepares files on threads of its own, or is stepped
 */
record Surroundings(
        Disk disk, LongSupplier timestamps, LongSupplier incarnations, boolean hasThreads) {

    /** Those of a node. */
    static final Surroundings REAL = of(FileDisk.REAL);

    /** Those of a node, on another disk. */
    static Surroundings of(Disk disk) {
        return new Surroundings(disk, Surroundings::timestamp, Surroundings::drawIncarnation, true);
    }

    private static long timestamp() {
        return System.currentTimeMillis() * 1_000_000 + System.nanoTime() % 1_000_000;
    }

    private static long drawIncarnation() {
        return 1 + (new SecureRandom().nextLong() >>> 1) % MemberId.MAX_INCARNATION;
    }

    /** A worker with a thread, or without one. */
    Worker worker(String name, Runnable loop) {
        return hasThreads ? Worker.thread(name, loop) : Worker.none();
    }
}
