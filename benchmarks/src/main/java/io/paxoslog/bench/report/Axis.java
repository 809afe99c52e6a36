package io.paxoslog.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Where values lie along one side of a plot.
 *
 * @param title what the values are, with their unit
 * @param isLogarithmic whether equal ratios are equally far apart
 */
record Axis(String title, boolean isLogarithmic, double lowest, double highest) {
    private static final int TICKS = 5;
    private static final double[] STEPS = {1, 2, 5, 10};

    /** An axis on which all values have room; a logarithmic one for positive values only. */
    static Axis around(String title, boolean isLogarithmic, DoubleStream values) {
        double[] kept =
                values.filter(v -> Double.isFinite(v) && (v > 0 || !isLogarithmic)).toArray();
        double lowest = DoubleStream.of(kept).min().orElse(1);
        double highest = DoubleStream.of(kept).max().orElse(1);
        if (isLogarithmic) {
            double from = Math.pow(10, Math.floor(Math.log10(lowest)));
            double to = Math.pow(10, Math.ceil(Math.log10(highest)));
            return new Axis(title, true, from, to > from ? to : from * 10);
        }
        double step = step(highest);
        double to = Math.ceil(highest / step) * step;
        return new Axis(title, false, Math.min(0, lowest), to > 0 ? to : 1);
    }

    private static double step(double highest) {
        double rough = Math.max(highest, Double.MIN_NORMAL) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double step : STEPS) {
            if (step * power >= rough) {
                return step * power;
            }
        }
        return STEPS[STEPS.length - 1] * power;
    }

    /** Place of a value between 0 and 1. */
    double place(double value) {
        if (isLogarithmic) {
            return Math.log(value / lowest) / Math.log(highest / lowest);
        }
        return (value - lowest) / (highest - lowest);
    }

    /** Values that are marked. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (isLogarithmic) {
            for (double tick = lowest; tick <= highest * 1.0001; tick *= 10) {
                ticks.add(tick);
            }
            return ticks;
        }
        double step = step(highest);
        for (double tick = 0; tick <= highest * 1.0001; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }
}
