package io.paxoslog.core;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What operators settle for all nodes at once: the value of an entry of kind {@link
 * Batch#DECISION}. Immutable.
 *
 * <p>A decision names the one it follows. It is void, on every node alike, when another one about
 * the same thing stands between the two: whoever decides must have known what it decides about.
 *
 * <p>Encoded little-endian: version, kind (bytes), two bytes of zeros, four ints (the limits; of a
 * version its two numbers, and zeros), slot and previous decision (longs).
 *
 * @param kind what is decided
 * @param slot the slot it is about; 0 for the kinds that are about none
 * @param previous slot of the latest decision about the same, 0 when there is none
 * @param limits what sessions may hold from here on; {@link Limits#NONE} for the other kinds
 * @param version what is agreed from here on; {@link Version#NONE} for the other kinds
 */
public record Decision(Kind kind, long slot, long previous, Limits limits, Version version) {
    /** Bytes of an encoded decision. */
    public static final int BYTES = 4 + 4 * Integer.BYTES + 2 * Long.BYTES;

    private static final byte VERSION = 1;
    private static final int LIMITS_OFFSET = 4;
    private static final int SLOT_OFFSET = LIMITS_OFFSET + 4 * Integer.BYTES;
    private static final int PREVIOUS_OFFSET = SLOT_OFFSET + Long.BYTES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** What can be decided. The order is that of the codes on disk, from 1. */
    public enum Kind {
        /** The command at the slot takes no effect: no state machine is given it any more. */
        SKIP,
        /** State machines that halted at the slot are given its command once more. */
        RETRY,
        /** What sessions may hold. */
        LIMITS,
        /** Which version is agreed. */
        VERSION;

        /** Whether it is about one slot, and told ahead of order. */
        public boolean isAboutSlot() {
            return this == SKIP || this == RETRY;
        }
    }

    /**
     * What sessions may hold; the core does not look into it.
     *
     * @param sessions most sessions open at once
     * @param inFlight most commands of a session without a reply the client has
     * @param replyBytes most bytes of one reply
     * @param cachedBytes most bytes of replies kept for a session
     */
    public record Limits(int sessions, int inFlight, int replyBytes, int cachedBytes) {
        /** In decisions about slots. */
        public static final Limits NONE = new Limits(0, 0, 0, 0);

        /** Most that any of them may be: so much must fit into the memory of every node. */
        public static final int MAX = 1 << 28;

        /**
         * Whether each of them is one that may be decided on; bytes that were read may hold others.
         */
        public boolean areSound() {
            return isCount(sessions)
                    && isCount(inFlight)
                    && replyBytes >= 0
                    && replyBytes <= MAX
                    && isCount(cachedBytes);
        }

        private static boolean isCount(int limit) {
            return limit >= 1 && limit <= MAX;
        }
    }

    /** The command at a slot takes no effect. */
    public static Decision skip(long slot, long previous) {
        return new Decision(Kind.SKIP, slot, previous, Limits.NONE, Version.NONE);
    }

    /** The command at a slot is to be tried once more. */
    public static Decision retry(long slot, long previous) {
        return new Decision(Kind.RETRY, slot, previous, Limits.NONE, Version.NONE);
    }

    /** From here on sessions may hold so much. */
    public static Decision limits(Limits limits, long previous) {
        return new Decision(Kind.LIMITS, 0, previous, limits, Version.NONE);
    }

    /** From here on this version is agreed. */
    public static Decision version(Version version, long previous) {
        return new Decision(Kind.VERSION, 0, previous, Limits.NONE, version);
    }

    /** The same behind another one. */
    Decision behind(long newPrevious) {
        return new Decision(kind, slot, newPrevious, limits, version);
    }

    /** What it is about, as a key: a slot, or what no slot is. */
    public long about() {
        return switch (kind) {
            case SKIP, RETRY -> slot;
            case LIMITS -> 0;
            case VERSION -> -1;
        };
    }

    /** The lowest system version whose builds can all read it. */
    public int needs() {
        return needs(code(kind));
    }

    /** As above, of an encoded one. */
    public static int needs(DirectBuffer buffer, int offset) {
        return needs(buffer.getByte(offset + 1));
    }

    private static int needs(int code) {
        return code < code(Kind.VERSION) ? Version.FIRST.system() : Version.FIRST_TOLD;
    }

    /** Whether bytes are a decision that this version knows. */
    public static boolean isOne(DirectBuffer buffer, int offset, int length) {
        if (length != BYTES || buffer.getByte(offset) != VERSION) {
            return false;
        }
        int code = buffer.getByte(offset + 1);
        return code >= 1
                && code <= Kind.values().length
                && buffer.getShort(offset + 2, LE) == 0
                && isSlotOrNone(buffer.getLong(offset + SLOT_OFFSET, LE))
                && isSlotOrNone(buffer.getLong(offset + PREVIOUS_OFFSET, LE))
                && isSound(kindOf(code), buffer, offset);
    }

    private static boolean isSound(Kind kind, DirectBuffer buffer, int offset) {
        boolean isAboutSlot = buffer.getLong(offset + SLOT_OFFSET, LE) != 0;
        Limits limits = limits(buffer, offset);
        return isAboutSlot == kind.isAboutSlot()
                && switch (kind) {
                    case SKIP, RETRY -> limits.equals(Limits.NONE);
                    case LIMITS -> limits.areSound();
                    case VERSION ->
                            limits.replyBytes() == 0
                                    && limits.cachedBytes() == 0
                                    && version(buffer, offset).isSound();
                };
    }

    private static boolean isSlotOrNone(long slot) {
        return slot >= 0 && slot <= Batch.MAX_SLOT;
    }

    private static int code(Kind kind) {
        return switch (kind) {
            case SKIP -> 1;
            case RETRY -> 2;
            case LIMITS -> 3;
            case VERSION -> 4;
        };
    }

    private static Kind kindOf(int code) {
        return switch (code) {
            case 1 -> Kind.SKIP;
            case 2 -> Kind.RETRY;
            case 3 -> Kind.LIMITS;
            case 4 -> Kind.VERSION;
            default -> throw new IllegalArgumentException("no kind of decision: " + code);
        };
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException on anything else
     */
    public static Decision decode(DirectBuffer buffer, int offset, int length) {
        if (!isOne(buffer, offset, length)) {
            throw new IllegalArgumentException(
                    "not a decision of version " + VERSION + ": " + length + " bytes");
        }
        Kind kind = kindOf(buffer.getByte(offset + 1));
        return new Decision(
                kind,
                buffer.getLong(offset + SLOT_OFFSET, LE),
                buffer.getLong(offset + PREVIOUS_OFFSET, LE),
                kind == Kind.VERSION ? Limits.NONE : limits(buffer, offset),
                kind == Kind.VERSION ? version(buffer, offset) : Version.NONE);
    }

    private static Version version(DirectBuffer buffer, int offset) {
        int numbers = offset + LIMITS_OFFSET;
        return new Version(buffer.getInt(numbers, LE), buffer.getInt(numbers + Integer.BYTES, LE));
    }

    private static Limits limits(DirectBuffer buffer, int offset) {
        int limits = offset + LIMITS_OFFSET;
        return new Limits(
                buffer.getInt(limits, LE),
                buffer.getInt(limits + Integer.BYTES, LE),
                buffer.getInt(limits + 2 * Integer.BYTES, LE),
                buffer.getInt(limits + 3 * Integer.BYTES, LE));
    }

    /** Reads the one entry of a batch of kind {@link Batch#DECISION}. */
    public static Decision of(Batch batch) {
        return decode(
                batch.buffer(),
                Batch.ENTRY_PREFIX_BYTES,
                batch.length() - Batch.ENTRY_PREFIX_BYTES);
    }

    /** Writes it at {@code offset}; always {@link #BYTES} bytes. */
    public void encode(MutableDirectBuffer target, int offset) {
        target.putByte(offset, VERSION);
        target.putByte(offset + 1, (byte) code(kind));
        target.putShort(offset + 2, (short) 0, LE);
        boolean isVersion = kind == Kind.VERSION;
        int first = isVersion ? version.system() : limits.sessions();
        int second = isVersion ? version.application() : limits.inFlight();
        target.putInt(offset + LIMITS_OFFSET, first, LE);
        target.putInt(offset + LIMITS_OFFSET + Integer.BYTES, second, LE);
        target.putInt(offset + LIMITS_OFFSET + 2 * Integer.BYTES, limits.replyBytes(), LE);
        target.putInt(offset + LIMITS_OFFSET + 3 * Integer.BYTES, limits.cachedBytes(), LE);
        target.putLong(offset + SLOT_OFFSET, slot, LE);
        target.putLong(offset + PREVIOUS_OFFSET, previous, LE);
    }

    /** For people: what is decided about which slot. */
    @Override
    public String toString() {
        return switch (kind) {
            case SKIP -> "skip " + slot;
            case RETRY -> "retry " + slot;
            case LIMITS ->
                    "limits sessions="
                            + limits.sessions()
                            + " in-flight="
                            + limits.inFlight()
                            + " reply-bytes="
                            + limits.replyBytes()
                            + " cached-bytes="
                            + limits.cachedBytes();
            case VERSION -> version.toString();
        };
    }
}
