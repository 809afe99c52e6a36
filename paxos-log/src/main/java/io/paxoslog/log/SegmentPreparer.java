package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the next segment ahead of its use, on a thread of its own: laid out, its blocks reserved,
 * names forced, and where somebody waits for forces the file too. Rolling then costs the replica
 * thread a hand-over. Closes segments that are done with, too, and removes those that count no
 * more.
 */
final class SegmentPreparer {
    private static final long TAKE_PAUSE_NS = 50_000;
    private static final long LONGEST_REST_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MARGIN_BYTES = 1 << 20;

    /** Segments that are full and stay in memory, for those who lag a little. */
    private static final int KEPT_IN_MEMORY = 2;

    /** What making a segment takes of all work; the rest is letting an old one go. */
    private static final double RESERVING_PART = 0.75;

    /** Time that is never spared, as load may rise at any moment and cores may be few. */
    private static final long NEEDED_NS = TimeUnit.SECONDS.toNanos(1);

    /** Of the time that is left beyond that, this part is rested. */
    private static final double RESTING_PART = 0.5;

    private static final long FIRST_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_RETRY_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST_DOUBLINGS = 6;

    private final Disk disk;
    private final SegmentFiles files;
    private final long incarnation;
    private final int recordBytes;

    /** Where somebody waits for every force, it is not to write anything but records. */
    private final boolean forcesAhead;

    private final JournalListener listener;
    private final Worker worker;
    private final Queue<Segment> retired = new ConcurrentLinkedQueue<>();
    private final Queue<Segment> kept = new ArrayDeque<>();
    private final Queue<KeptFiles.Kept> dropped = new ConcurrentLinkedQueue<>();

    /** Whether the oldest file that is to go could not be removed when it was tried last. */
    private boolean isRemovalStuck;

    private volatile int wanted;
    private volatile long wantedNs;
    private volatile double used;
    private volatile long leftBytes;
    private volatile boolean isHurried;
    private volatile boolean urgent;
    private boolean isFirst = true;
    private double paced;
    private volatile Segment ready;
    private volatile boolean stopping;

    /** Number of the segment that could not be made yet; 0 when there is none. */
    private int unmade;

    private int failures;
    private volatile boolean isFailing;
    private long retryNs;

    /** Tries begun, and the last of them that failed. */
    private volatile long tries;

    private volatile long failedTry;
    private volatile IOException failure;

    SegmentPreparer(
            Surroundings surroundings,
            SegmentFiles files,
            long incarnation,
            JournalConfig config,
            JournalListener listener) {
        this.disk = surroundings.disk();
        this.files = files;
        this.incarnation = incarnation;
        this.recordBytes = config.segmentBytes();
        this.forcesAhead = config.durability() == Durability.SYNC;
        this.listener = listener;
        this.worker = surroundings.worker("journal-preparer-" + config.node(), this::run);
    }

    void start() {
        worker.start();
    }

    /** Makes a segment now, on the caller's thread. */
    Segment create(int number, int roomForRecords) throws IOException {
        return create(number, files.appended(number), roomForRecords, false);
    }

    private Segment create(int number, Path directory, int room, boolean isPaced)
            throws IOException {
        requireSpace(room);
        disk.createDirectory(directory);
        Segment segment = null;
        try {
            segment = Segment.create(disk, number, incarnation, directory, room);
            boolean isForced = forcesAhead || !isPaced;
            segment.reserve(isForced, isPaced ? part -> pace(part * RESERVING_PART) : part -> {});
            if (isForced) {
                segment.force();
            }
            disk.forceNames(directory);
            disk.forceNames(files.directory());
            return segment;
        } catch (IOException e) {
            remove(segment, directory);
            throw e;
        }
    }

    /** What is there of a segment that cannot be made takes room that others may need. */
    private void remove(Segment segment, Path directory) {
        if (segment != null) {
            segment.close();
        }
        try {
            files.delete(directory);
        } catch (IOException e) {
            // The next try removes it, or says that it cannot be made either.
            return;
        }
    }

    /** Says in time how much is missing; what is then taken is reserved all the same. */
    private void requireSpace(int room) throws IOException {
        long needed = room + MARGIN_BYTES;
        long free = disk.usableBytes(files.directory());
        if (free < needed) {
            throw new IOException("only " + free + " bytes are free, " + needed + " are needed");
        }
    }

    /** Asks for a segment to be made ahead. One at a time. */
    void request(int number) {
        used = 0;
        wantedNs = System.nanoTime();
        wanted = number;
        worker.wake();
    }

    /**
     * Says which part of the segment before the one asked for is used, from 0 to 1, and how many
     * bytes of it are left.
     */
    void used(double part, long bytesLeft) {
        used = part;
        leftBytes = bytesLeft;
    }

    /** Bytes that can be appended whatever becomes of the disk's room. Any thread. */
    long preparedBytes() {
        Segment next = ready;
        return leftBytes + (next == null ? 0 : next.leftBytes());
    }

    /** Whether the next segment was tried to be made, in vain so far. Any thread. */
    boolean cannotPrepare() {
        return isFailing;
    }

    /** Whether room gets short: what is to be reserved is reserved at once. Any thread. */
    void hurry(boolean isShort) {
        isHurried = isShort;
    }

    /**
     * Takes the segment asked for, waiting when it is not ready.
     *
     * @throws IOException when it cannot be made now either, as on a full disk
     */
    Segment take() throws IOException {
        Segment segment = ready;
        // One that is under way may have met a disk that was full until a moment ago.
        long lastTry = tries + 1;
        while (segment == null) {
            if (failedTry >= lastTry) {
                throw new IOException(failure.getMessage(), failure);
            }
            awaitReady();
            segment = ready;
        }
        urgent = false;
        ready = null;
        return segment;
    }

