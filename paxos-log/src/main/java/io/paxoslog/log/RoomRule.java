package io.paxoslog.log;

import io.paxoslog.core.Room;

/**
 * How many free bytes a node needs on its disk for what. Below the floor no new commands are
 * written down: what is left is one snapshot, as to make room takes some, and what the log needs to
 * keep going.
 *
 * @param segmentBytes of one file of the journal
 * @param floorBytes the floor; 0: {@code logBytes} and the room for one snapshot
 * @param logBytes free bytes that a snapshot leaves: the log goes first
 */
public record RoomRule(int segmentBytes, long floorBytes, long logBytes) {
    private static final long MARGIN_BYTES = 1 << 20;
    private static final int FILES = 2;
    private static final int OPEN_BYTES = 4;
    private static final int FLOORS_OF_COMFORT = 2;

    /** Room comes and goes in steps; who waits for a little more changes its mind less often. */
    private static final int STEPS = 8;

    /**
     * The usual rule: a snapshot leaves two files of the journal, or four times what a leader may
     * have open.
     *
     * @param openBytes most bytes that a leader has proposed and that are not chosen
     * @param floorBytes the floor; 0: computed
     */
    public static RoomRule of(int segmentBytes, long openBytes, long floorBytes) {
        long log = Math.max((long) FILES * segmentBytes, OPEN_BYTES * openBytes) + MARGIN_BYTES;
        long left = floorBytes == 0 ? log : Math.min(log, floorBytes / 2);
        return new RoomRule(segmentBytes, floorBytes, left);
    }

    /**
     * Free bytes below which no new commands are written down.
     *
     * @param snapshotBytes size of the newest snapshot; the next one may be a quarter larger
     */
    public long floor(long snapshotBytes) {
        return floorBytes == 0 ? logBytes + snapshotBytes + snapshotBytes / 4 : floorBytes;
    }

    /** Whether it is time to make room, while there still is some. */
    boolean isTight(long freeBytes, long snapshotBytes) {
        return freeBytes < FLOORS_OF_COMFORT * floor(snapshotBytes);
    }

    /**
     * What there is room for.
     *
     * @param before what there was room for up to now
     * @param preparedBytes of files of the journal that are there, with their blocks, and empty
     * @param cannotPrepare whether the next file was tried to be made, in vain
     */
    Room room(
            Room before,
            long freeBytes,
            long snapshotBytes,
            long preparedBytes,
            boolean cannotPrepare) {
        long floor = floor(snapshotBytes);
        long enough = before == Room.COMMANDS ? floor : floor + floor / STEPS;
        if (freeBytes >= enough && !cannotPrepare) {
            return Room.COMMANDS;
        }
        boolean canPrepare = !cannotPrepare && freeBytes >= segmentBytes + MARGIN_BYTES;
        return canPrepare || preparedBytes >= ballotBytes() ? Room.REPORTED : Room.BALLOTS;
    }

    /** What is left of the journal for promises and own ballots, whatever else is written. */
    private long ballotBytes() {
        return Math.min(MARGIN_BYTES, segmentBytes / 4);
    }
}
