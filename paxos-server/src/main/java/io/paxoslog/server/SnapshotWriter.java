package io.paxoslog.server;

import io.paxoslog.apply.SnapshotJob;
import io.paxoslog.apply.SnapshotSink;
import io.paxoslog.log.Draft;
import io.paxoslog.log.SnapshotHead;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import io.paxoslog.service.AppliedHead;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Writes snapshots to the disk, on a thread of its own, one after another. What comes of each is
 * there for any thread to see.
 */
final class SnapshotWriter implements SnapshotSink, AutoCloseable {
    /** How many complete ones stay: the newest may turn out to be damaged. */
    static final int KEPT = 2;

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_WAIT_MS = 5_000;

    /**
     * What came of a snapshot.
     *
     * @param slot everything up to it is inside
     * @param failure why there is none, in words for people; null when it is on the disk
     */
    record Outcome(long slot, long bytes, long tookNs, String failure) {}

    private final SnapshotStore store;
    private final Consumer<String> log;
    private final Thread thread;
    private volatile SnapshotJob job;
    private volatile Draft draft;
    private volatile Outcome outcome;
    private volatile boolean isStopping;

    SnapshotWriter(SnapshotStore store, Consumer<String> log, int node) {
        this.store = store;
        this.log = log;
        thread = new Thread(this::run, "paxos-snapshot-" + node);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** What came of the last one that has ended; null before the first. */
    Outcome outcome() {
        return outcome;
    }

    /** Slot of the one being written; 0 for none. */
    long slotInWork() {
        SnapshotJob now = job;
        return now == null ? 0 : now.head().slot();
    }

    /** Bytes of the one being written that are on the disk. */
    long bytesInWork() {
        Draft now = draft;
        return now == null ? 0 : now.writtenBytes();
    }

    @Override
    public void begin(SnapshotJob newJob) {
        job = newJob;
        LockSupport.unpark(thread);
    }

    @Override
    public void failed(long slot, Throwable cause) {
        log.accept(
                "the state machine could not show its state at slot "
                        + slot
                        + ": "
                        + Failures.inOneLine(cause));
    }

    private void run() {
        while (!isStopping) {
            SnapshotJob next = job;
            if (next == null) {
                LockSupport.park(this);
            } else {
                outcome = write(next);
                job = null;
                next.close();
            }
        }
    }

    private Outcome write(SnapshotJob next) {
        long slot = next.head().slot();
        long beganNs = System.nanoTime();
        try (Draft writing = store.begin(headOf(next.head()))) {
            draft = writing;
            OutputStream out = UnhurriedOutput.to(writing);
            while (!next.writeSome(out)) {
                requireGoingOn();
                LockSupport.parkNanos(this, PAUSE_NS);
            }
            SnapshotManifest done = writing.complete(next.effects());
            store.keep(KEPT);
            return new Outcome(slot, done.totalBytes(), System.nanoTime() - beganNs, null);
        } catch (IOException | RuntimeException | Error e) {
            return new Outcome(slot, 0, System.nanoTime() - beganNs, Failures.message(e));
        } finally {
            draft = null;
        }
    }

    private void requireGoingOn() throws IOException {
        if (isStopping) {
            throw new IOException("the node stops");
        }
    }

    private static SnapshotHead headOf(AppliedHead head) {
        return new SnapshotHead(
                head.slot(),
                head.clusterId(),
                head.timeNs(),
                head.hash(),
                head.memberships(),
                head.decisions());
    }

    /** Ends the thread; what it was writing is given up. */
    @Override
    public void close() {
        isStopping = true;
        BackgroundThread.awaitEnd(thread, LONGEST_WAIT_MS);
    }
}
