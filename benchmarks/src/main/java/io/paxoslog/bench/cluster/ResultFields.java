package io.paxoslog.bench.cluster;

import io.paxoslog.bench.load.LoadResult;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a client measured, as fields of a note. */
final class ResultFields {
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_SECOND = 1e9;

    private ResultFields() {}

    static Map<String, Object> of(LoadResult result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("throughput", result.perSecond());
        fields.put("replies", result.replies());
        fields.put("measured_s", result.measuredNs() / NS_PER_SECOND);
        fields.put("latency_us", latencies(result.latenciesNs()));
        fields.put("longest_gap_ms", result.longestGapNs() / NS_PER_MS);
        fields.put("unanswered", result.unanswered());
        fields.put("lost", result.lost());
        fields.put("most_in_flight", result.mostInFlight());
        fields.put("checked_echoes", result.checkedEchoes());
        fields.put("histogram", encode(result.latenciesNs()));
        return fields;
    }

    /** Percentiles in microseconds. */
    static Map<String, Object> latencies(Histogram ns) {
        Map<String, Object> us = new LinkedHashMap<>();
        us.put("mean", ns.getMean() / NS_PER_US);
        us.put("p50", ns.getValueAtPercentile(50) / NS_PER_US);
        us.put("p90", ns.getValueAtPercentile(90) / NS_PER_US);
        us.put("p99", ns.getValueAtPercentile(99) / NS_PER_US);
        us.put("p99.9", ns.getValueAtPercentile(99.9) / NS_PER_US);
        us.put("p99.99", ns.getValueAtPercentile(99.99) / NS_PER_US);
        us.put("max", ns.getMaxValue() / NS_PER_US);
        return us;
    }

    /** What people read of percentiles in microseconds. */
    static String text(Map<?, ?> us) {
        return String.format(
                Locale.ROOT,
                "p50 %.0f us, p99 %.0f us, p99.9 %.0f us",
                number(us.get("p50")),
                number(us.get("p99")),
                number(us.get("p99.9")));
    }

    /** A field that is a number, read back or not. */
    static double number(Object field) {
        return ((Number) field).doubleValue();
    }

    private static String encode(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int bytes = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), bytes));
    }
}
