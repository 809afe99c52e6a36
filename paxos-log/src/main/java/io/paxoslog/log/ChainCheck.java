package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.log.JournalException.Kind;
import io.paxoslog.log.JournalVerifier.TornTail;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Follows the chain of records through all files that count. Other than a start it goes on behind a
 * break, to find the next one. What is proven forced is found first: a break above it is the end of
 * what was written, and one below it is damage.
 */
final class ChainCheck {
    /**
     * Damage that may have been made good since.
     *
     * @param needsOpening whether a later file must say what stood
     */
    private record Damage(
            Path file,
            long offset,
            long firstSlot,
            long lastSlot,
            String what,
            boolean needsOpening) {
        void reportTo(Findings findings) {
            findings.damage(file, offset, firstSlot, lastSlot, what);
        }
    }

    /** Where the chain goes on is not known: the next record that is there is taken. */
    private static final long UNKNOWN = -1;

    private final SegmentFiles files;
    private final Identity identity;
    private final List<Part> parts;
    private final boolean isLastLook;
    private final Findings findings;
    private final ChainHearer hearer;
    private final RecordReplay replay = new RecordReplay();
    private final List<Damage> damages = new ArrayList<>();
    private final Set<Path> unreadable = new HashSet<>();

    /** Made ahead, and not begun. */
    private final Set<Path> ahead = new HashSet<>();

    private long forced;
    private long end;
    private int endChecksum;
    private long records;
    private boolean isSealed;
    private TornTail torn;

    /**
     * Follows files, from one on.
     *
     * @param hearer hears what is there, and where something is lost
     * @param isLastLook whether a file that is not there is missing; else it may have been dropped
     *     since the files were listed, and {@link NoSuchFileException} says so
     */
    ChainCheck(
            SegmentFiles files,
            Identity identity,
            List<Part> parts,
            Findings findings,
            ChainHearer hearer,
            boolean isLastLook) {
        this.files = files;
        this.identity = identity;
        this.parts = parts;
        this.findings = findings;
        this.hearer = hearer;
        this.isLastLook = isLastLook;
        beginBehindCompacted();
    }

    /** What stood before the first file that is left is repeated at its head. */
    private void beginBehindCompacted() {
        Part first = parts.isEmpty() ? null : parts.get(0);
        if (first != null && first.base() > 0 && first.canBeginAbove(Long.MAX_VALUE)) {
            end = first.base();
            endChecksum = first.head().previousChecksum();
        }
    }

    void run() throws IOException {
        for (Part part : parts) {
            findForced(part);
        }
        for (Part part : parts) {
            if (unreadable.contains(part.directory())) {
                lost();
            } else if (torn == null && !ahead.contains(part.directory())) {
                read(part);
            }
        }
        if (records == 0) {
            findings.damage(files.directory(), -1, 0, 0, "there is no record that can be read");
        }
    }

    /** All that was damaged, whether it was made good since or not. */
    void reportDamage() {
        damages.forEach(damage -> damage.reportTo(findings));
    }

    /**
     * Finds what was damaged and is not made good: by a later record of the same slots as chosen,
     * or by a snapshot; where ballots may have been lost, by a later file that says what stood.
     *
     * @param rules heard the chain
     * @param snapshotSlot of the newest snapshot that is whole
     * @return what was made good
     */
    List<JournalVerifier.Finding> settle(RecordRules rules, long snapshotSlot) {
        SlotRuns unknown = rules.unknownFrom(Math.max(firstKept(), snapshotSlot + 1));
        Findings repaired = new Findings();
        for (Damage damage : damages) {
            if (isRepaired(rules, damage, unknown)) {
                repaired.repaired(
                        damage.file(),
                        damage.offset(),
                        damage.firstSlot(),
                        damage.lastSlot(),
                        damage.what());
            } else {
                damage.reportTo(findings);
            }
        }
        rules.requireNoGap(files.directory(), damages.isEmpty() ? 1 : snapshotSlot + 1);
        return repaired.kept();
    }

    private static boolean isRepaired(RecordRules rules, Damage damage, SlotRuns unknown) {
        if (damage.needsOpening()) {
            return !rules.isInGap() && unknown.isEmpty();
        }
        return !unknown.hasAny(damage.firstSlot(), damage.lastSlot());
    }

    private void findForced(Part part) throws IOException {
        try (MappedSegment segment = open(part)) {
            segment.load();
            RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
            while (cursor.next() && cursor.fields().position() < part.limit()) {
                requireKnownVersion(part, cursor);
                forced = Math.max(forced, cursor.fields().forcedPosition());
                if (part.rewritten()) {
                    // It got its name only once all of it was forced.
                    forced = Math.max(forced, cursor.endPosition());
                }
            }
        } catch (NoSuchFileException e) {
            missing(part, e);
        } catch (IOException e) {
            skip(part, part.file(), String.valueOf(e.getMessage()));
        }
    }

