package io.paxoslog.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the demo found out. */
final class DemoReport {
    private final NumberedLoad load;
    private final double seconds;
    private final double gapMs;
    private final JournalCheck check;

    DemoReport(NumberedLoad load, long loadNs, long gapNs, JournalCheck check) {
        this.load = load;
        this.check = check;
        seconds = loadNs / (double) TimeUnit.SECONDS.toNanos(1);
        gapMs = gapNs / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }

    boolean isGood() {
        return load.acknowledged() > 0 && check.problems().isEmpty();
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%n"
                        + "commands committed   %,d%n"
                        + "rate                 %,.0f a second%n"
                        + "latency              %s%n"
                        + "gap at the failover  %.0f ms%n"
                        + "journals             %s",
                load.acknowledged(),
                rate(),
                Latencies.text(load.latenciesNs()),
                gapMs,
                check.text());
    }

    Json json() {
        Json json =
                new Json()
                        .put("committed", load.acknowledged())
                        .put("seconds", seconds)
                        .put("ops_per_s", rate());
        Latencies.put(json, load.latenciesNs());
        return json.put("gap_ms", gapMs)
                .put("slots", check.slots())
                .put("identical", check.problems().isEmpty())
                .put("problems", String.join("; ", check.problems()));
    }

    private double rate() {
        return load.acknowledged() / seconds;
    }
}
