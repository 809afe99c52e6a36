package io.paxoslog.bench.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Numbers of the same thing from several runs. Immutable. */
final class Samples {
    private static final double EXACT_BELOW = 10;
    private static final double TENTHS_BELOW = 100;

    private final double[] sorted;

    private Samples(double[] sorted) {
        this.sorted = sorted;
    }

    static Samples of(DoubleStream numbers) {
        return new Samples(numbers.sorted().toArray());
    }

    int size() {
        return sorted.length;
    }

    boolean isEmpty() {
        return sorted.length == 0;
    }

    /** The middle one, or the mean of the two in the middle; NaN of none. */
    double median() {
        if (isEmpty()) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double lowest() {
        return isEmpty() ? Double.NaN : sorted[0];
    }

    double highest() {
        return isEmpty() ? Double.NaN : sorted[sorted.length - 1];
    }

    /** The median of these against that of others; NaN when there is none. */
    double ratioTo(Samples others) {
        return median() / others.median();
    }

    /** A number as people read it, a dash for none. */
    static String text(double number) {
        if (!Double.isFinite(number)) {
            return "–";
        }
        double size = Math.abs(number);
        String format = size < EXACT_BELOW ? "%,.2f" : size < TENTHS_BELOW ? "%,.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, number);
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
