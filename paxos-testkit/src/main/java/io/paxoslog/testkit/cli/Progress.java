package io.paxoslog.testkit.cli;

import io.paxoslog.testkit.sim.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a range of seeds has been played, in a file, so that it can be played in pieces: a line
 * {@code name=number} for the range, for the next seed, and for each total of what was played. The
 * file is replaced as a whole, so a run that is killed loses its last piece only.
 */
final class Progress {
    private static final String FROM = "range.from";
    private static final String COUNT = "range.seeds";
    private static final String NEXT = "range.next";

    private final Path file;
    private final long from;
    private final long seeds;
    private final Totals totals = new Totals();
    private long next;

    /**
     * Goes on with what the file says, or begins where there is none.
     *
     * @throws IllegalArgumentException when the file is of another range, or of none
     */
    Progress(Path file, long from, long seeds) throws IOException {
        this.file = file;
        this.from = from;
        this.seeds = seeds;
        next = from;
        if (Files.exists(file)) {
            read();
        }
    }

    private void read() throws IOException {
        SortedMap<String, Long> numbers = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            int sign = line.indexOf('=');
            if (sign < 1) {
                throw isOther("line '" + line + "' is no name=number");
            }
            try {
                numbers.put(line.substring(0, sign), Long.valueOf(line.substring(sign + 1)));
            } catch (NumberFormatException e) {
                throw isOther("line '" + line + "' is no name=number");
            }
        }
        long itsFrom = numbers.getOrDefault(FROM, 0L);
        long itsSeeds = numbers.getOrDefault(COUNT, 0L);
        if (itsFrom != from || itsSeeds != seeds) {
            throw isOther("it is of --from " + itsFrom + " --seeds " + itsSeeds);
        }
        next = numbers.getOrDefault(NEXT, from);
        totals.add(numbers);
    }

    private IllegalArgumentException isOther(String why) {
        return new IllegalArgumentException(
                "cannot go on with " + file + ": " + why + "; name another file, or that range");
    }

    /** The next seed to play. */
    long next() {
        return next;
    }

    /** How many are left. */
    long left() {
        return from + seeds - next;
    }

    /** What happened in all pieces. */
    Totals totals() {
        return totals;
    }

    /** So many more were played. */
    void played(long more, Totals itsTotals) throws IOException {
        next += more;
        totals.add(itsTotals);
        SortedMap<String, Long> numbers = totals.numbers();
        numbers.put(FROM, from);
        numbers.put(COUNT, seeds);
        numbers.put(NEXT, next);
        List<String> lines = new ArrayList<>();
        numbers.forEach((name, number) -> lines.add(name + "=" + number));
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.write(written, lines);
        Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
