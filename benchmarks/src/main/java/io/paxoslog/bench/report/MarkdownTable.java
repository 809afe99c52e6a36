package io.paxoslog.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/** Writes a table, row by row; the first column holds text, the others numbers. */
final class MarkdownTable {
    private final StringBuilder text = new StringBuilder();
    private final int columns;

    MarkdownTable(List<String> titles) {
        columns = titles.size();
        row(titles);
        text.append("|---").append("|--:".repeat(columns - 1)).append("|\n");
    }

    /** Adds a row. */
    MarkdownTable row(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns);
        }
        text.append(
                cells.stream()
                        .map(cell -> cell.replace("|", "\\|"))
                        .collect(Collectors.joining(" | ", "| ", " |\n")));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
