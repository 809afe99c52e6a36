package io.paxoslog.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a report of notes: a page of Markdown, and the pictures it shows. */
public final class Report {
    /** The page in the directory of a report. */
    public static final String PAGE = "report.md";

    private Report() {}

    /**
     * Reads files of notes and writes the report; returns how many notes it is about.
     *
     * @throws IOException when a file cannot be read or written
     * @throws IllegalArgumentException naming the file and line that is no note
     */
    public static int write(List<Path> files, Path directory) throws IOException {
        List<Note> notes = new ArrayList<>();
        for (Path file : files) {
            readInto(notes, file);
        }
        if (notes.isEmpty()) {
            throw new IllegalArgumentException("there are no notes in " + files);
        }
        List<Group> groups = Group.of(notes);
        List<Plots.Picture> pictures = Plots.of(groups);
        Files.createDirectories(directory);
        for (Plots.Picture picture : pictures) {
            Files.writeString(directory.resolve(picture.file()), picture.svg());
        }
        Files.writeString(directory.resolve(PAGE), page(notes, groups, pictures));
        return notes.size();
    }

    private static void readInto(List<Note> notes, Path file) throws IOException {
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                notes.add(Note.read(line));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s, line %d: %s".formatted(file, number, e.getMessage()), e);
            }
        }
    }

    private static String page(List<Note> notes, List<Group> groups, List<Plots.Picture> pictures) {
        StringBuilder page = new StringBuilder("# Comparison\n\n");
        page.append(notes.size()).append(" runs. ");
        notes.stream()
                .map(Note::surroundings)
                .distinct()
                .forEach(text -> page.append(text).append(". "));
        Samples load = Samples.of(notes.stream().mapToDouble(Note::loadBefore));
        page.append("Load of the machine in the minute before a run: ")
                .append(Samples.text(load.lowest()))
                .append(" to ")
                .append(Samples.text(load.highest()))
                .append(".\n\nMedians of runs. A ratio is PaxosLog's value by the other's of the")
                .append(" same runs: of throughput more is better, of all else less.\n");
        List<String> varying = Tables.varying(groups);
        List<Group> steady = groups.stream().filter(group -> !group.hasKill()).toList();
        if (!steady.isEmpty()) {
            page.append("\n## Throughput and latency\n\n").append(Tables.speed(steady, varying));
            page.append("\n## Cost of a command\n\n").append(Tables.cost(steady, varying));
        }
        List<Group> kills = groups.stream().filter(Group::hasKill).toList();
        if (!kills.isEmpty()) {
            page.append("\n## Gap after kill -9 of the leader\n\n")
                    .append(Tables.gaps(kills, varying));
        }
        page.append("\n## Pictures\n");
        for (Plots.Picture picture : pictures) {
            page.append("\n![%s](%s)\n".formatted(picture.title(), picture.file()));
        }
        return page.toString();
    }
}
