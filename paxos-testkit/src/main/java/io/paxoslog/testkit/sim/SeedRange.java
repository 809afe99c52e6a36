package io.paxoslog.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Many seeds, one after the other on each of several threads. A seed is one history on every
 * thread, so threads change nothing but the time it takes. Ends at the first failure.
 */
public final class SeedRange {
    /** Least steps of nodes and clients in one history. */
    public static final int LEAST_EVENTS = 1_000;

    private static final int SEEDS_BETWEEN_REPORTS = 1_000;

    private final AtomicLong next;
    private final long end;
    private final int threads;
    private final BooleanSupplier isTimeUp;
    private final Consumer<Totals> progress;
    private final Totals totals = new Totals();
    private volatile boolean hasFailed;

    /**
     * @param from first seed
     * @param seeds how many
     * @param isTimeUp asked before each seed; true ends the run early
     * @param progress hears of the totals after every 1,000 seeds, on any of the threads
     */
    public SeedRange(
            long from,
            long seeds,
            int threads,
            BooleanSupplier isTimeUp,
            Consumer<Totals> progress) {
        this.next = new AtomicLong(from);
        this.end = from + seeds;
        this.threads = threads;
        this.isTimeUp = isTimeUp;
        this.progress = progress;
    }

    /**
     * Plays them.
     *
     * @throws AssertionError at the first history that violates an oracle or is too short
     */
    public Totals play() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(pool.submit(this::playSome));
            }
            for (Future<?> part : parts) {
                part.get();
            }
            return totals;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdown();
        }
    }

    private void playSome() {
        for (long seed = next.getAndIncrement();
                seed < end && !hasFailed && !isTimeUp.getAsBoolean();
                seed = next.getAndIncrement()) {
            add(playOne(seed));
        }
    }

    private Totals playOne(long seed) {
        try {
            Totals one = Simulation.play(seed);
            if (one.events() < LEAST_EVENTS) {
                throw new AssertionError("seed " + seed + " has only " + one.events() + " events");
            }
            return one;
        } catch (RuntimeException | AssertionError failure) {
            hasFailed = true;
            throw failure;
        }
    }

    private synchronized void add(Totals one) {
        totals.add(one);
        if (totals.seeds() % SEEDS_BETWEEN_REPORTS == 0) {
            progress.accept(totals);
        }
    }
}
