package io.paxoslog.service;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A rolling hash over everything applied and what came of it: equal on two nodes that applied the
 * same values in the same slots with the same outcomes and replies, however these were batched, and
 * almost surely different otherwise. No-ops count for nothing by themselves; the slots of what
 * follows give them away.
 */
final class AppliedHash {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long SEED_C = 0xC2B2AE3D27D4EB4FL;
    private static final long SEED_D = 0x165667B19E3779F9L;
    private static final int STRIPE_BYTES = 4 * Long.BYTES;

    /** What came of an entry, where there is no reply. */
    enum Outcome {
        /** The bytes are no entry that this build knows. */
        NOTHING(1),
        /** The sequence took effect before. */
        REPEATED(2),
        GAP(3),
        FULL(4),
        EXPIRED(5),
        OPENED(6),
        NOT_OPENED(7),
        CLOSED(8),
        SKIPPED(9),
        /** A decision about limits is in force. */
        LIMITED(10),
        /** A decision about limits is void. */
        NOT_LIMITED(11),
        /** A decision about versions is in force. */
        AGREED(12),
        /** A decision about versions is void. */
        NOT_AGREED(13),
        /** Sessions are kept alive, and the stopwatch goes on. */
        KEPT_ALIVE(14),
        /** A session was to expire that is not due. */
        NOT_EXPIRED(15),
        /** The state machine set a timer; when it is due comes next. */
        TIMER_SET(16),
        BY_TIME(17),
        BY_STOPWATCH(18),
        TIMER_CANCELLED(19),
        TIMER_FIRED(20),
        /** Timers were asked for; how many were due. */
        FIRED(21),
        /** The state machine sent an event to a session; its bytes come next. */
        SENT(22),
        /** It sent one to a session that is not open. */
        NOT_SENT(23),
        /** A client has taken events of a session; up to where comes next. */
        TAKEN(24),
        UP_TO(25);

        private final long code;

        Outcome(long code) {
            this.code = code;
        }
    }

    private long hash;

    void add(long slot, long originBallot, long timestamp, byte kind) {
        mix(slot);
        mix(originBallot);
        mix(timestamp);
        mix(kind);
    }

    /**
     * The bytes of an entry say what was asked, these what came of it: session tables or state
     * machines that have parted show here.
     *
     * @param detail what tells one such outcome from another, as the session that was opened
     */
    void add(Outcome outcome, long detail) {
        mix(outcome.code);
        mix(detail);
    }

    /** Four parts side by side, as each step of one would have to wait for the step before. */
    void add(DirectBuffer buffer, int offset, int length) {
        long a = hash;
        long b = length;
        long c = SEED_C;
        long d = SEED_D;
        int end = offset + length;
        int position = offset;
        for (; position <= end - STRIPE_BYTES; position += STRIPE_BYTES) {
            a = mixed(a, word(buffer, position));
            b = mixed(b, word(buffer, position + Long.BYTES));
            c = mixed(c, word(buffer, position + 2 * Long.BYTES));
            d = mixed(d, word(buffer, position + 3 * Long.BYTES));
        }
        for (; position <= end - Long.BYTES; position += Long.BYTES) {
            a = mixed(a, word(buffer, position));
        }
        for (; position < end; position++) {
            b = mixed(b, buffer.getByte(position));
        }
        hash = mixed(mixed(mixed(a, b), c), d);
    }

    private static long word(DirectBuffer buffer, int position) {
        return buffer.getLong(position, ByteOrder.LITTLE_ENDIAN);
    }

    private void mix(long word) {
        hash = mixed(hash, word);
    }

    private static long mixed(long part, long word) {
        long product = (part ^ word) * MULTIPLIER;
        return product ^ (product >>> 29);
    }

    long value() {
        return hash;
    }

    /** Takes an earlier value again. */
    void restore(long value) {
        hash = value;
    }
}
