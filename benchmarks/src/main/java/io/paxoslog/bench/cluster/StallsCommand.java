package io.paxoslog.bench.cluster;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures the machine alone: how long threads that do nothing but look at the clock stand still.
 */
@Command(
        name = "stalls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Measures what the machine itself adds to every tail.",
        description = {
            "",
            "Threads look at the clock and do nothing else. Printed is how long something that came"
                    + " at any moment would have waited for its thread: with as many"
                    + " busy cores no latency measured at the same time can have better tails."
        })
final class StallsCommand implements Callable<Integer> {
    /** Something comes so often. */
    private static final long INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(10);

    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "how long to look (default ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "threads that look; 0: as many as there are cores (default 0)")
    private int threads;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1 || threads < 0) {
            throw CompareException.wrongUse("--seconds: give 1 or more, --threads: 0 or more");
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> looking = new ArrayList<>();
        List<Histogram> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Histogram waitsNs = new Histogram(LONGEST_NS, 3);
            waits.add(waitsNs);
            looking.add(new Thread(() -> look(waitsNs, untilNs), "stalls-" + i));
        }
        looking.forEach(Thread::start);
        for (Thread thread : looking) {
            thread.join();
        }
        PrintWriter out = spec.commandLine().getOut();
        for (Histogram waitsNs : waits) {
            Map<String, Object> us = ResultFields.latencies(waitsNs);
            out.printf(
                    Locale.ROOT,
                    "%s, longest %.0f us%n",
                    ResultFields.text(us),
                    ResultFields.number(us.get("max")));
        }
        out.flush();
        return 0;
    }

    private static void look(Histogram waitsNs, long untilNs) {
        long lastNs = System.nanoTime();
        long dueNs = lastNs + INTERVAL_NS;
        while (lastNs - untilNs < 0) {
            lastNs = System.nanoTime();
            while (lastNs - dueNs >= 0) {
                waitsNs.recordValue(lastNs - dueNs);
                dueNs += INTERVAL_NS;
            }
        }
    }
}
