package io.paxoslog.service;

/**
 * A place in the log, and what all nodes agree on about it. A flyweight, valid only for the
 * duration of the call it is passed to; not thread-safe.
 */
public class Moment {
    private long slot;
    private long originBallot;
    private long timeNs;
    private long stopwatchMs;
    private long leaderSinceMs;
    private int version;

    Moment() {}

    void agreed(long slot, long originBallot, long timeNs, int version) {
        this.slot = slot;
        this.originBallot = originBallot;
        this.timeNs = timeNs;
        this.version = version;
    }

    /** What the stopwatch shows from here on, and showed when the present leader began. */
    void stopwatch(long newStopwatchMs, long newLeaderSinceMs) {
        stopwatchMs = newStopwatchMs;
        leaderSinceMs = newLeaderSinceMs;
    }

    /** Position in the log, from 1. Rises from entry to entry, not always by one. */
    public final long slot() {
        return slot;
    }

    /**
     * Ballot of the leader that first proposed the entry: a fencing token, to be compared with the
     * highest seen. Entries that an election brought back may carry an older one than entries in
     * front of them.
     */
    public final long originBallot() {
        return originBallot;
    }

    /**
     * Agreed time in nanoseconds since 1970, the same on all nodes; never falls. It is what the
     * members' wall clocks agree on, so that one that is ahead does not move it; a cluster of one
     * node trusts its clock.
     */
    public final long timeNs() {
        return timeNs;
    }

    /**
     * The agreed stopwatch in milliseconds, the same on all nodes; never falls. It runs while
     * somebody leads and takes commands, by no wall clock. The log hears of it once a second, and
     * only while there are sessions that may expire or timers that go by it: what it shows here was
     * so up to a second ago.
     */
    public final long stopwatchMs() {
        return stopwatchMs;
    }

    /**
     * What the stopwatch showed when the log heard of it first under the leader of now: clients may
     * have had to find that one since. Exact in {@link StateMachine#timer}; elsewhere the log may
     * not have heard of a new leader yet.
     */
    public final long leaderSinceMs() {
        return leaderSinceMs;
    }

    /**
     * Which version of the state machine is agreed for this entry, from 1: the same on all nodes,
     * and at this slot whenever it is applied. It rises by an operator's word ({@code paxos version
     * set}) once all nodes run a build that knows it ({@link StateMachine#newestVersion}); until
     * then do what earlier builds do.
     */
    public final int version() {
        return version;
    }
}
