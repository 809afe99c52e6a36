package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of the segments of one journal: a Chronicle queue directory each, numbered from 1. */
final class SegmentFiles {
    private static final int DIGITS = 8;
    private static final Pattern NAME = Pattern.compile("(\\d{8})(\\.rewritten|\\.tmp)?");

    /**
     * One segment.
     *
     * @param rewritten its name proves that all of it was forced: it was renamed to it only then
     * @param unfinished written aside and not renamed yet: as good as absent
     */
    record Name(int number, boolean rewritten, boolean unfinished, Path directory) {}

    private final Disk disk;
    private final Path directory;

    SegmentFiles(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    /** The disk the segments are on. */
    Disk disk() {
        return disk;
    }

    Path directory() {
        return directory;
    }

    /** All segments, lowest number first. Empty when there is no journal yet. */
    List<Name> list() throws IOException {
        List<Name> names = new ArrayList<>();
        for (Path child : disk.list(directory)) {
            parse(child).ifPresent(names::add);
        }
        names.sort(Comparator.comparingInt(Name::number));
        return names;
    }

    private static Optional<Name> parse(Path child) {
        Matcher matcher = NAME.matcher(child.getFileName().toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String suffix = matcher.group(2);
        int number = Integer.parseInt(matcher.group(1));
        return Optional.of(
                new Name(number, ".rewritten".equals(suffix), ".tmp".equals(suffix), child));
    }

    /** Where records are appended. */
    Path appended(int number) {
        return directory.resolve(digits(number));
    }

    /** Where a tail is rewritten, once it is complete. */
    Path rewritten(int number) {
        return directory.resolve(digits(number) + ".rewritten");
    }

    /** Where a tail is rewritten until it is complete. */
    Path unfinished(int number) {
        return directory.resolve(digits(number) + ".tmp");
    }

    private static String digits(int number) {
        String digits = Integer.toString(number);
        return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    /** The file that holds the records of a segment. */
    Path file(int number) throws IOException {
        Path appended = appended(number);
        return fileIn(disk.isDirectory(appended) ? appended : rewritten(number));
    }

    /**
     * The file that holds records inside a segment's directory. Throws {@link NoSuchFileException}.
     */
    Path fileIn(Path segment) throws IOException {
        for (Path child : disk.list(segment)) {
            if (child.toString().endsWith(".cq4")) {
                return child;
            }
        }
        throw new NoSuchFileException(segment.resolve("*.cq4").toString());
    }

    /**
     * Removes a segment. What a crash leaves of it is no segment any more, or as good as absent.
     */
    void delete(Path segment) throws IOException {
        disk.deleteAll(segment);
    }
}
