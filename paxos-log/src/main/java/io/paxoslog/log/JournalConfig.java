package io.paxoslog.log;

import io.paxoslog.core.Ballot;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where and how a journal is kept.
 *
 * @param directory directory of the node's data, created when absent
 * @param node node id, 1 to {@link Ballot#MAX_NODE}
 * @param durability when a vote may leave
 * @param segmentBytes bytes of records in one file, {@link #MIN_SEGMENT_BYTES} to {@link
 *     #MAX_SEGMENT_BYTES}; a record may take at most an eighth of it
 * @param syncIntervalMs longest time between two forces of values under {@link Durability#ASYNC},
 *     from 1; a value is on the disk after twice this time and a force
 * @param bootId what tells one run of the machine from the next
 * @param roomRule how much room the disk should have for what
 */
public record JournalConfig(
        Path directory,
        int node,
        Durability durability,
        int segmentBytes,
        long syncIntervalMs,
        String bootId,
        RoomRule roomRule) {
    /** Smallest file. */
    public static final int MIN_SEGMENT_BYTES = 64 << 10;

    /** Records of the largest size that a file takes at least. */
    static final int RECORDS_PER_SEGMENT = 8;

    /** Size of a file unless told otherwise. */
    public static final int DEFAULT_SEGMENT_BYTES = 64 << 20;

    /** Largest file. */
    public static final int MAX_SEGMENT_BYTES = 256 << 20;

    /** Time between two forces of values unless told otherwise. */
    public static final long DEFAULT_SYNC_INTERVAL_MS = 10;

    /**
     * Checks what was given; throws {@link IllegalArgumentException} naming what is out of range.
     */
    public JournalConfig {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(durability, "durability");
        Objects.requireNonNull(bootId, "bootId");
        Objects.requireNonNull(roomRule, "roomRule");
        if (node < 1 || node > Ballot.MAX_NODE) {
            throw new IllegalArgumentException(
                    "node id must be 1 to " + Ballot.MAX_NODE + ", not " + node);
        }
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > MAX_SEGMENT_BYTES) {
            throw new IllegalArgumentException(
                    "segment size must be "
                            + MIN_SEGMENT_BYTES
                            + " to "
                            + MAX_SEGMENT_BYTES
                            + " bytes, not "
                            + segmentBytes);
        }
        if (syncIntervalMs < 1) {
            throw new IllegalArgumentException(
                    "sync interval must be at least 1 ms, not " + syncIntervalMs);
        }
    }

    /** With as much room as files of that size need by default. */
    public JournalConfig(
            Path directory,
            int node,
            Durability durability,
            int segmentBytes,
            long syncIntervalMs,
            String bootId) {
        this(
                directory,
                node,
                durability,
                segmentBytes,
                syncIntervalMs,
                bootId,
                RoomRule.of(segmentBytes, 0, 0));
    }

    /** The usual journal of a node on this machine. */
    public static JournalConfig of(Path directory, int node, Durability durability) {
        return new JournalConfig(
                directory,
                node,
                durability,
                DEFAULT_SEGMENT_BYTES,
                DEFAULT_SYNC_INTERVAL_MS,
                BootId.read());
    }

    /** The same with files of another size. */
    public JournalConfig withSegmentBytes(int bytes) {
        return new JournalConfig(directory, node, durability, bytes, syncIntervalMs, bootId);
    }

    /** The same with another time between two forces of values. */
    public JournalConfig withSyncIntervalMs(long intervalMs) {
        return new JournalConfig(
                directory, node, durability, segmentBytes, intervalMs, bootId, roomRule);
    }

    /** The same with another idea of how much room there should be. */
    public JournalConfig withRoom(RoomRule rule) {
        return new JournalConfig(
                directory, node, durability, segmentBytes, syncIntervalMs, bootId, rule);
    }

    /** The same on another run of the machine. */
    JournalConfig withBootId(String otherBootId) {
        return new JournalConfig(
                directory, node, durability, segmentBytes, syncIntervalMs, otherBootId, roomRule);
    }
}
