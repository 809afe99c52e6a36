package io.paxoslog.log;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The files of the journal, oldest first, and which of them may go. For the thread that appends.
 */
final class KeptFiles {
    /**
     * One file.
     *
     * @param highestBefore highest slot that the files before may hold; {@link Part#NOT_KNOWN} when
     *     the file does not say so itself
     * @param openedPosition end of its opening
     */
    record Kept(int number, Path directory, long bytes, long highestBefore, long openedPosition) {
        /** Whether the journal may begin with it when all up to a slot is to go. */
        boolean canBeFirst(long upToSlot, long syncedPosition) {
            return highestBefore != Part.NOT_KNOWN
                    && highestBefore <= upToSlot
                    && openedPosition <= syncedPosition;
        }
    }

    private final Deque<Kept> files = new ArrayDeque<>();
    private long bytes;

    /** A file that was found, all of it forced. */
    void add(Part part) {
        Part.Head head = part.head();
        add(new Kept(part.number(), part.directory(), head.fileBytes(), head.highestBefore(), 0));
    }

    void add(Kept file) {
        files.add(file);
        bytes += file.bytes();
    }

    boolean holds(int number) {
        return files.stream().anyMatch(file -> file.number() == number);
    }

    /** Size of all of them together. */
    long bytes() {
        return bytes;
    }

    /** Highest slot that may have been in files that are gone. */
    long highestBefore() {
        return Math.max(0, files.element().highestBefore());
    }

    /** Whether {@link #dropUpTo} would take any out. */
    boolean hasToDrop(long upToSlot, long syncedPosition) {
        return files.stream().skip(1).anyMatch(file -> file.canBeFirst(upToSlot, syncedPosition));
    }

    /**
     * Takes out the files whose every slot lies at or below {@code upToSlot}, as long as a file
     * follows them of which it is forced that it says what stood before. Oldest first.
     *
     * @param leastBytes so many stay in any case
     */
    List<Kept> dropUpTo(long upToSlot, long syncedPosition, long leastBytes) {
        int dropped = 0;
        int older = 0;
        long left = bytes;
        for (Iterator<Kept> all = files.iterator(); all.hasNext() && left >= leastBytes; older++) {
            Kept file = all.next();
            dropped = file.canBeFirst(upToSlot, syncedPosition) ? older : dropped;
            left -= file.bytes();
        }
        List<Kept> gone = new ArrayList<>();
        for (int i = 0; i < dropped; i++) {
            Kept file = files.remove();
            bytes -= file.bytes();
            gone.add(file);
        }
        return gone;
    }
}
