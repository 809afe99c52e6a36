package io.paxoslog.spec;

import io.paxoslog.spec.Model.Expected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a catalogue of models; {@code models.txt} tells how it is written. */
final class Catalogue {
    private static final int DEFAULT_DEPTH = 100;

    private final List<Model> models = new ArrayList<>();
    private final Map<String, String> defaults = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> byName = new HashMap<>();
    private Map<String, String> lines = defaults;
    private String module;
    private String name;

    /**
     * All models of a catalogue, in its order.
     *
     * @throws IllegalArgumentException when a line cannot be understood
     */
    static List<Model> read(Path file) {
        try {
            return new Catalogue().parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Model> parse(List<String> text) {
        for (String line : text) {
            if (!line.isBlank() && !line.startsWith("#")) {
                parse(line);
            }
        }
        finishModel();
        return models;
    }

    private void parse(String line) {
        String[] words = line.strip().split("\\s+", 2);
        String rest = words.length > 1 ? words[1] : "";
        if (line.startsWith(" ")) {
            addLine(words[0], rest);
            return;
        }
        finishModel();
        switch (words[0]) {
            case "module" -> module = rest;
            case "defaults" -> startDefaults();
            case "model" -> startModel(rest);
            default -> throw new IllegalArgumentException("neither module nor model: " + line);
        }
    }

    private void addLine(String key, String value) {
        if (!key.equals("like")) {
            lines.put(key, value);
            return;
        }
        if (!byName.containsKey(value)) {
            throw new IllegalArgumentException(name + ": no model " + value + " above it");
        }
        lines.putAll(byName.get(value));
        lines.remove("large");
    }

    private void startDefaults() {
        defaults.clear();
        lines = defaults;
    }

    private void startModel(String modelName) {
        name = modelName;
        lines = new LinkedHashMap<>(defaults);
    }

    private void finishModel() {
        if (name == null) {
            return;
        }
        byName.put(name, lines);
        String[] expect = lines.getOrDefault("expect", "").split("\\s+", -1);
        if (expect.length != 2) {
            throw new IllegalArgumentException(name + ": expect what?");
        }
        Expected expected = Expected.valueOf(expect[0].toUpperCase(Locale.ROOT));
        boolean breaks = expected == Expected.BREAKS;
        models.add(
                new Model(
                        name,
                        module,
                        expected,
                        breaks ? expect[1] : null,
                        breaks ? 1 : Long.parseLong(expect[1]),
                        Integer.parseInt(
                                lines.getOrDefault("depth", Integer.toString(DEFAULT_DEPTH))),
                        lines.containsKey("large"),
                        configuration(breaks ? expect[1] : lines.get("invariants"))));
        name = null;
    }

    private List<String> configuration(String invariants) {
        List<String> result = new ArrayList<>();
        result.add("CHECK_DEADLOCK FALSE");
        result.add("SPECIFICATION Spec");
        result.add("INVARIANTS " + invariants);
        lines.forEach(
                (key, value) -> {
                    switch (key) {
                        case "expect", "invariants", "large", "depth" -> {}
                        case "symmetry" -> {
                            if (!value.equals("none")) {
                                result.add("SYMMETRY " + value);
                            }
                        }
                        case "constraint" -> result.add("CONSTRAINT " + value);
                        default -> result.add("CONSTANT " + key + " " + value);
                    }
                });
        return result;
    }
}
