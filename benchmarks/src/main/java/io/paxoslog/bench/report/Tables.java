package io.paxoslog.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The tables of a report. */
final class Tables {
    private static final List<String> LATENCIES = List.of("p50", "p99", "p99.9");
    private static final List<String> COSTS =
            List.of(
                    "user_us",
                    "system_us",
                    "system_calls",
                    "voluntary_switches",
                    "involuntary_switches",
                    "minor_faults");

    private Tables() {}

    /** Settings in which groups differ. */
    static List<String> varying(List<Group> groups) {
        Map<String, TreeSet<String>> values = new TreeMap<>();
        for (Group group : groups) {
            group.settings()
                    .forEach(
                            (name, value) ->
                                    values.computeIfAbsent(name, n -> new TreeSet<>()).add(value));
        }
        return values.keySet().stream().filter(name -> values.get(name).size() > 1).toList();
    }

    static String title(Group group, List<String> varying) {
        return varying.isEmpty()
                ? "all"
                : varying.stream()
                        .map(name -> name + "=" + group.setting(name))
                        .collect(Collectors.joining(" "));
    }

    static String speed(List<Group> groups, List<String> varying) {
        List<String> titles = new ArrayList<>(List.of("settings", "player", "runs", "ops/s", "×"));
        LATENCIES.forEach(name -> titles.addAll(List.of(name + " µs", "×")));
        titles.addAll(List.of("max µs", "unanswered"));
        MarkdownTable table = new MarkdownTable(titles);
        for (Group group : groups) {
            for (String player : group.players()) {
                List<String> row = begin(group, player, varying);
                addWithRatio(row, group, player, note -> note.number("throughput"));
                for (String name : LATENCIES) {
                    addWithRatio(row, group, player, note -> note.latencyUs(name));
                }
                row.add(median(group.samples(player, note -> note.latencyUs("max"))));
                row.add(median(group.samples(player, note -> note.number("unanswered"))));
                table.row(row);
            }
        }
        return table.toString();
    }

    private static List<String> begin(Group group, String player, List<String> varying) {
        int runs = group.samples(player, note -> 1).size();
        return new ArrayList<>(List.of(title(group, varying), player, Integer.toString(runs)));
    }

    private static void addWithRatio(
            List<String> row, Group group, String player, ToDoubleFunction<Note> value) {
        Samples samples = group.counted(player, value);
        Samples reference = group.counted(group.reference(), value);
        row.add(median(samples));
        row.add(player.equals(group.reference()) ? "" : Samples.text(reference.ratioTo(samples)));
    }

    private static String median(Samples samples) {
        return Samples.text(samples.median());
    }

    /** All nodes together, and the client. */
    static String cost(List<Group> groups, List<String> varying) {
        List<String> titles =
                new ArrayList<>(List.of("settings", "player", "runs", "nodes: CPU µs", "×"));
        COSTS.forEach(name -> titles.add("nodes: " + name.replace('_', ' ')));
        titles.addAll(List.of("nodes: MiB", "client: CPU µs", "client: system calls"));
        MarkdownTable table = new MarkdownTable(titles);
        for (Group group : groups) {
            for (String player : group.players()) {
                List<String> row = begin(group, player, varying);
                addWithRatio(row, group, player, Tables::nodesCpuUs);
                for (String name : COSTS) {
                    row.add(orNot(group.counted(player, note -> orNaN(note.nodesCost(name)))));
                }
                row.add(orNot(group.counted(player, n -> orNaN(n.nodesCost("rss_mib")))));
                row.add(orNot(group.counted(player, Tables::clientCpuUs)));
                row.add(orNot(group.counted(player, n -> orNaN(n.clientCost("system_calls")))));
                table.row(row);
            }
        }
        return table.toString();
    }

    static double nodesCpuUs(Note note) {
        return orNaN(note.nodesCost("user_us")) + orNaN(note.nodesCost("system_us"));
    }

    private static double clientCpuUs(Note note) {
        return orNaN(note.clientCost("user_us")) + orNaN(note.clientCost("system_us"));
    }

    private static double orNaN(OptionalDouble number) {
        return number.orElse(Double.NaN);
    }

    private static String orNot(Samples samples) {
        return samples.isEmpty() ? "not counted" : median(samples);
    }

    static String gaps(List<Group> groups, List<String> varying) {
        MarkdownTable table =
                new MarkdownTable(
                        List.of(
                                "settings",
                                "player",
                                "kills",
                                "gap ms",
                                "×",
                                "shortest",
                                "longest",
                                "lost commands"));
        for (Group group : groups) {
            for (String player : group.players()) {
                Samples gaps = group.samples(player, note -> note.number("longest_gap_ms"));
                List<String> row = begin(group, player, varying);
                addWithRatio(row, group, player, note -> note.number("longest_gap_ms"));
                row.add(Samples.text(gaps.lowest()));
                row.add(Samples.text(gaps.highest()));
                row.add(median(group.samples(player, note -> note.number("lost"))));
                table.row(row);
            }
        }
        return table.toString();
    }
}
