package io.paxoslog.spec;

import io.paxoslog.spec.Tlc.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What every run found, as one table for people. */
final class ReportTable {
    private final List<String> rows = new ArrayList<>();

    ReportTable() {
        rows.add(row("model", "generated", "distinct", "depth", "seconds", "result"));
        rows.add(row("---", "---:", "---:", "---:", "---:", "---"));
    }

    void add(Model model, Outcome outcome) {
        rows.add(
                row(
                        model.name(),
                        String.format(Locale.ROOT, "%,d", outcome.generated()),
                        String.format(Locale.ROOT, "%,d", outcome.distinct()),
                        outcome.depth(),
                        String.format(Locale.ROOT, "%.0f", outcome.seconds()),
                        result(model, outcome)));
    }

    private static String result(Model model, Outcome outcome) {
        if (outcome.broken() != null) {
            return outcome.broken() + " broken in " + outcome.length() + " states";
        }
        if (!outcome.isComplete()) {
            return "not finished";
        }
        return switch (model.expected()) {
            case WALKS -> "nothing broken in " + model.atLeast() + " walks";
            case HOLDS, BREAKS -> "complete, holds";
        };
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "| %-36s | %11s | %11s | %5s | %7s | %s |", cells);
    }

    /** Writes the table to the console and to a file. */
    void print(Path file) throws IOException {
        rows.forEach(System.out::println);
        Files.write(file, rows);
    }
}
