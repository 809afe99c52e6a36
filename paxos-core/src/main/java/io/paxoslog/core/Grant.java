package io.paxoslog.core;

/**
 * What this node has granted to a leader: while it runs, this node helps nobody else to lead, so it
 * answers no other's Prepare and begins none of its own (I52). Runs from the first tick after the
 * leader was heard, as the last one may be long ago when a process has stood still. A process that
 * starts does not know what the one before has granted, and to whom: it helps nobody until all of
 * that has run out.
 */
final class Grant {
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final long self;
    private final int mostTicks;
    private final int beforeTicks;
    private long nowTick = NEVER;
    private long waitUntilTick = NEVER;
    private long holder = MemberId.NONE;
    private long ballot = Ballot.NONE;
    private long nonce;
    private long untilTick = NEVER;
    private int freshTicks;

    Grant(ReplicaConfig config) {
        this.self = config.self();
        this.mostTicks = config.leaseTicks();
        this.beforeTicks = config.leaseBeforeTicks();
    }

    void start(long tick) {
        nowTick = tick;
        waitUntilTick = tick + beforeTicks;
    }

    void onTick(long tick) {
        nowTick = tick;
        if (freshTicks != 0) {
            untilTick = Math.max(untilTick, tick + freshTicks);
            freshTicks = 0;
        }
    }

    /**
     * The leader of the ballot that is promised here sent a heartbeat.
     *
     * @param asked for how long it asks for a lease; 0 when it gives up what it was granted before
     * @param connected whether an accept quorum answers it: who has none is to be replaced
     * @return for how long it has one from now on; 0 when nothing is granted
     */
    int give(long leader, long itsBallot, long itsNonce, int asked, boolean connected) {
        if (mostTicks == 0 || leader == self || (isRunning() && leader != holder)) {
            return 0;
        }
        boolean isOfTheSame = itsBallot == ballot;
        if (isOfTheSame && itsNonce <= nonce) {
            return 0;
        }
        if (asked == 0 && isOfTheSame) {
            nonce = itsNonce;
            end();
        }
        if (asked == 0 || !connected) {
            return 0;
        }
        holder = leader;
        ballot = itsBallot;
        nonce = itsNonce;
        int ticks = Math.min(asked, mostTicks);
        freshTicks = Math.max(freshTicks, ticks);
        return ticks;
    }

    /** The leader of a ballot has given its lease up, and counts on no grant any more. */
    void givenUp(long itsBallot) {
        if (itsBallot == ballot) {
            nonce = Long.MAX_VALUE;
            end();
        }
    }

    private void end() {
        untilTick = NEVER;
        freshTicks = 0;
    }

    private boolean isRunning() {
        return freshTicks != 0 || nowTick < untilTick;
    }

    /** Whether a member, perhaps this one, must not be helped to lead now. */
    boolean holdsBack(long member) {
        return nowTick < waitUntilTick || (isRunning() && member != holder);
    }
}
