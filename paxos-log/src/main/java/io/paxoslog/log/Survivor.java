package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Base;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Membership;
import io.paxoslog.log.JournalException.Kind;
import io.paxoslog.log.SnapshotFiles.Name;
import io.paxoslog.log.SnapshotFiles.State;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the files of one node that does not run, or of a backup, tell of each slot, as far as they
 * are whole. Where records are lost, what they may have said of slots that were not known chosen
 * before is unknown. Changes nothing; one thread uses it.
 */
final class Survivor implements ChainHearer, Closeable {
    /** What a node knows of a slot. */
    enum Knowledge {
        /** It holds the chosen value. */
        CHOSEN,
        /** It accepted a value, under the ballot in the batch. */
        ACCEPTED,
        /** It accepted none. */
        NOTHING,
        /** It may have accepted one, or knew the chosen one, which cannot be read any more. */
        UNKNOWN
    }

    /**
     * Records between two losses: of slots above {@code upTo} later ones are lost, which may have
     * replaced these.
     */
    private record Stretch(JournalReader reader, SlotIndex index, long upTo) {}

    private final Path directory;
    private final Identity identity;
    private final boolean isBackup;
    private final SegmentFiles files;
    private final Findings findings = new Findings();
    private final RecordReplay replay = new RecordReplay();
    private final Standing standing = new Standing();
    private final SlotRuns chosen = new SlotRuns();
    private final SlotIndex.Place place = new SlotIndex.Place();

    /** The newest first. */
    private final List<Stretch> stretches = new ArrayList<>();

    private Closeable lock;
    private SnapshotManifest snapshot;
    private ChunkFiles snapshotFiles;
    private SlotIndex index = new SlotIndex();
    private boolean isAnyHeard;
    private boolean hasLoss;
    private long highestBallot;

    private Survivor(Path directory, Identity identity) {
        this.directory = directory;
        this.identity = identity;
        this.isBackup = FileDisk.REAL.exists(directory.resolve(Backup.MARK));
        this.files = new SegmentFiles(FileDisk.REAL, directory.resolve("journal"));
    }

