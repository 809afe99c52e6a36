package io.paxoslog.core;

import java.util.Arrays;

/**
 * What this leader was granted: until when, by its own clock, nobody else can have been elected. A
 * grant counts from when this node asked, which was before the other one answered, and for less
 * than the other one counts: clocks may differ in their rates by one part in ten, and each shows
 * whole ticks only (I53).
 */
final class Lease implements Roster.Keeper {
    /** The slowest clock runs at least so many parts of a hundred as fast as the quickest. */
    static final int SLOWEST_PERCENT = 90;

    /** Heartbeats of which it is known when they left. */
    static final int REMEMBERED = 64;

    private static final int WHOLE_TICKS = 2;
    private static final int PERCENT = 100;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final int ticks;
    private final long[] askedTick = new long[REMEMBERED];
    private final long[] untilTick = new long[Roster.MAX];
    private long firstNonce;
    private long endNonce;
    private boolean isGivenUp;

    Lease(int ticks) {
        this.ticks = ticks;
        Arrays.fill(untilTick, NEVER);
    }

    @Override
    public void left(int number, long member) {
        untilTick[number] = NEVER;
    }

    /** A ballot begins to lead: what was granted to an earlier one does not count. */
    void begin(long nextNonce) {
        Arrays.fill(untilTick, NEVER);
        firstNonce = nextNonce;
        endNonce = nextNonce;
        isGivenUp = false;
    }

    /** A heartbeat leaves; returns for how long it asks. */
    int ask(long nonce, long nowTick) {
        if (isGivenUp) {
            return 0;
        }
        askedTick[at(nonce)] = nowTick;
        endNonce = nonce + 1;
        return ticks;
    }

    /** Counts on nothing any more, whatever else may come under this ballot. */
    void giveUp() {
        isGivenUp = true;
        Arrays.fill(untilTick, NEVER);
    }

    /** A member answered a heartbeat and granted so much. */
    void granted(int member, long nonce, int itsTicks) {
        long oldest = Math.max(firstNonce, endNonce - REMEMBERED);
        if (itsTicks > 0 && !isGivenUp && nonce >= oldest && nonce < endNonce) {
            long until = askedTick[at(nonce)] + counted(Math.min(itsTicks, ticks));
            untilTick[member] = Math.max(untilTick[member], until);
        }
    }

    /** How much of a grant its holder counts on. */
    static int counted(int granted) {
        return (int) ((long) granted * SLOWEST_PERCENT / PERCENT) - WHOLE_TICKS;
    }

    /**
     * Whether nobody else can have been elected in this membership by now.
     *
     * @param own number of this node, which helps nobody while it leads
     */
    boolean runs(Tenure tenure, int own, long tick) {
        int set = 1 << own;
        for (int left = tenure.voters(); left != 0; left &= left - 1) {
            int member = Integer.numberOfTrailingZeros(left);
            set |= tick < untilTick[member] ? 1 << member : 0;
        }
        return ticks > 0 && !isGivenUp && tenure.meetsPrepareQuorums(set);
    }

    private static int at(long nonce) {
        return (int) (nonce & (REMEMBERED - 1));
    }
}
