package io.paxoslog.cli;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends random commands to sessions and measures how long each reply takes, from the moment its
 * command was meant to leave: a stall counts against every command it held up.
 *
 * <p>Without a rate the window is kept full; with one, commands are meant to leave at even
 * distances whatever the replies do. Not thread-safe; polled by one thread. Does not allocate per
 * command.
 */
final class Load {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(10);

    /** Where a session takes commands. Replies of one session come in the order of its commands. */
    interface Session {
        /** Takes a command, or does not now: then it is offered again. */
        boolean offer(UnsafeBuffer command, int length);
    }

    private final NanoClock clock;
    private final Session[] sessions;
    private final IntendedTimes[] intended;
    private final int[] windows;
    private final UnsafeBuffer command;
    private final SplittableRandom random;
    private final Histogram latenciesNs = new Histogram(LONGEST_NS, 3);
    private final double intervalNs;

    private long measureFromNs;
    private long measureToNs;
    private long firstIntendedNs;
    private long sent;
    private long inFlight;
    private long lastMeasuredNs;
    private long nextIntendedNs;
    private boolean isOffering;
    private int nextSession;

    /**
     * Begins nothing yet: {@link #begin} does.
     *
     * @param window commands in flight, shared by the sessions as evenly as it goes
     * @param ratePerSecond commands a second; 0 for as many as the window allows
     */
    Load(
            NanoClock clock,
            Session[] sessions,
            int payloadBytes,
            int window,
            double ratePerSecond,
            long seed) {
        this.clock = clock;
        this.sessions = sessions;
        intended = new IntendedTimes[sessions.length];
        windows = new int[sessions.length];
        for (int i = 0; i < sessions.length; i++) {
            windows[i] = window / sessions.length + (i < window % sessions.length ? 1 : 0);
            intended[i] = new IntendedTimes(windows[i]);
        }
        command = new UnsafeBuffer(new byte[Math.max(payloadBytes, Long.BYTES)], 0, payloadBytes);
        random = new SplittableRandom(seed);
        intervalNs = ratePerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
    }

    /** Starts now; what is meant to leave within {@code measureNs} after the warm-up counts. */
    void begin(long warmupNs, long measureNs) {
        firstIntendedNs = clock.nanoTime();
        nextIntendedNs = firstIntendedNs;
        measureFromNs = firstIntendedNs + warmupNs;
        measureToNs = measureFromNs + measureNs;
        lastMeasuredNs = measureFromNs;
    }

    /** Whether all that counts has been sent. */
    boolean isAllSent() {
        boolean isNextKnown = isOffering || intervalNs > 0;
        return (isNextKnown ? nextIntendedNs : clock.nanoTime()) - measureToNs >= 0;
    }

    /** Sends what is due and has room. Returns how many commands left. */
    int send() {
        int count = 0;
        while (!isAllSent() && isDue() && offerNext()) {
            count++;
        }
        return count;
    }

    private boolean isDue() {
        if (isOffering) {
            return true;
        }
        long nowNs = clock.nanoTime();
        if (intervalNs == 0) {
            nextIntendedNs = nowNs;
            return hasRoom();
        }
        return nowNs - nextIntendedNs >= 0;
    }

    private boolean hasRoom() {
        for (int i = 0; i < sessions.length; i++) {
            if (intended[i].size() < windows[i]) {
                return true;
            }
        }
        return false;
    }

    private boolean offerNext() {
        if (!isOffering) {
            fillWithRandomBytes();
            isOffering = true;
        }
        for (int i = 0; i < sessions.length; i++) {
            int session = nextSession;
            nextSession = nextSession + 1 == sessions.length ? 0 : nextSession + 1;
            if (intended[session].size() < windows[session] && isTaken(session)) {
                return true;
            }
        }
        return false;
    }

    private boolean isTaken(int session) {
        // Noted before it is offered, as its reply may come from within the offer.
        intended[session].add(nextIntendedNs);
        if (!sessions[session].offer(command, command.capacity())) {
            intended[session].removeLast();
            return false;
        }
        isOffering = false;
        sent++;
        inFlight++;
        nextIntendedNs = firstIntendedNs + (long) (sent * intervalNs);
        return true;
    }

    private void fillWithRandomBytes() {
        int bytes = command.capacity();
        int offset = 0;
        for (; offset + Long.BYTES <= bytes; offset += Long.BYTES) {
            command.putLong(offset, random.nextLong());
        }
        for (; offset < bytes; offset++) {
            command.putByte(offset, (byte) random.nextInt());
        }
    }

    /** Takes note of the next reply of a session. */
    void onReply(int session) {
        long intendedNs = intended[session].removeFirst();
        inFlight--;
        if (intendedNs - measureFromNs < 0 || intendedNs - measureToNs >= 0) {
            return;
        }
        lastMeasuredNs = clock.nanoTime();
        latenciesNs.recordValue(Math.min(lastMeasuredNs - intendedNs, LONGEST_NS));
    }

    /** Commands without a reply. */
    long inFlight() {
        return inFlight;
    }

    /** Commands sent since the beginning. */
    long sent() {
        return sent;
    }

    /** Latencies of all commands that count, in nanoseconds. */
    Histogram latenciesNs() {
        return latenciesNs;
    }

    /** From the end of the warm-up until the last reply that counts, or the end of the time. */
    long measuredNs() {
        return Math.max(lastMeasuredNs, Math.min(measureToNs, clock.nanoTime())) - measureFromNs;
    }
}