    private void awaitReady() throws IOException {
        urgent = true;
        if (!worker.hasThread()) {
            prepareWanted();
            return;
        }
        if (!worker.isAlive()) {
            throw new IOException("the journal is closed");
        }
        worker.wake();
        LockSupport.parkNanos(this, TAKE_PAUSE_NS);
    }

    /** Hands over a segment nobody appends to or forces any more. */
    void retire(Segment segment) {
        retired.add(segment);
        worker.wake();
    }

    /** Has files removed that count no more. Oldest first, one after the other. */
    void remove(List<KeptFiles.Kept> files) {
        dropped.addAll(files);
        worker.wake();
    }

    /** Ends the thread. A segment made and not taken is removed, or left to the next start. */
    void stop(boolean removeUnused) throws IOException {
        stopping = true;
        worker.join();
        takeRetired();
        kept.forEach(Segment::close);
        Segment unused = ready;
        if (unused != null) {
            ready = null;
            unused.close();
            if (removeUnused) {
                files.delete(files.appended(unused.number()));
            }
        }
    }

    private void run() {
        while (!stopping) {
            prepare();
            // A rest in between may have used up the permit that came with what is to do now.
            if (wanted == 0 && retired.isEmpty() && !hasToRemove() && !stopping) {
                rest();
            }
        }
    }

    private void rest() {
        if (unmade == 0) {
            LockSupport.park(this);
        } else if (!isTimeToRetry()) {
            LockSupport.parkNanos(this, Math.max(1, retryNs - System.nanoTime()));
        }
    }

    private boolean isTimeToRetry() {
        return urgent || !worker.hasThread() || System.nanoTime() - retryNs >= 0;
    }

    private boolean hasToRemove() {
        return !isRemovalStuck && !dropped.isEmpty();
    }

    /** One round: makes what is asked for, closes what is done with, removes what is to go. */
    void prepare() {
        if (wanted != 0 || (unmade != 0 && isTimeToRetry())) {
            prepareWanted();
        }
        takeRetired();
        while (kept.size() > KEPT_IN_MEMORY && wanted == 0) {
            Segment oldest = kept.remove();
            oldest.leaveMemory(part -> pace(RESERVING_PART + part * (1 - RESERVING_PART)));
            oldest.close();
        }
        removeDropped();
    }

    private void removeDropped() {
        for (KeptFiles.Kept file = dropped.peek();
                file != null && wanted == 0;
                file = dropped.peek()) {
            try {
                closeUpTo(file.number());
                files.delete(file.directory());
                // Never a younger one before an older one: what is left must be one piece.
                disk.forceNames(files.directory());
                isRemovalStuck = false;
                dropped.remove();
            } catch (IOException e) {
                // Nobody needs it; it is tried again in the next round, or found by the next start.
                isRemovalStuck = true;
                return;
            }
        }
    }

    private void closeUpTo(int number) {
        while (!kept.isEmpty() && kept.element().number() <= number) {
            kept.remove().close();
        }
    }

    private void prepareWanted() {
        int number = wanted == 0 ? unmade : wanted;
        wanted = 0;
        paced = 0;
        long begun = tries + 1;
        tries = begun;
        try {
            Path directory = files.appended(number);
            if (unmade == number && disk.exists(directory)) {
                files.delete(directory);
            }
            made(create(number, directory, recordBytes, true));
        } catch (IOException e) {
            failed(number, e);
        } catch (RuntimeException | InternalError | OutOfMemoryError e) {
            failed(number, new IOException(e.toString(), e));
        }
    }

    private void made(Segment segment) {
        isFirst = false;
        unmade = 0;
        ready = segment;
        isFailing = false;
        if (failures > 0) {
            failures = 0;
            listener.prepared();
        }
    }

    private void failed(int number, IOException e) {
        unmade = number;
        retryNs = System.nanoTime() + restAfter(failures);
        failures++;
        failure = e;
        isFailing = true;
        failedTry = tries;
        listener.cannotPrepare(String.valueOf(e.getMessage()));
    }

    /** Longer each time, up to a bound. */
    private static long restAfter(int failuresBefore) {
        long rest = FIRST_RETRY_NS << Math.min(failuresBefore, MOST_DOUBLINGS);
        return Math.min(rest, LONGEST_RETRY_NS);
    }

    /**
     * Work in small portions, spread over the time until the segment before is used up, leaves disk
     * and cores to the others.
     *
     * @param done the part of all work that is done, from 0 to 1
     */
    private void pace(double done) {
        double portion = done - paced;
        paced = done;
        // The first one is needed soon: the segment of a start is small.
        boolean isLate = isFirst || isHurried || urgent || stopping || wanted != 0;
        double spareNs = isLate ? 0 : timeLeftNs() - NEEDED_NS;
        double restNs = RESTING_PART * spareNs * portion / (1 - done);
        LockSupport.parkNanos(this, Math.max(1, Math.min(LONGEST_REST_NS, (long) restNs)));
    }

    /** Time until the segment before is used up, if its use goes on as it has so far. */
    private double timeLeftNs() {
        return (System.nanoTime() - wantedNs) * (1 - used) / used;
    }

    private void takeRetired() {
        for (Segment segment = retired.poll(); segment != null; segment = retired.poll()) {
            kept.add(segment);
        }
    }
}
