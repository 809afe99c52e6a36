package io.paxoslog.log;

import io.paxoslog.core.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * Follows the journal of a node that runs, without its lock and from another process: reads heads
 * of records as they are appended, and so knows which record holds a slot. Belongs to one thread.
 */
final class JournalFollower implements AutoCloseable {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final SlotIndex index = new SlotIndex();
    private final SegmentFiles files;
    private final long incarnation;
    private final List<Part> parts;
    private final JournalReader reader;
    private int nextPart;
    private MappedSegment segment;
    private RecordCursor cursor;
    private boolean isFirstRecord;
    private long limit;
    private long end;
    private int endChecksum;

    private JournalFollower(SegmentFiles files, long incarnation, List<Part> parts, int firstPart) {
        this.files = files;
        this.incarnation = incarnation;
        this.parts = parts;
        nextPart = firstPart;
        Part first = parts.get(firstPart);
        end = first.base();
        endChecksum = first.head().previousChecksum();
        reader = new JournalReader(index, files, incarnation, damaged -> {});
    }

    /**
     * Begins at the last file that all files before are not needed of.
     *
     * @param fromSlot slots below are not wanted
     * @throws IOException when a file cannot be read, or went meanwhile
     */
    static JournalFollower open(Path directory, long incarnation, long fromSlot)
            throws IOException {
        SegmentFiles files = new SegmentFiles(FileDisk.REAL, directory.resolve("journal"));
        List<Part> parts =
                Part.find(files, files.list(), incarnation).stream()
                        .filter(part -> part.file() != null && part.base() >= 0)
                        .toList();
        if (parts.isEmpty()) {
            throw new IOException("no file of " + files.directory() + " holds records");
        }
        int first = Part.firstNeeded(parts, fromSlot - 1);
        JournalFollower follower = new JournalFollower(files, incarnation, parts, first);
        follower.dropBelow(fromSlot);
        return follower;
    }

    /**
     * Reads all heads up to a position.
     *
     * @throws IOException when the records up to there cannot be found: files went meanwhile, or
     *     are damaged
     */
    void followTo(long position) throws IOException {
        try {
            while (end < position) {
                if (segment == null || !next()) {
                    openNext();
                }
            }
        } catch (InternalError e) {
            // What a mapped read answers where the disk cannot be read.
            throw new IOException("a file in " + files.directory() + " cannot be read", e);
        }
    }

    private boolean next() {
        boolean isThere =
                isFirstRecord
                        ? cursor.nextBefore(Part.OPENING_BEFORE_BYTES)
                        : cursor.nextRightBehind();
        if (!isThere
                || cursor.fields().position() >= limit
                || !cursor.continues(end, endChecksum)) {
            return false;
        }
        isFirstRecord = false;
        end = cursor.endPosition();
        endChecksum = cursor.header().checksum();
        if (cursor.hasBatch()) {
            cursor.addTo(index);
            index.refill();
        }
        return true;
    }

    private void openNext() throws IOException {
        int number = nextNumber();
        closeSegment();
        segment = MappedSegment.open(files.disk(), number, files.file(number));
        cursor = new RecordCursor(segment, incarnation);
        cursor.moveTo(0);
        isFirstRecord = true;
        if (!next()) {
            throw new IOException(segment.file() + " does not go on where the one before ends");
        }
    }

    /** Files that follow while the node runs have the next numbers. */
    private int nextNumber() {
        if (nextPart < parts.size()) {
            Part part = parts.get(nextPart++);
            limit = part.limit();
            return part.number();
        }
        limit = NO_LIMIT;
        return segment.number() + 1;
    }

    /** As {@link JournalReader#copy}. */
    long copy(long slot, MutableDirectBuffer into, Batch batch) {
        return reader.copy(slot, into, batch);
    }

    /** What the last {@link #copy} stopped at; null when no record is known to hold the slot. */
    DamagedRecord damage() {
        return reader.damage();
    }

    /** Slots below one are not wanted any more. */
    void dropBelow(long slot) {
        index.dropBelow(slot);
    }

    private void closeSegment() {
        if (segment != null) {
            segment.close();
            segment = null;
        }
    }

    @Override
    public void close() {
        closeSegment();
        reader.close();
    }
}
