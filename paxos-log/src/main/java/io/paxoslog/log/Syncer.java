package io.paxoslog.log;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Forces what was appended, on a thread of its own; all that came meanwhile shares the next force.
 *
 * <p>The replica thread calls {@link #published}; {@link #syncedPosition} and {@link #hasFailed}
 * are for everyone. A force that failed is the last one: the kernel may have dropped the pages, and
 * a second force would say they are safe.
 */
final class Syncer {
    /** Told when the disk let the journal down, before {@link #hasFailed} says so. */
    interface FailureListener {
        void failed(Throwable cause);
    }

    /** What else must be on stable storage before ballots count as synced. */
    interface BallotKeeper {
        void keep() throws IOException;
    }

    private static final int AWAKE = 0;
    private static final int PARKED_FOR_BALLOTS = 1;
    private static final int PARKED_FOR_ANYTHING = 2;

    private static final int SPINS = 64;
    private static final int IDLE_INTERVALS = 200;

    private final boolean valuesWait;
    private final boolean leavesValues;
    private final long intervalNs;
    private final SlotIndex index;
    private final SegmentPreparer preparer;
    private final FailureListener listener;
    private final BallotKeeper ballots;
    private final Worker worker;
    private final Runnable onForced;

    private volatile long published;
    private volatile long publishedBallots;
    private volatile long publishedSettled;
    private volatile long synced;
    private volatile int parked;
    private volatile boolean failed;
    private volatile boolean stopping;

    private Segment segment;
    private int idleRounds;

    Syncer(
            Surroundings surroundings,
            JournalConfig config,
            SlotIndex index,
            SegmentPreparer preparer,
            FailureListener listener,
            BallotKeeper ballots,
            Runnable onForced) {
        this.valuesWait = config.durability().valuesWait();
        this.leavesValues = config.durability() == Durability.PAGE_CACHE;
        this.intervalNs = TimeUnit.MILLISECONDS.toNanos(config.syncIntervalMs());
        this.index = index;
        this.preparer = preparer;
        this.listener = listener;
        this.ballots = ballots;
        this.onForced = onForced;
        this.worker = surroundings.worker("journal-syncer-" + config.node(), this::run);
    }

    /** Starts at a segment of which everything up to {@code position} is forced. */
    void start(Segment first, long position) {
        segment = first;
        published = position;
        publishedBallots = position;
        publishedSettled = position;
        synced = position;
        worker.start();
    }

    /**
     * Says how far was appended, how much of that lies in pieces that are full, or in full files
     * where values are left to the operating system, and up to where there are ballots. Wakes the
     * thread only when it is parked.
     */
    void published(long appended, long settled, long ballots) {
        boolean isAwaited =
                ballots != publishedBallots || (leavesValues && settled != publishedSettled);
        publishedBallots = ballots;
        publishedSettled = settled;
        published = appended;
        int state = parked;
        if (state == PARKED_FOR_ANYTHING || (state == PARKED_FOR_BALLOTS && isAwaited)) {
            worker.wake();
        }
    }

    long syncedPosition() {
        return synced;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Ends the thread. Forces nothing more. */
    void stop() {
        stopping = true;
        worker.join();
    }

    private void run() {
        while (!stopping && sync()) {
            if (valuesWait) {
                waitForAnything();
            } else if (leavesValues) {
                waitForBallotsOrFullFile();
            } else {
                waitForBallotsOrInterval();
            }
        }
    }

    /**
     * One round. Where nobody waits for it the piece that is being written is left alone as long as
     * others fill up: forced, it would have to be made writable again, and the replica thread to
     * wait for the file system meanwhile.
     */
    private boolean sync() {
        long settled = publishedSettled;
        boolean isAwaited = valuesWait || publishedBallots > synced;
        if (leavesValues && !isAwaited) {
            return sync(settled);
        }
        return (isAwaited || settled <= synced) ? sync(published) : sync(settled, true);
    }

    /** One round: forces up to a position. False when the disk failed; there is no round after. */
    boolean sync(long target) {
        return sync(target, false);
    }

    private boolean sync(long target, boolean wholePieces) {
        try {
            index.refill();
            syncTo(target, wholePieces);
            return true;
        } catch (IOException | RuntimeException e) {
            fail(e);
            return false;
        } catch (Error e) {
            if (!worker.hasThread()) {
                throw e;
            }
            // Without this thread nothing would ever be synced, and nobody told.
            fail(e);
            return false;
        }
    }

    private void fail(Throwable cause) {
        listener.failed(cause);
        failed = true;
    }

    private void syncTo(long target, boolean wholePieces) throws IOException {
        idleRounds = target > synced ? 0 : idleRounds + 1;
        // What is new counts only when the segment before is forced to its end.
        while (segment.next() != null && segment.endPosition() <= target) {
            force(segment.endPosition(), false);
            segment.closeForcing();
            preparer.retire(segment);
            segment = segment.next();
        }
        force(target, wholePieces);
    }

    private void force(long position, boolean wholePieces) throws IOException {
        if (position <= synced) {
            return;
        }
        if (wholePieces) {
            segment.forceWholePieces();
        } else {
            segment.force();
        }
        ballots.keep();
        synced = position;
        onForced.run();
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // Parking is what it is to spare, spinning takes a core.
    private void waitForAnything() {
        // Parking is slow to end; the next turn's records are often microseconds away.
        for (int i = 0; i < SPINS; i++) {
            if (published > synced || stopping) {
                return;
            }
            Thread.yield();
        }
        parked = PARKED_FOR_ANYTHING;
        while (published <= synced && !stopping) {
            LockSupport.park(this);
        }
        parked = AWAKE;
    }

    private void waitForBallotsOrFullFile() {
        parked = PARKED_FOR_BALLOTS;
        while (publishedBallots <= synced && publishedSettled <= synced && !stopping) {
            LockSupport.park(this);
        }
        parked = AWAKE;
    }

    private void waitForBallotsOrInterval() {
        if (idleRounds > IDLE_INTERVALS) {
            waitForAnything();
            idleRounds = 0;
        }
        long deadline = System.nanoTime() + intervalNs;
        parked = PARKED_FOR_BALLOTS;
        long left = intervalNs;
        while (left > 0 && publishedBallots <= synced && !stopping) {
            LockSupport.parkNanos(this, left);
            left = deadline - System.nanoTime();
        }
        parked = AWAKE;
    }
}
