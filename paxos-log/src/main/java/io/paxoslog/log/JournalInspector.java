package io.paxoslog.log;

import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Runs;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Looks at a journal without its lock, changing nothing: of a dead node, or of one that runs and
 * may append meanwhile.
 */
public final class JournalInspector {
    /**
     * One record, as it lies in the file.
     *
     * @param segment number of the segment
     * @param offset of the record in the segment's file
     * @param type what it says: {@code opening}, {@code promised}, {@code campaigned}, {@code
     *     accepted}, {@code chosen}, {@code committed}, {@code membership}, {@code decision},
     *     {@code held}, {@code returning}, {@code returned}, {@code remembered}, {@code stopped} or
     *     {@code sealed}
     * @param position bytes of records before it
     * @param forcedPosition how far the journal was known to be forced when it was written
     * @param firstSlot first slot; the commit index of a committed record; 0 where there is none
     * @param lastSlot last slot, as firstSlot
     * @param timestamp nanoseconds since 1970; 0 where there is none
     * @param bytes whole length
     * @param valid whether payload and chain are as they were written
     * @param decided what was decided, or is remembered of a member, for people; empty in records
     *     of other types
     */
    public record Entry(
            int segment,
            int offset,
            String type,
            long position,
            long forcedPosition,
            long ballot,
            long firstSlot,
            long lastSlot,
            long originBallot,
            long timestamp,
            int bytes,
            boolean valid,
            String decided) {}

    /**
     * All of a journal.
     *
     * @param invalid records whose payload or chain is not as it was written: a torn tail, or
     *     damage
     * @param promised lowest ballot still answered
     * @param campaigned highest own ballot
     * @param forcedPosition up to where records are proven forced
     * @param stoppedCleanly whether the last run ended with a mark
     * @param firstKept lowest slot that was not compacted away
     * @param snapshots slots of the snapshots beside it, newest first
     */
    public record Totals(
            int node,
            long incarnation,
            int segments,
            long records,
            long invalid,
            long commitIndex,
            long promised,
            long campaigned,
            long forcedPosition,
            long endPosition,
            boolean stoppedCleanly,
            long firstKept,
            List<Long> snapshots) {}

    /** Is shown every record. */
    public interface Visitor {
        /**
         * The next record.
         *
         * @param batch its slots, valid during the call; null for records of other types and
         *     damaged ones
         */
        void record(Entry entry, Batch batch);
    }

    private final Identity identity;
    private final Path directory;
    private final SegmentFiles files;
    private final List<Part> parts;
    private final Visitor visitor;
    private final RecordReplay replay = new RecordReplay();
    private final Standing standing = new Standing();
    private final SlotIndex index = new SlotIndex();
    private final SlotRuns chosen = new SlotRuns();

    private long end;
    private int endChecksum;
    private long forced;
    private long records;
    private long invalid;
    private boolean stopped;

    private JournalInspector(Path directory, Visitor visitor) throws IOException {
        this.identity = Identity.require(FileDisk.REAL, directory);
        this.directory = directory;
        this.files = new SegmentFiles(FileDisk.REAL, directory.resolve("journal"));
        this.parts = Part.find(files, files.list(), identity.incarnation());
        this.visitor = visitor;
    }

