package io.paxoslog.service;

import org.agrona.DirectBuffer;

/**
 * A command that takes effect now: its bytes and what all nodes agree on about it. A flyweight,
 * valid only for the duration of the call it is passed to; not thread-safe.
 */
public final class Entry {
    private long slot;
    private long originBallot;
    private long timeNs;
    private int version;
    private long session;
    private long sequence;
    private DirectBuffer buffer;
    private int offset;
    private int length;

    Entry agreed(long slot, long originBallot, long timeNs, int version) {
        this.slot = slot;
        this.originBallot = originBallot;
        this.timeNs = timeNs;
        this.version = version;
        return this;
    }

    Entry sender(long session, long sequence) {
        this.session = session;
        this.sequence = sequence;
        return this;
    }

    Entry bytes(DirectBuffer buffer, int offset, int length) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        return this;
    }

    /** Position in the log, from 1. Rises from entry to entry, not always by one. */
    public long slot() {
        return slot;
    }

    /**
     * Ballot of the leader that first proposed the command: a fencing token, to be compared with
     * the highest seen. Commands that an election brought back may carry an older one than commands
     * in front of them.
     */
    public long originBallot() {
        return originBallot;
    }

    /**
     * Agreed time in nanoseconds since 1970, the same on all nodes; never falls. It is what the
     * members' wall clocks agree on, so that one that is ahead does not move it; a cluster of one
     * node trusts its clock.
     */
    public long timeNs() {
        return timeNs;
    }

    /**
     * Which version of the state machine is agreed for this entry, from 1: the same on all nodes,
     * and at this slot whenever it is applied. It rises by an operator's word ({@code paxos version
     * set}) once all nodes run a build that knows it ({@link StateMachine#newestVersion}); until
     * then do what earlier builds do.
     */
    public int version() {
        return version;
    }

    /** The session the command came from. */
    public long session() {
        return session;
    }

    /** Number of the command within its session, from 1. */
    public long sequence() {
        return sequence;
    }

    /** Holds the command from {@link #offset()} on. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Where the command begins in {@link #buffer()}. */
    public int offset() {
        return offset;
    }

    /** Bytes of the command. */
    public int length() {
        return length;
    }
}
