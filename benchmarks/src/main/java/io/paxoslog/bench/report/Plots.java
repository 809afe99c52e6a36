package io.paxoslog.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** The pictures of a report. */
final class Plots {
    private static final double NS_PER_US = 1e3;
    private static final double ALL = 100;

    /** Steps of the percentile curve between halvings of the distance to 100 %. */
    private static final int TICKS_PER_HALF = 5;

    /** A picture and the name of its file. */
    record Picture(String file, String title, String svg) {}

    private Plots() {}

    static List<Picture> of(List<Group> groups) {
        List<Group> steady = groups.stream().filter(group -> !group.hasKill()).toList();
        List<Picture> pictures = new ArrayList<>();
        List<String> varying = Tables.varying(groups);
        for (Group group : steady) {
            addCurve(pictures, group, varying);
        }
        for (String load : List.of("window", "rate")) {
            families(steady, load, varying)
                    .forEach((title, family) -> addLoads(pictures, title, family, load));
        }
        families(steady, "nodes", varying)
                .forEach((title, family) -> addNodes(pictures, title, family));
        return pictures;
    }

    /** Groups that differ only in one setting, by what they have in common; lone ones left out. */
    private static Map<String, List<Group>> families(
            List<Group> groups, String setting, List<String> varying) {
        Map<Map<String, String>, List<Group>> families = new LinkedHashMap<>();
        for (Group group : groups) {
            families.computeIfAbsent(group.without(setting), rest -> new ArrayList<>()).add(group);
        }
        Map<String, List<Group>> byTitle = new LinkedHashMap<>();
        List<String> others = varying.stream().filter(name -> !name.equals(setting)).toList();
        for (List<Group> family : families.values()) {
            if (family.size() > 1) {
                byTitle.put(Tables.title(family.get(0), others), family);
            }
        }
        return byTitle;
    }

    private static void addCurve(List<Picture> pictures, Group group, List<String> varying) {
        String title = "Latency: " + Tables.title(group, varying);
        SvgPlot plot =
                new SvgPlot(title, "percentile", true, "latency, µs", true)
                        .withXText(Plots::percentileText);
        for (String player : group.players()) {
            plot.line(player, false, curve(group.histogram(player)));
        }
        add(pictures, "latency", title, plot);
    }

    private static List<SvgPlot.Point> curve(Histogram histogram) {
        List<SvgPlot.Point> points = new ArrayList<>();
        for (HistogramIterationValue value : histogram.percentiles(TICKS_PER_HALF)) {
            double rest = ALL - value.getPercentileLevelIteratedTo();
            if (rest > 0) {
                points.add(
                        new SvgPlot.Point(ALL / rest, value.getValueIteratedTo() / NS_PER_US, ""));
            }
        }
        return points;
    }

    /** The mark at 100 says 99 %: one in a hundred takes longer. */
    private static String percentileText(double oneIn) {
        String text = String.format(Locale.ROOT, "%.8f", ALL - ALL / oneIn);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    private static void addLoads(
            List<Picture> pictures, String title, List<Group> family, String load) {
        String full = "Throughput against latency by " + load + ": " + title;
        SvgPlot plot = new SvgPlot(full, "commands a second", true, "latency, µs", true);
        for (String player : players(family)) {
            for (String name : List.of("p50", "p99")) {
                plot.line(
                        player + " " + name,
                        name.equals("p99"),
                        points(
                                family,
                                player,
                                note -> note.number("throughput"),
                                note -> note.latencyUs(name),
                                group -> group.setting(load)));
            }
        }
        add(pictures, "load", full, plot);
    }

    private static void addNodes(List<Picture> pictures, String title, List<Group> family) {
        String full = "CPU of all nodes for a command: " + title;
        SvgPlot plot = new SvgPlot(full, "nodes", false, "CPU, µs", false);
        for (String player : players(family)) {
            plot.line(
                    player,
                    false,
                    points(
                            family,
                            player,
                            note -> note.setting("nodes"),
                            Tables::nodesCpuUs,
                            group -> group.setting("nodes")));
        }
        add(pictures, "nodes", full, plot);
    }

    private static Set<String> players(List<Group> family) {
        Set<String> players = new LinkedHashSet<>();
        family.forEach(group -> players.addAll(group.players()));
        return players;
    }

    private static List<SvgPlot.Point> points(
            List<Group> family,
            String player,
            ToDoubleFunction<Note> x,
            ToDoubleFunction<Note> y,
            Function<Group, String> label) {
        List<SvgPlot.Point> points = new ArrayList<>();
        for (Group group : family) {
            points.add(
                    new SvgPlot.Point(
                            group.counted(player, x).median(),
                            group.counted(player, y).median(),
                            label.apply(group)));
        }
        return points;
    }

    private static void add(List<Picture> pictures, String kind, String title, SvgPlot plot) {
        if (!plot.isEmpty()) {
            String file = kind + "-" + (pictures.size() + 1) + ".svg";
            pictures.add(new Picture(file, title, plot.svg()));
        }
    }
}
