package io.paxoslog.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** All runs that differ only in who played, by player in the order of their first run. */
final class Group {
    private final Map<String, String> shared;
    private final Map<String, List<Note>> notes = new LinkedHashMap<>();

    private Group(Map<String, String> shared) {
        this.shared = shared;
    }

    /** Puts notes into groups, in the order of their first notes. */
    static List<Group> of(List<Note> all) {
        Map<Map<String, String>, Group> groups = new LinkedHashMap<>();
        for (Note note : all) {
            groups.computeIfAbsent(note.shared(), Group::new)
                    .notes
                    .computeIfAbsent(note.player(), player -> new ArrayList<>())
                    .add(note);
        }
        return List.copyOf(groups.values());
    }

    /** The settings that all runs have in common, by name. */
    Map<String, String> settings() {
        return shared;
    }

    /** The settings without one of them. */
    Map<String, String> without(String name) {
        Map<String, String> rest = new TreeMap<>(shared);
        rest.remove(name);
        return rest;
    }

    String setting(String name) {
        return shared.get(name);
    }

    List<String> players() {
        return List.copyOf(notes.keySet());
    }

    /** The player that others are compared with: PaxosLog where it plays. */
    String reference() {
        return players().stream()
                .filter(player -> first(player).isOf("paxoslog"))
                .findFirst()
                .orElse(players().get(0));
    }

    Note first(String player) {
        return notes.get(player).get(0);
    }

    boolean hasKill() {
        return !shared.getOrDefault("kill", "0").equals("0");
    }

    Samples samples(String player, ToDoubleFunction<Note> value) {
        return Samples.of(of(player).stream().mapToDouble(value));
    }

    /** Samples of what may not have been counted. */
    Samples counted(String player, ToDoubleFunction<Note> value) {
        DoubleStream all = of(player).stream().mapToDouble(value);
        return Samples.of(all.filter(Double::isFinite));
    }

    /** Latencies of all runs of a player. */
    Histogram histogram(String player) {
        Histogram all = null;
        for (Note note : of(player)) {
            Histogram one = note.histogram();
            if (all == null) {
                all = one;
            } else {
                all.add(one);
            }
        }
        return all;
    }

    private List<Note> of(String player) {
        return notes.getOrDefault(player, List.of());
    }
}
