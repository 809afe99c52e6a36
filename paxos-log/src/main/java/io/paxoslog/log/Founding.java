package io.paxoslog.log;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Decisions;
import io.paxoslog.core.Membership;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes the directory of a node whose cluster is yet to be founded, behind what is left of another
 * one: its snapshot, its slots as chosen ones, decisions in force, and its highest ballot as a
 * promise. Nothing else of the nodes that these come from: no vote, no hold, no membership. A mark
 * keeps nodes from starting on it before it is whole.
 */
final class Founding {
    /** File that is there until all the rest is. */
    static final String MARK = "unfinished";

    private static final long TURN_BYTES = 1 << 20;

    /** Small files are made fast. */
    private static final int LEAST_SEGMENT_BYTES = 8 << 20;

    private final Disk disk;
    private final Remains remains;
    private final Path to;
    private final int node;
    private final int segmentBytes;
    private final Batch one = new Batch();
    private final Decisions decisions = new Decisions();

    Founding(Remains remains, Path to, int node, Disk disk) {
        this.disk = disk;
        this.remains = remains;
        this.to = to;
        this.node = node;
        long needed = JournalConfig.RECORDS_PER_SEGMENT * remains.largestEntryBytes();
        this.segmentBytes =
                (int)
                        Math.min(
                                JournalConfig.MAX_SEGMENT_BYTES,
                                Math.max(LEAST_SEGMENT_BYTES, needed));
    }

    void make() {
        boolean isDone = false;
        boolean wasThere = Files.exists(to);
        try {
            Files.createDirectories(to);
            disk.write(to.resolve(MARK), "Not complete.\n".getBytes(StandardCharsets.US_ASCII));
            disk.forceNames(to);
            copySnapshot();
            writeJournal();
            requireWhole();
            disk.delete(to.resolve(MARK));
            disk.forceNames(to);
            disk.forceNames(to.toAbsolutePath().getParent());
            isDone = true;
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE,
                    "cannot make %s: %s %s"
                            .formatted(to, e.getClass().getSimpleName(), e.getMessage()),
                    e);
        } finally {
            if (!isDone) {
                remove(wasThere);
            }
        }
    }

    private void copySnapshot() throws IOException {
        Survivor source = remains.snapshotOf();
        if (source != null) {
            SnapshotManifest manifest = source.snapshot();
            new SnapshotFiles(disk, to)
                    .copy(source.snapshotFiles(), manifest, manifest.withoutMemberships());
        }
    }

    private void writeJournal() {
        try (ChronicleJournal journal =
                ChronicleJournal.open(
                        JournalConfig.of(to, node, Durability.SYNC).withSegmentBytes(segmentBytes),
                        Surroundings.of(disk),
                        JournalListener.NONE,
                        remains.base())) {
            journal.recover(new Standing());
            // Ballots are handed to applications as fencing tokens: they must go on rising.
            if (remains.highestBallot() != Ballot.NONE) {
                journal.promised(remains.highestBallot());
            }
            writeSnapshot(journal);
            remains.read(batch -> write(journal, batch));
            journal.endTurn();
            requireNotFailed(journal);
        }
    }

    private void writeSnapshot(ChronicleJournal journal) {
        if (remains.snapshotOf() == null) {
            return;
        }
        SortedMap<Long, byte[]> inForce = remains.snapshotOf().snapshot().decisions();
        inForce.forEach(
                (slot, entry) -> {
                    UnsafeBuffer bytes = new UnsafeBuffer(entry);
                    decisions.recover(slot, Decision.decode(bytes, 0, entry.length));
                    journal.decision(slot, bytes, 0, entry.length);
                });
        journal.committed(Ballot.NONE, remains.snapshotSlot());
    }

    private void write(ChronicleJournal journal, Batch batch) {
        if (batch.kind() == Batch.DECISION) {
            writeDecision(journal, batch);
        } else if (batch.kind() == Batch.MEMBERSHIP) {
            writeFounding(journal, batch);
        }
        boolean isTooLarge = batch.length() > segmentBytes / JournalConfig.RECORDS_PER_SEGMENT;
        for (long slot = batch.firstSlot(); isTooLarge && slot <= batch.lastSlot(); slot++) {
            append(journal, one.slice(batch, slot, slot));
        }
        if (!isTooLarge) {
            append(journal, batch);
        }
    }

    private void append(ChronicleJournal journal, Batch batch) {
        long before = journal.appendedPosition() / TURN_BYTES;
        journal.chosen(batch.slots(Ballot.NONE, batch.firstSlot(), batch.count()));
        if (journal.appendedPosition() / TURN_BYTES != before) {
            journal.endTurn();
            requireNotFailed(journal);
        }
    }

    /** Only those in force are written down, in front of their slot. */
    private void writeDecision(ChronicleJournal journal, Batch batch) {
        int length = batch.entryLength(0);
        if (Decision.isOne(batch.buffer(), Batch.ENTRY_PREFIX_BYTES, length)
                && decisions.adopt(
                        batch.firstSlot(),
                        Decision.decode(batch.buffer(), Batch.ENTRY_PREFIX_BYTES, length))) {
            journal.decision(batch.firstSlot(), batch.buffer(), Batch.ENTRY_PREFIX_BYTES, length);
        }
    }

    /** What founders of the earlier cluster agreed on stays agreed, though the entry goes. */
    private void writeFounding(ChronicleJournal journal, Batch batch) {
        Membership entry =
                Membership.decode(batch.buffer(), Batch.ENTRY_PREFIX_BYTES, batch.entryLength(0));
        Decision decision = decisions.founded(batch.firstSlot(), entry);
        if (decision != null) {
            UnsafeBuffer encoded = new UnsafeBuffer(new byte[Decision.BYTES]);
            decision.encode(encoded, 0);
            journal.decision(batch.firstSlot(), encoded, 0, Decision.BYTES);
        }
    }

    private static void requireNotFailed(ChronicleJournal journal) {
        if (journal.hasFailed()) {
            throw new JournalException(Kind.DISK, journal.failure());
        }
    }

    private void requireWhole() {
        JournalVerifier.Report report = JournalVerifier.verify(to);
        boolean isWhole =
                report.isWell()
                        && Math.max(report.commitIndex(), remains.snapshotSlot())
                                == remains.lastSlot();
        if (!isWhole) {
            throw new JournalException(
                    Kind.DISK,
                    "what was written to " + to + " cannot be read back: check the disk");
        }
    }

    private void remove(boolean wasThere) {
        try {
            for (String name :
                    List.of(
                            "journal",
                            "snapshots",
                            Identity.FILE,
                            Identity.ASIDE,
                            JournalDirectory.FORCE_MARK,
                            JournalDirectory.LOCK,
                            MARK)) {
                disk.deleteAll(to.resolve(name));
            }
            if (!wasThere) {
                disk.delete(to);
            }
        } catch (IOException e) {
            // The mark is still there, or there is nothing that a node could start on.
            return;
        }
    }
}
