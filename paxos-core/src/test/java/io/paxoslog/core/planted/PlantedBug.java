package io.paxoslog.core.planted;

import java.util.ArrayList;
import java.util.List;

/**
 * One mistake that a catalogue describes.
 *
 * @param name what goes wrong, in words
 * @param file source file below a source root
 * @param original the lines to replace, compared without their indentation; they must occur exactly
 *     once
 * @param replacement what stands there instead
 * @param killer what must pass on the original and fail on the mutant: {@code kind argument}
 */
record PlantedBug(
        String name, String file, List<String> original, List<String> replacement, String killer) {

    PlantedBug {
        original = List.copyOf(original);
        replacement = List.copyOf(replacement);
    }

    /**
     * Reads a catalogue. A bug is a block of lines {@code bug NAME}, {@code file PATH}, {@code -
     * ORIGINAL}..., {@code + REPLACEMENT}..., {@code killer KIND ARGUMENT}; lines that are empty or
     * begin with {@code #} are comments.
     */
    static List<PlantedBug> readAll(List<String> lines) {
        List<PlantedBug> bugs = new ArrayList<>();
        Reader reader = new Reader();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                PlantedBug bug = reader.read(line);
                if (bug != null) {
                    bugs.add(bug);
                }
            }
        }
        return bugs;
    }

    private static final class Reader {
        private String name = "";
        private String file = "";
        private final List<String> original = new ArrayList<>();
        private final List<String> replacement = new ArrayList<>();

        /** The bug, when this line is its last. */
        PlantedBug read(String line) {
            int space = (line + " ").indexOf(' ');
            String rest = line.substring(Math.min(line.length(), space + 1)).strip();
            switch (line.substring(0, space)) {
                case "bug" -> name = rest;
                case "file" -> file = rest;
                case "-" -> original.add(rest);
                case "+" -> replacement.add(rest);
                case "killer" -> {
                    return end(rest);
                }
                default ->
                        throw new IllegalArgumentException(
                                "a catalogue line begins with bug, file, -, + or killer, not: "
                                        + line);
            }
            return null;
        }

        private PlantedBug end(String killer) {
            PlantedBug bug = new PlantedBug(name, file, original, replacement, killer);
            original.clear();
            replacement.clear();
            return bug;
        }
    }

    /** The text of the file with the mistake in it. */
    String plantIn(String source) {
        List<String> lines = new ArrayList<>(source.lines().toList());
        int at = onlyPlace(lines);
        for (int i = 0; i < original.size(); i++) {
            lines.remove(at);
        }
        lines.addAll(at, replacement);
        return String.join("\n", lines) + "\n";
    }

    private int onlyPlace(List<String> lines) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i + original.size() <= lines.size(); i++) {
            if (isAt(lines, i)) {
                places.add(i);
            }
        }
        if (original.isEmpty() || places.size() != 1) {
            throw new IllegalStateException(
                    "bug '"
                            + name
                            + "': its original text occurs "
                            + places.size()
                            + " times in "
                            + file
                            + ", it must occur once: bring the catalogue up to date");
        }
        return places.get(0);
    }

    private boolean isAt(List<String> lines, int at) {
        for (int i = 0; i < original.size(); i++) {
            if (!lines.get(at + i).strip().equals(original.get(i))) {
                return false;
            }
        }
        return true;
    }
}