    /**
     * Reads all that is there.
     *
     * @throws JournalException ABSENT when there is no node; LOCKED when it runs; NEWER_FORMAT;
     *     NOT_WRITABLE when it cannot be read at all
     */
    static Survivor read(Path directory) {
        try {
            Identity identity = Identity.read(FileDisk.REAL, directory);
            if (identity == null) {
                throw new JournalException(
                        Kind.ABSENT,
                        directory
                                + " is no directory of a node: give one that a node was started on"
                                + " once, or a backup");
            }
            Survivor survivor = new Survivor(directory, identity);
            try {
                survivor.read();
                return survivor;
            } catch (IOException | RuntimeException e) {
                survivor.close();
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE, "cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    private void read() throws IOException {
        takeLock();
        findSnapshot();
        List<Part> parts = Part.find(files, files.list(), identity.incarnation());
        int first = Part.firstNeeded(parts, snapshotSlot());
        ChainCheck chain =
                new ChainCheck(
                        files, identity, parts.subList(first, parts.size()), findings, this, true);
        chain.run();
        chain.reportDamage();
        endStretch(Long.MAX_VALUE);
        if (chain.records() == 0) {
            hasLoss = true;
        }
    }

    private void takeLock() throws IOException {
        Path file = directory.resolve(JournalDirectory.LOCK);
        if (isBackup || !FileDisk.REAL.exists(file)) {
            return;
        }
        lock = FileDisk.REAL.lock(file);
        if (lock == null) {
            throw new JournalException(
                    Kind.LOCKED,
                    directory
                            + " is in use: stop its node first, or take a backup of it (paxos"
                            + " backup) and name that");
        }
    }

    private void findSnapshot() throws IOException {
        SnapshotFiles all = new SnapshotFiles(FileDisk.REAL, directory);
        for (Name name : all.list(State.COMPLETE)) {
            ChunkFiles chunks = all.chunks(name);
            try {
                SnapshotManifest manifest = chunks.readManifest(name.slot());
                for (int i = 0; i < manifest.chunkCount(); i++) {
                    chunks.readChunk(manifest, i);
                }
                snapshot = manifest;
                snapshotFiles = chunks;
                return;
            } catch (DamagedSnapshotException e) {
                findings.snapshot(e.file(), name.slot(), e.why(), "an older one may do");
            }
        }
    }

    @Override
    public void hear(Path inFile, RecordCursor record) {
        RecordDecoder fields = record.fields();
        RecordType type = fields.recordType();
        if (type == RecordType.OPENING) {
            opening(record);
        } else if (record.hasBatch()) {
            hold(record);
            seen(fields.ballot());
            seen(fields.originBallot());
        }
        boolean isStrange =
                type == RecordType.DECISION
                        && !Decision.isOne(
                                record.segment().bytes(),
                                record.payloadOffset(),
                                fields.payloadBytes());
        if (!isStrange) {
            replay.replay(record, standing);
        }
        isAnyHeard = true;
        seen(standing.promised());
        seen(standing.campaigned());
        index.dropBelow(standing.firstKept());
    }

    private void opening(RecordCursor record) {
        if (!isAnyHeard && record.fields().position() > 0) {
            standing.take(Survey.opening(record));
        } else if (hasLoss) {
            standing.takeToo(Survey.opening(record));
        }
    }

    private void seen(long ballot) {
        highestBallot = Math.max(highestBallot, ballot);
    }

    private void hold(RecordCursor record) {
        RecordDecoder fields = record.fields();
        record.addTo(index);
        index.refill();
        if (fields.recordType() == RecordType.CHOSEN) {
            chosen.add(fields.firstSlot(), record.header().lastSlot());
        }
    }

    /** Its slots count as held, so that reading them fails. */
    @Override
    public void lost(RecordCursor record) {
        if (record.hasBatch()) {
            hold(record);
        }
    }

    @Override
    public void lost() {
        hasLoss = true;
        endStretch(commitIndex());
        index = new SlotIndex();
    }

    private void endStretch(long upTo) {
        stretches.add(
                0,
                new Stretch(
                        new JournalReader(index, files, identity.incarnation(), damaged -> {}),
                        index,
                        upTo));
    }

    @Override
    public long firstKept() {
        return standing.firstKept();
    }

    /** Every slot up to it is known chosen there. */
    @Override
    public long commitIndex() {
        return Math.max(chosen.unbrokenAbove(standing.commitIndex()), snapshotSlot());
    }

    @Override
    public long highestSlot() {
        return Math.max(standing.highestSlot(), commitIndex());
    }

    /**
     * Hands over values that are known chosen, in order, as far as they can be read.
     *
     * @return the slot after the last one handed over
     */
    long readChosen(long from, long to, Consumer<Batch> handler) {
        long end = Math.min(to, commitIndex());
        long slot = from;
        boolean isMoving = true;
        while (isMoving && slot <= end) {
            long before = slot;
            for (Stretch stretch : stretches) {
                slot = stretch.reader.readAll(slot, Math.min(end, stretch.upTo), handler);
            }
            isMoving = slot > before;
        }
        return slot;
    }

    /**
     * What is known of a slot.
     *
     * @param value is given what is held, if anything is: a copy
     */
    Knowledge at(long slot, Consumer<Batch> value) {
        for (Stretch stretch : stretches) {
            if (slot <= stretch.upTo && stretch.index.find(slot, place)) {
                long rank = place.rank;
                if (!readOne(stretch, slot, value)) {
                    return Knowledge.UNKNOWN;
                }
                boolean isChosen = slot <= commitIndex() || rank == SlotIndex.CHOSEN;
                return isChosen ? Knowledge.CHOSEN : Knowledge.ACCEPTED;
            }
        }
        return hasLoss || slot <= commitIndex() ? Knowledge.UNKNOWN : Knowledge.NOTHING;
    }

    /** A value that was accepted, though others may have replaced it; false when there is none. */
    boolean remains(long slot, Consumer<Batch> value) {
        for (Stretch stretch : stretches) {
            if (stretch.index.find(slot, place)
                    && place.rank != SlotIndex.CHOSEN
                    && readOne(stretch, slot, value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean readOne(Stretch stretch, long slot, Consumer<Batch> value) {
        return stretch.reader.readAll(slot, slot, batch -> value.accept(copyOf(batch))) > slot;
    }

    private static Batch copyOf(Batch batch) {
        byte[] bytes = new byte[batch.length()];
        batch.buffer().getBytes(0, bytes);
        return new Batch()
                .slots(batch.ballot(), batch.firstSlot(), batch.count())
                .value(batch.kind(), batch.originBallot(), batch.timestamp())
                .bytes(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** The latest valid membership that is known there; null for none. */
    Membership membership() {
        SortedMap<Long, Membership> known = memberships();
        return known.isEmpty() ? null : known.get(known.lastKey());
    }

    /** The last valid memberships that are known there, by the slot of their entry. */
    SortedMap<Long, Membership> memberships() {
        SortedMap<Long, Membership> known = new TreeMap<>();
        if (snapshot != null) {
            snapshot.memberships().forEach((slot, entry) -> known.put(slot, decoded(entry)));
        }
        standing.memberships().forEach((slot, entry) -> known.put(slot, decoded(entry)));
        return known;
    }

    private static Membership decoded(byte[] entry) {
        return Membership.decode(new UnsafeBuffer(entry), 0, entry.length);
    }

    Path directory() {
        return directory;
    }

    int node() {
        return identity.node();
    }

    long incarnation() {
        return identity.incarnation();
    }

    Base base() {
        return identity.base();
    }

    boolean isBackup() {
        return isBackup;
    }

    /** Whether votes of the node may be lost. */
    boolean mayHaveForgotten() {
        return standing.isReturning();
    }

    /** The newest snapshot that is whole; null for none. */
    SnapshotManifest snapshot() {
        return snapshot;
    }

    ChunkFiles snapshotFiles() {
        return snapshotFiles;
    }

    private long snapshotSlot() {
        return snapshot == null ? 0 : snapshot.slot();
    }

    /** Promised, used, accepted under, or first proposed under. */
    long highestBallot() {
        return highestBallot;
    }

    /** What is wrong with the files. */
    List<JournalVerifier.Finding> damage() {
        return findings.kept();
    }

    @Override
    public void close() throws IOException {
        stretches.forEach(stretch -> stretch.reader.close());
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