    private MappedSegment open(Part part) throws IOException {
        if (part.file() == null) {
            throw new NoSuchFileException(part.directory().toString());
        }
        return MappedSegment.open(files.disk(), part.number(), part.file());
    }

    private void missing(Part part, NoSuchFileException e) throws IOException {
        if (!isLastLook) {
            throw e;
        }
        if (part.limit() == Long.MAX_VALUE) {
            ahead.add(part.directory());
        } else {
            skip(part, part.directory(), "the file is missing");
        }
    }

    private void skip(Part part, Path place, String what) {
        unreadable.add(part.directory());
        damages.add(new Damage(place, -1, 0, 0, what, true));
    }

    private static void requireKnownVersion(Part part, RecordCursor cursor) {
        if (cursor.header().version() > RecordDecoder.SCHEMA_VERSION) {
            throw new JournalException(
                    Kind.NEWER_FORMAT,
                    part.file() + " was written by a newer program: use that one to verify it");
        }
    }

    private void lost() {
        end = UNKNOWN;
        hearer.lost();
    }

    private void read(Part part) throws IOException {
        int behind = 0;
        isSealed = false;
        try (MappedSegment segment = open(part)) {
            RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
            while (torn == null
                    && cursor.next()
                    && cursor.fields().position() < part.limit()
                    && follows(part, cursor, behind)) {
                take(part, cursor);
                behind = cursor.offset() + cursor.header().recordBytes();
            }
        }
        if (torn == null) {
            requireEnd(part, behind);
        }
    }

    /** Whether the record counts; when it does not follow the one before, what is lost is noted. */
    private boolean follows(Part part, RecordCursor cursor, int behind) {
        if (end == UNKNOWN || cursor.continues(end, endChecksum)) {
            return true;
        }
        if (isTorn(part, behind, end)) {
            return false;
        }
        long missing = cursor.fields().position() - end;
        long lastLost = cursor.hasBatch() ? cursor.fields().firstSlot() - 1 : 0;
        long firstLost = Math.min(hearer.highestSlot() + 1, lastLost);
        damages.add(
                new Damage(
                        part.file(),
                        behind,
                        firstLost,
                        lastLost >= firstLost ? lastLost : 0,
                        missing > 0
                                ? missing + " bytes of records are missing or damaged"
                                : "the record that follows here belongs elsewhere",
                        true));
        hearer.lost();
        return true;
    }

    /** What breaks above all that was forced was being written: nothing behind it counts. */
    private boolean isTorn(Part part, long offset, long position) {
        if (position < forced || records == 0) {
            return false;
        }
        torn = new TornTail(part.file(), offset);
        return true;
    }

    private void take(Part part, RecordCursor cursor) {
        boolean isValid = cursor.payloadIsValid() && replay.isWellFormed(cursor);
        if (!isValid && isTorn(part, cursor.offset(), cursor.fields().position())) {
            return;
        }
        end = cursor.endPosition();
        endChecksum = cursor.header().checksum();
        isSealed = cursor.fields().recordType() == RecordType.SEALED;
        records++;
        if (isValid) {
            hearer.hear(part.file(), cursor);
            return;
        }
        String type = cursor.fields().recordType().name().toLowerCase(Locale.ROOT);
        boolean hasSlots = cursor.hasBatch();
        damages.add(
                new Damage(
                        part.file(),
                        cursor.offset(),
                        hasSlots ? cursor.fields().firstSlot() : 0,
                        hasSlots ? cursor.header().lastSlot() : 0,
                        "the payload of the record here (" + type + ") is not as it was written",
                        !hasSlots && cursor.fields().recordType() != RecordType.OPENING));
        hearer.lost(cursor);
    }

    /** A later file, or the name of this one, says how far it must go. */
    private void requireEnd(Part part, int behind) {
        boolean isShort = part.limit() != Long.MAX_VALUE && end != UNKNOWN && end < part.limit();
        if (isShort && !isTorn(part, behind, end)) {
            damages.add(
                    new Damage(
                            part.file(),
                            behind,
                            0,
                            0,
                            (part.limit() - end)
                                    + " bytes of records at the end are missing or damaged; which"
                                    + " slots they held cannot be told",
                            true));
            lost();
        } else if (part.rewritten() && !isSealed) {
            damages.add(
                    new Damage(part.file(), behind, 0, 0, "the mark at the end is missing", true));
        }
    }

    int segments() {
        return parts.size();
    }

    long records() {
        return records;
    }

    TornTail torn() {
        return torn;
    }

    /** First slot that is to be there. */
    long firstKept() {
        return hearer.firstKept();
    }

    long commitIndex() {
        return hearer.commitIndex();
    }
}
