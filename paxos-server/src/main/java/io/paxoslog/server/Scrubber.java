package io.paxoslog.server;

import io.paxoslog.core.Batch;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.DamagedRecord;
import io.paxoslog.log.JournalReader;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Reads all snapshots and all chosen slots over and over, at a bounded rate, so that damage is
 * found while others still hold what is lost. A thread of its own, with files of its own: it never
 * touches what the replica appends with.
 */
final class Scrubber implements AutoCloseable {
    private static final int PIECE_BYTES = 256 << 10;
    private static final long REST_NS = TimeUnit.HOURS.toNanos(1);
    private static final long LONGEST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_WAIT_MS = 5_000;

    private final ChronicleJournal journal;
    private final SnapshotStore store;
    private final Consumer<DamagedRecord> onDamage;
    private final Runnable onEnd;
    private final Consumer<String> log;
    private final long bytesPerSecond;
    private final long restNs;
    private final Thread thread;
    private volatile long firstKept = 1;
    private volatile long upTo;
    private volatile long endedMs;
    private volatile boolean isStopping;

    // Of the scrubber's thread.
    private long readBytes;

    /**
     * @param onDamage hears of records that cannot be read back
     * @param onEnd called each time that everything was read
     */
    Scrubber(
            NodeConfig config,
            ChronicleJournal journal,
            SnapshotStore store,
            Consumer<DamagedRecord> onDamage,
            Runnable onEnd,
            Consumer<String> log) {
        this(
                config.get(Settings.SCRUB_BYTES),
                REST_NS,
                config.id(),
                journal,
                store,
                onDamage,
                onEnd,
                log);
    }

    Scrubber(
            long bytesPerSecond,
            long restNs,
            int node,
            ChronicleJournal journal,
            SnapshotStore store,
            Consumer<DamagedRecord> onDamage,
            Runnable onEnd,
            Consumer<String> log) {
        this.bytesPerSecond = bytesPerSecond;
        this.restNs = restNs;
        this.journal = journal;
        this.store = store;
        this.onDamage = onDamage;
        this.onEnd = onEnd;
        this.log = log;
        thread = new Thread(this::run, "paxos-scrubber-" + node);
        thread.setDaemon(true);
    }

    void start() {
        if (bytesPerSecond > 0) {
            thread.start();
        }
    }

    /** What there is to read. Any thread. */
    void reaches(long newFirstKept, long newUpTo) {
        firstKept = newFirstKept;
        upTo = newUpTo;
    }

    /** When everything was read last, in ms since 1970; 0 for not yet. Any thread. */
    long endedMs() {
        return endedMs;
    }

    private void run() {
        while (!isStopping) {
            try {
                scrubSnapshots();
                scrubJournal();
                if (!isStopping) {
                    endedMs = System.currentTimeMillis();
                    onEnd.run();
                }
            } catch (RuntimeException e) {
                log.accept("a scrub ended early: " + Failures.inOneLine(e));
            }
            pause(restNs);
        }
    }

    /** What is not as it was written is told of and put aside by the store itself. */
    private void scrubSnapshots() {
        for (SnapshotManifest manifest : store.kept()) {
            scrub(manifest);
        }
    }

    private void scrub(SnapshotManifest manifest) {
        try {
            for (int chunk = 0; chunk < manifest.chunkCount() && !isStopping; chunk++) {
                countBytes(store.chunk(manifest, chunk).length);
                rest();
            }
        } catch (IOException e) {
            // Said already, or the snapshot had its time.
            return;
        }
    }

    private void scrubJournal() {
        try (JournalReader reader = journal.newDetachedReader(damaged -> {})) {
            long last = upTo;
            long slot = firstKept;
            while (slot <= last && !isStopping) {
                slot = scrub(reader, Math.max(slot, firstKept), last);
                rest();
            }
        }
    }

    /** Reads a piece and returns where to go on. */
    private long scrub(JournalReader reader, long from, long last) {
        long next = reader.read(from, last, PIECE_BYTES, this::count);
        DamagedRecord damaged = reader.damage();
        if (damaged == null) {
            // A slot that is not held: a snapshot came in, or the log was compacted.
            return next > from ? next : from + 1;
        }
        reader.read(damaged.firstSlot(), damaged.firstSlot(), PIECE_BYTES, this::count);
        // Files may be let go of at any time; what was in them is not held any more then.
        if (reader.damage() != null) {
            onDamage.accept(damaged);
        }
        return damaged.lastSlot() + 1;
    }

    private void count(Batch batch) {
        countBytes(batch.length());
    }

    private void countBytes(int bytes) {
        readBytes += bytes;
    }

    /** Waits as long as what was read may take. */
    private void rest() {
        long bytes = readBytes;
        readBytes = 0;
        pause((long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond));
    }

    private void pause(long ns) {
        long end = System.nanoTime() + ns;
        for (long left = ns; left > 0 && !isStopping; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, Math.min(left, LONGEST_PAUSE_NS));
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        isStopping = true;
        BackgroundThread.awaitEnd(thread, LONGEST_WAIT_MS);
    }
}
