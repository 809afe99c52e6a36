package io.paxoslog.log;

import io.paxoslog.log.JournalException.Kind;
import io.paxoslog.log.SnapshotFiles.Name;
import io.paxoslog.log.SnapshotFiles.State;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A copy of the files of one node, made without its lock and verified: the newest snapshot that is
 * whole, and the journal behind it. A mark in it keeps nodes from starting on it: it has forgotten
 * what its node promised since.
 */
public final class Backup {
    /** File that makes a directory a backup. */
    static final String MARK = "backup";

    /** A node that runs drops files behind its snapshots. */
    private static final int TRIES = 3;

    /**
     * A backup that is there.
     *
     * @param report what it holds
     * @param bytes of its files of records and chunks
     */
    public record Taken(JournalVerifier.Report report, long bytes) {}

    private final Disk disk = FileDisk.REAL;
    private final Path from;
    private final Path to;
    private long bytes;

    private Backup(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Copies what a node, running or not, holds at this moment, and verifies the copy. Waits for
     * the disk.
     *
     * @param from the node's directory, or another backup
     * @param to where the copy goes: an empty directory, or none yet
     * @throws JournalException ABSENT when there is no node; DAMAGED when its files are not whole,
     *     nothing being left of the copy then; NOT_WRITABLE when the copy cannot be written
     */
    public static Taken take(Path from, Path to) {
        try {
            requirePlace(from, to);
            Backup backup = new Backup(from, to);
            for (int tries = 1; ; tries++) {
                Taken taken = backup.tryOnce(tries == TRIES);
                if (taken != null) {
                    return taken;
                }
            }
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE,
                    "cannot copy %s to %s: %s %s"
                            .formatted(from, to, e.getClass().getSimpleName(), e.getMessage()),
                    e);
        }
    }

    /** That a directory can be made there, and is none of those it is made from. */
    static void requirePlace(Path from, Path to) throws IOException {
        if (to.toAbsolutePath().normalize().startsWith(from.toAbsolutePath().normalize())) {
            throw new JournalException(
                    Kind.NOT_WRITABLE, to + " lies in " + from + ": give a place outside of it");
        }
        if (Files.exists(to) && !FileDisk.REAL.list(to).isEmpty()) {
            throw new JournalException(
                    Kind.NOT_WRITABLE,
                    to + " is not empty: give a directory that is empty, or none yet");
        }
    }

    /** Null when the node dropped files meanwhile. */
    private Taken tryOnce(boolean isLast) throws IOException {
        boolean isDone = false;
        try {
            copy();
            JournalVerifier.Report report = JournalVerifier.verify(to);
            isDone = report.isWell();
            if (!isDone && isLast) {
                throw damaged(report);
            }
            return isDone ? new Taken(report, bytes) : null;
        } catch (NoSuchFileException e) {
            if (isLast) {
                throw e;
            }
            return null;
        } finally {
            if (!isDone) {
                remove();
            }
        }
    }

    private JournalException damaged(JournalVerifier.Report report) {
        JournalVerifier.Finding first = report.findings().get(0);
        return new JournalException(
                Kind.DAMAGED,
                "the files in %s are not whole (%d findings, the first: %s): see paxos log verify,"
                        .concat(" and back up another node")
                        .formatted(from, report.count(), first.what()));
    }

    private void copy() throws IOException {
        bytes = 0;
        Identity identity = Identity.read(disk, from);
        if (identity == null) {
            throw new JournalException(
                    Kind.ABSENT,
                    from + " is no directory of a node: give one that a node was started on once");
        }
        Files.createDirectories(to);
        // Before all else: whatever a crash leaves is no directory of a node.
        disk.write(to.resolve(MARK), mark(identity));
        SegmentFiles files = new SegmentFiles(disk, from.resolve("journal"));
        List<Part> parts = Part.find(files, files.list(), identity.incarnation());
        // After the list: what the journal does not hold by now this snapshot holds.
        copyJournal(parts, copySnapshot(), identity.incarnation());
        disk.write(to.resolve(Identity.FILE), identity.encode(Identity.FORMAT_VERSION));
        disk.forceNames(to);
    }

    private static byte[] mark(Identity identity) {
        return "A backup of node %d. No node starts on it.%n"
                .formatted(identity.node())
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the slot of the newest that is whole; 0 when there is none. */
    private long copySnapshot() throws IOException {
        SnapshotFiles source = new SnapshotFiles(disk, from);
        for (Name name : source.list(State.COMPLETE)) {
            // An older one will do, if the journal reaches back to it.
            if (copyWhole(source.chunks(name), name.slot())) {
                return name.slot();
            }
        }
        return 0;
    }

    private boolean copyWhole(ChunkFiles source, long slot) throws IOException {
        try {
            copySnapshot(source, slot);
            return true;
        } catch (DamagedSnapshotException e) {
            return false;
        }
    }

    private void copySnapshot(ChunkFiles source, long slot) throws IOException {
        SnapshotManifest manifest = source.readManifest(slot);
        new SnapshotFiles(disk, to).copy(source, manifest, manifest);
        bytes += manifest.totalBytes();
    }

    private void copyJournal(List<Part> parts, long snapshotSlot, long incarnation)
            throws IOException {
        Path journal = to.resolve("journal");
        disk.createDirectory(journal);
        for (Part part : parts.subList(Part.firstNeeded(parts, snapshotSlot), parts.size())) {
            if (part.base() >= 0) {
                copy(part, endOf(part, incarnation), journal);
            }
        }
        disk.forceNames(journal);
    }

    /** What is appended from now on is left out: bytes of it may come late, and others early. */
    private int endOf(Part part, long incarnation) throws IOException {
        int end = 0;
        try (MappedSegment segment = MappedSegment.open(disk, part.number(), part.file())) {
            segment.load();
            RecordCursor cursor = new RecordCursor(segment, incarnation);
            while (cursor.next() && cursor.fields().position() < part.limit()) {
                end = cursor.offset() + cursor.header().recordBytes();
            }
        }
        return end;
    }

    private void copy(Part part, int end, Path journal) throws IOException {
        Path directory = journal.resolve(part.directory().getFileName());
        disk.createDirectory(directory);
        Path file = directory.resolve(part.file().getFileName());
        try (FileChannel source = FileChannel.open(part.file(), StandardOpenOption.READ);
                FileChannel target =
                        FileChannel.open(
                                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long copied = 0;
            while (copied < end) {
                copied += source.transferTo(copied, end - copied, target);
            }
            target.force(true);
        }
        disk.forceNames(directory);
        bytes += end;
    }

    private void remove() throws IOException {
        for (String name : List.of("journal", "snapshots", Identity.FILE, MARK)) {
            disk.deleteAll(to.resolve(name));
        }
    }
}
