package io.paxoslog.cli;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Says latencies, the same way everywhere. */
final class Latencies {
    private static final double NS_PER_US = 1_000;
    private static final double US_PER_MS = 1_000;

    private Latencies() {}

    static double us(Histogram histogramNs, double percentile) {
        return histogramNs.getValueAtPercentile(percentile) / NS_PER_US;
    }

    static double maxUs(Histogram histogramNs) {
        return histogramNs.getMaxValue() / NS_PER_US;
    }

    /** Adds the percentiles that programs read. */
    static void put(Json json, Histogram histogramNs) {
        json.put("p50_us", us(histogramNs, 50))
                .put("p90_us", us(histogramNs, 90))
                .put("p99_us", us(histogramNs, 99))
                .put("p999_us", us(histogramNs, 99.9))
                .put("max_us", maxUs(histogramNs));
    }

    /** The percentiles on one line for people. */
    static String text(Histogram histogramNs) {
        return "p50 "
                + text(us(histogramNs, 50))
                + ", p90 "
                + text(us(histogramNs, 90))
                + ", p99 "
                + text(us(histogramNs, 99))
                + ", p99.9 "
                + text(us(histogramNs, 99.9))
                + ", max "
                + text(maxUs(histogramNs));
    }

    private static String text(double us) {
        return us < US_PER_MS
                ? String.format(Locale.ROOT, "%.0f us", us)
                : String.format(Locale.ROOT, "%.1f ms", us / US_PER_MS);
    }
}
