package io.paxoslog.testkit.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A text of commands at the margin, what follows from each indented below it, and comments. */
public final class Scenario {
    private static final Path DIRECTORY = Path.of("src/test/resources/scenarios");
    private static final String SUFFIX = ".txt";

    private Scenario() {}

    /** The names of all scenarios. */
    public static List<String> names() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a scenario as they are written. */
    static List<String> read(String name) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(name + SUFFIX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a scenario with the consequences that really follow. */
    static void rewrite(String name) {
        try {
            Files.write(DIRECTORY.resolve(name + SUFFIX), play(read(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same comments and commands, with the consequences that really follow. */
    static List<String> play(List<String> lines) {
        List<String> result = new ArrayList<>();
        Stage stage = new Stage();
        for (String line : lines) {
            if (line.startsWith(" ")) {
                continue;
            }
            result.add(line);
            perform(stage, line, result);
        }
        return result;
    }

    /**
     * Plays a scenario as far as it goes.
     *
     * @param told gets comments, commands and the consequences that really follow
     * @return what it violates, or an empty text
     */
    public static String tell(List<String> lines, List<String> told) {
        Stage stage = new Stage();
        for (String line : lines) {
            if (line.startsWith(" ")) {
                continue;
            }
            told.add(line);
            try {
                perform(stage, line, told);
            } catch (RuntimeException | AssertionError failure) {
                stage.takeConsequences().forEach(consequence -> told.add("  " + consequence));
                return failure.toString();
            }
        }
        return "";
    }

    private static void perform(Stage stage, String line, List<String> told) {
        if (!line.isBlank() && !line.startsWith("#")) {
            stage.perform(line);
            stage.takeConsequences().forEach(consequence -> told.add("  " + consequence));
        }
    }

    /**
     * The first place where a scenario goes another way than it is written, or nothing when there
     * is none.
     */
    public static String firstDifference(String name) {
        List<String> written = read(name);
        List<String> played;
        try {
            played = play(written);
        } catch (RuntimeException | AssertionError failure) {
            return String.valueOf(failure.getMessage());
        }
        for (int i = 0; i < Math.max(written.size(), played.size()); i++) {
            String expected = i < written.size() ? written.get(i) : "the end";
            String actual = i < played.size() ? played.get(i) : "the end";
            if (!expected.equals(actual)) {
                return "line "
                        + (i + 1)
                        + ": not ["
                        + expected.strip()
                        + "] but ["
                        + actual.strip()
                        + "]";
            }
        }
        return "";
    }
}
