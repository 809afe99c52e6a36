package io.paxoslog.log;

import io.paxoslog.core.Room;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks, on a thread of its own, how much room there is on the disk of a journal, and what that is
 * enough for. Everybody else reads what it saw last.
 */
final class RoomGauge {
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Disk disk;
    private final Path directory;
    private final RoomRule rule;
    private final SegmentPreparer preparer;
    private final Worker worker;
    private volatile Room room = Room.COMMANDS;
    private volatile long freeBytes;
    private volatile long snapshotBytes;
    private volatile boolean isTight;
    private volatile boolean stopping;

    RoomGauge(
            Surroundings surroundings,
            JournalConfig config,
            Path directory,
            SegmentPreparer preparer) {
        this.disk = surroundings.disk();
        this.directory = directory;
        this.rule = config.roomRule();
        this.preparer = preparer;
        this.worker = surroundings.worker("journal-room-" + config.node(), this::run);
    }

    /** Begins with a look. */
    void start() {
        look();
        worker.start();
    }

    void stop() {
        stopping = true;
        worker.join();
    }

    private void run() {
        while (!stopping) {
            LockSupport.parkNanos(this, LOOK_NS);
            look();
        }
    }

    /** One round. */
    void look() {
        try {
            long free = disk.usableBytes(directory);
            long snapshot = snapshotBytes;
            freeBytes = free;
            isTight = rule.isTight(free, snapshot);
            room =
                    rule.room(
                            room,
                            free,
                            snapshot,
                            preparer.preparedBytes(),
                            preparer.cannotPrepare());
            preparer.hurry(isTight);
        } catch (IOException e) {
            // The disk says nothing of its room; who writes to it will see.
            return;
        }
    }

    Room room() {
        return room;
    }

    long freeBytes() {
        return freeBytes;
    }

    long floorBytes() {
        return rule.floor(snapshotBytes);
    }

    boolean isTight() {
        return isTight;
    }

    /** The next snapshot takes about so many bytes. */
    void snapshotTakes(long bytes) {
        snapshotBytes = bytes;
    }
}
