package io.paxoslog.core;

/**
 * Rules of ballot numbers: a round and the node that owns it, packed into one {@code long} so that
 * comparing two longs compares two ballots (Lamport, "Paxos Made Simple", 2001, section 2.2:
 * proposal numbers are totally ordered and each belongs to one proposer).
 *
 * <p>Layout: 47 bits of round, then 16 bits of owning node. All methods are pure and may be called
 * by any thread.
 */
public final class Ballot {
    /** Below every ballot; nobody owns it. */
    public static final long NONE = 0;

    /** Highest round there is. A node that has seen it refuses to campaign: rounds never wrap. */
    public static final long MAX_ROUND = (1L << 47) - 1;

    /**
     * Fewest rounds that must be left above what a node has recorded for it to start: no elections
     * use so many up, so whoever recorded more was deceived or is damaged.
     */
    public static final long LEAST_ROUNDS_LEFT = 1L << 32;

    /** Highest node id, as an owner has 16 bits. */
    public static final int MAX_NODE = 0xFFFF;

    private Ballot() {}

    /**
     * Packs a ballot.
     *
     * @param round 1 to {@link #MAX_ROUND}
     * @param owner node id, 1 to {@link #MAX_NODE}
     * @return the ballot, positive
     * @throws IllegalArgumentException when either is out of range
     */
    public static long of(long round, int owner) {
        if (round < 1 || round > MAX_ROUND || owner < 1 || owner > MAX_NODE) {
            throw new IllegalArgumentException(
                    "no such ballot: round " + round + ", owner " + owner);
        }
        return (round << 16) | owner;
    }

    /** The round of a ballot; 0 for {@link #NONE}. */
    public static long round(long ballot) {
        return ballot >>> 16;
    }

    /** The node that owns a ballot; 0 for {@link #NONE}. */
    public static int owner(long ballot) {
        return (int) (ballot & MAX_NODE);
    }

    /**
     * The lowest ballot of a node that is above another ballot in its round.
     *
     * @param highestSeen any ballot, or {@link #NONE}
     * @param owner the node that will own the result
     * @return a ballot of the next round, or {@link #NONE} when rounds are used up
     */
    public static long inNextRound(long highestSeen, int owner) {
        long round = round(highestSeen);
        return round >= MAX_ROUND ? NONE : of(round + 1, owner);
    }

    /** The ballot as people read it: {@code round.owner}. Allocates; not for the hot road. */
    public static String text(long ballot) {
        return round(ballot) + "." + owner(ballot);
    }
}