    /**
     * Shows every record that counts, in order.
     *
     * @param directory the node's directory
     * @throws JournalException when there is no journal, or it cannot be read
     */
    public static Totals inspect(Path directory, Visitor visitor) {
        try {
            JournalInspector inspector = new JournalInspector(directory, visitor);
            inspector.readAll();
            return inspector.totals();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Hands over the chosen slots, from the first one that was not compacted away to the journal's
     * commit index.
     *
     * @param directory the node's directory
     * @param handler hears batches that are valid during the call
     * @return the commit index
     * @throws JournalException when there is no journal, it cannot be read, or a slot is missing
     */
    public static long committed(Path directory, Consumer<Batch> handler) {
        try (ChosenSlots slots = chosen(directory)) {
            slots.read(slots.first(), slots.last(), handler);
            return slots.last();
        }
    }

    static ChosenSlots chosen(Path directory) {
        try {
            JournalInspector inspector = new JournalInspector(directory, (entry, batch) -> {});
            inspector.readAll();
            return inspector.chosenSlots();
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static JournalException unreadable(Path directory, IOException e) {
        return new JournalException(
                Kind.NOT_WRITABLE,
                "cannot read the journal in " + directory + ": " + e.getMessage(),
                e);
    }

    private ChosenSlots chosenSlots() {
        return new ChosenSlots(
                new JournalReader(index, files, identity.incarnation(), damaged -> {}),
                standing.firstKept(),
                commitIndex());
    }

    private void readAll() throws IOException {
        for (Part part : parts) {
            if (part.file() == null) {
                continue;
            }
            try (MappedSegment segment =
                    MappedSegment.open(files.disk(), part.number(), part.file())) {
                RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
                while (cursor.next() && cursor.fields().position() < part.limit()) {
                    visit(cursor);
                }
            }
        }
    }

    /** What was learnt as chosen counts, whether a commit record followed or not. */
    private long commitIndex() {
        return chosen.unbrokenAbove(standing.commitIndex());
    }

    private void visit(RecordCursor cursor) {
        boolean isFirst =
                records == 0
                        && cursor.fields().position() > 0
                        && cursor.fields().recordType() == RecordType.OPENING;
        if (isFirst) {
            beginAt(cursor);
        }
        boolean valid = cursor.continues(end, endChecksum) && cursor.payloadIsValid();
        if (isFirst && valid) {
            standing.take(Survey.opening(cursor));
            index.dropBelow(standing.firstKept());
        }
        records++;
        forced = Math.max(forced, cursor.fields().forcedPosition());
        if (valid) {
            take(cursor);
        } else {
            invalid++;
        }
        visitor.record(
                entry(cursor, valid), valid && cursor.hasBatch() ? replay.batch(cursor) : null);
    }

    /** The files before were compacted away. */
    private void beginAt(RecordCursor cursor) {
        end = cursor.fields().position();
        endChecksum = cursor.header().previousChecksum();
    }

    private void take(RecordCursor cursor) {
        RecordDecoder fields = cursor.fields();
        end = cursor.endPosition();
        endChecksum = cursor.header().checksum();
        stopped = fields.recordType() == RecordType.STOPPED;
        replay.replay(cursor, standing);
        index.dropBelow(standing.firstKept());
        if (fields.recordType() == RecordType.CHOSEN) {
            chosen.add(fields.firstSlot(), cursor.header().lastSlot());
        }
        if (cursor.hasBatch()) {
            cursor.addTo(index);
        }
    }

    private static Entry entry(RecordCursor cursor, boolean valid) {
        RecordDecoder fields = cursor.fields();
        return new Entry(
                cursor.segment().number(),
                cursor.offset(),
                fields.recordType().name().toLowerCase(Locale.ROOT),
                fields.position(),
                fields.forcedPosition(),
                fields.recordType() == RecordType.OPENING && valid
                        ? openingPromise(cursor)
                        : fields.ballot(),
                fields.firstSlot(),
                cursor.header().lastSlot(),
                fields.originBallot(),
                fields.timestamp(),
                cursor.header().recordBytes(),
                valid,
                valid ? decidedIn(cursor) : "");
    }

    private static String decidedIn(RecordCursor cursor) {
        return switch (cursor.fields().recordType()) {
            case DECISION -> decision(cursor);
            case REMEMBERED ->
                    "node %d in its run %d with %d records"
                            .formatted(
                                    MemberId.node(RecordReplay.rememberedMember(cursor)),
                                    Runs.number(RecordReplay.rememberedRun(cursor)),
                                    RecordReplay.rememberedRecords(cursor));
            default -> "";
        };
    }

    private static String decision(RecordCursor cursor) {
        DirectBuffer bytes = cursor.segment().bytes();
        int offset = cursor.payloadOffset();
        int length = cursor.fields().payloadBytes();
        return Decision.isOne(bytes, offset, length)
                ? Decision.decode(bytes, offset, length).toString()
                : "not known to this version";
    }

    private static long openingPromise(RecordCursor cursor) {
        OpeningDecoder opening = Survey.opening(cursor);
        return opening.promised();
    }

    private Totals totals() throws IOException {
        return new Totals(
                identity.node(),
                identity.incarnation(),
                parts.size(),
                records,
                invalid,
                commitIndex(),
                standing.promised(),
                standing.campaigned(),
                forced,
                end,
                stopped,
                standing.firstKept(),
                SnapshotStore.look(FileDisk.REAL, directory).stream()
                        .map(SnapshotManifest::slot)
                        .toList());
    }
}
