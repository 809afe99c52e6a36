package io.paxoslog.core;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Consecutive slots proposed together: one message, one record, one vote. A flyweight over bytes
 * that belong to somebody else, valid only for the duration of the call it is passed to; copy what
 * must stay.
 *
 * <p>The value of a slot is (origin ballot, timestamp, kind, entry); {@link #ballot()} is the one
 * it is accepted under and lies outside the value.
 *
 * <p>Entries of kind {@link #COMMANDS}, {@link #MEMBERSHIP} and {@link #DECISION} lie one behind
 * the other, each a little-endian {@code int} length (of what follows it) and that many bytes;
 * there are {@link #count()} of them. A no-op range has no bytes whatever its count. Not
 * thread-safe.
 */
public final class Batch {
    /** Closes a gap after an election; no bytes, any count. */
    public static final byte NO_OP = 0;

    /** Commands of clients and sessions. */
    public static final byte COMMANDS = 1;

    /** One membership entry ({@link Membership}); always alone in its batch. */
    public static final byte MEMBERSHIP = 2;

    /** One {@link Decision}; always alone in its batch. */
    public static final byte DECISION = 3;

    /** Bytes of the length in front of each entry. */
    public static final int ENTRY_PREFIX_BYTES = Integer.BYTES;

    /** Highest slot there is; proposals that would pass it are refused. */
    public static final long MAX_SLOT = Long.MAX_VALUE >> 2;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private long ballot;
    private long firstSlot;
    private int count;
    private byte kind;
    private long originBallot;
    private long timestamp;

    /** Says which slots, under which ballot. Follow with {@link #value} and {@link #bytes}. */
    public Batch slots(long ballot, long firstSlot, int count) {
        this.ballot = ballot;
        this.firstSlot = firstSlot;
        this.count = count;
        return this;
    }

    /**
     * Says what the slots have in common: kind, origin ballot and leader's time in nanoseconds
     * since 1970.
     */
    public Batch value(byte kind, long originBallot, long timestamp) {
        this.kind = kind;
        this.originBallot = originBallot;
        this.timestamp = timestamp;
        return this;
    }

    /** Points at the entries. Does not copy. */
    public Batch bytes(DirectBuffer source, int offset, int length) {
        buffer.wrap(source, offset, length);
        return this;
    }

    /** Says that there are no entries, as in a no-op range. */
    public Batch noBytes() {
        buffer.wrap(0, 0);
        return this;
    }

    /** Becomes a view of the same slots and bytes as another batch. */
    public Batch wrap(Batch other) {
        return slots(other.ballot, other.firstSlot, other.count)
                .value(other.kind, other.originBallot, other.timestamp)
                .bytes(other.buffer, 0, other.length());
    }

    /**
     * Becomes a view of the part of another batch that lies in {@code from..to}, both included.
     * Walks the entries in front of the part, so it costs their number.
     *
     * @param from first slot wanted; lower ones are left out
     * @param to last slot wanted; higher ones are left out
     * @throws IllegalArgumentException when the part is empty or the entries do not fit their bytes
     */
    public Batch slice(Batch other, long from, long to) {
        long first = Math.max(from, other.firstSlot);
        long last = Math.min(to, other.lastSlot());
        if (first > last) {
            throw new IllegalArgumentException(
                    "no slot of "
                            + other.firstSlot
                            + ".."
                            + other.lastSlot()
                            + " in "
                            + from
                            + ".."
                            + to);
        }
        int begin = other.skipEntries(0, first - other.firstSlot);
        int end =
                last == other.lastSlot()
                        ? other.length()
                        : other.skipEntries(begin, last - first + 1);
        return slots(other.ballot, first, (int) (last - first + 1))
                .value(other.kind, other.originBallot, other.timestamp)
                .bytes(other.buffer, begin, end - begin);
    }

    private int skipEntries(int offset, long entries) {
        if (kind == NO_OP) {
            return 0;
        }
        int position = offset;
        for (long i = 0; i < entries; i++) {
            position = nextEntry(position);
        }
        return position;
    }

    private int nextEntry(int position) {
        if (position + ENTRY_PREFIX_BYTES > length()) {
            throw new IllegalArgumentException(
                    "entries end early, at byte " + position + " of " + length());
        }
        int entryLength = entryLength(position);
        if (entryLength < 0 || entryLength > length() - position - ENTRY_PREFIX_BYTES) {
            throw new IllegalArgumentException(
                    "entry of " + entryLength + " bytes at byte " + position + " of " + length());
        }
        return position + ENTRY_PREFIX_BYTES + entryLength;
    }

    /** Length of the entry whose prefix lies at {@code position}, without the prefix. */
    public int entryLength(int position) {
        return buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Whether count, kind, ballots and bytes agree with one another, entry by entry. What comes
     * from the network or a disk is asked this before it is used.
     */
    public boolean isWellFormed() {
        boolean slotsFit = count >= 1 && firstSlot >= 1 && firstSlot <= MAX_SLOT - count;
        boolean ballotsFit = ballot == Ballot.NONE || originBallot <= ballot;
        return slotsFit && ballotsFit && kindFits();
    }

    private boolean kindFits() {
        return switch (kind) {
            case NO_OP -> length() == 0;
            case COMMANDS -> entriesFit();
            case MEMBERSHIP -> count == 1 && entriesFit();
            // An unknown decision must not be taken for none: its effect would differ from others'.
            case DECISION -> count == 1 && entriesFit() && isDecision();
            default -> false;
        };
    }

    private boolean isDecision() {
        return Decision.isOne(buffer, ENTRY_PREFIX_BYTES, length() - ENTRY_PREFIX_BYTES);
    }

    private boolean entriesFit() {
        int position = 0;
        for (int i = 0; i < count; i++) {
            if (position > length() - ENTRY_PREFIX_BYTES) {
                return false;
            }
            int entryLength = entryLength(position);
            if (entryLength < 0 || entryLength > length() - position - ENTRY_PREFIX_BYTES) {
                return false;
            }
            position += ENTRY_PREFIX_BYTES + entryLength;
        }
        return position == length();
    }

    /**
     * Ballot these slots are proposed, accepted or reported under; {@link Ballot#NONE} where it
     * does not matter.
     */
    public long ballot() {
        return ballot;
    }

    /** First slot, from 1. */
    public long firstSlot() {
        return firstSlot;
    }

    /** Last slot. */
    public long lastSlot() {
        return firstSlot + count - 1;
    }

    /** Number of slots, at least 1. */
    public int count() {
        return count;
    }

    /** {@link #NO_OP}, {@link #COMMANDS}, {@link #MEMBERSHIP} or {@link #DECISION}. */
    public byte kind() {
        return kind;
    }

    /** Ballot under which the value was first proposed. */
    public long originBallot() {
        return originBallot;
    }

    /** The first proposer's time, nanoseconds since 1970; 0 for no-ops. */
    public long timestamp() {
        return timestamp;
    }

    /** The entries, from index 0 to {@link #length()}. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Bytes of all entries with their prefixes. */
    public int length() {
        return buffer.capacity();
    }
}
