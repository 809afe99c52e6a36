package io.paxoslog.server;

import io.paxoslog.core.Room;
import io.paxoslog.log.JournalListener;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;

/**
 * Tells operators while the next file of the journal cannot be made, once and then seldom, and when
 * that is over; and whether the node votes on new commands, when that changes. Any thread.
 */
final class RoomWatch implements JournalListener {
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(1);

    private final Consumer<String> log;
    private final NanoClock clock;
    private final Runnable onForced;
    private boolean isShort;
    private long nextLineNs;
    private Room room = Room.COMMANDS;

    /**
     * @param onForced what is to be done once more is on stable storage
     */
    RoomWatch(Consumer<String> log, NanoClock clock, Runnable onForced) {
        this.log = log;
        this.clock = clock;
        this.onForced = onForced;
    }

    @Override
    public synchronized void cannotPrepare(String why) {
        long now = clock.nanoTime();
        if (isShort && now - nextLineNs < 0) {
            return;
        }
        isShort = true;
        nextLineNs = now + QUIET_NS;
        log.accept(
                "the next file of the journal cannot be made yet ("
                        + why
                        + "): it is tried again; make room before this one is full, or this node"
                        + " stops");
    }

    @Override
    public void forced() {
        onForced.run();
    }

    /** What there is room for now, the bytes that are free, and those that new commands need. */
    synchronized void room(Room now, long freeBytes, long floorBytes) {
        if (now != room) {
            room = now;
            log.accept(line(now, freeBytes, floorBytes));
        }
    }

    private static String line(Room now, long freeBytes, long floorBytes) {
        String free =
                String.format(
                        Locale.ROOT,
                        "%,d bytes are free on the disk and the floor is %,d",
                        freeBytes,
                        floorBytes);
        return switch (now) {
            case COMMANDS -> free + ": this node votes on new commands again";
            case REPORTED ->
                    free
                            + ": this node votes on no new commands until there is room; see"
                            + " docs/operations.md";
            case BALLOTS ->
                    free
                            + ": this node only promises until there is room; make room before the"
                            + " last file of its journal is full, or it stops";
        };
    }

    @Override
    public synchronized void prepared() {
        isShort = false;
        log.accept("the next file of the journal is made");
    }
}
