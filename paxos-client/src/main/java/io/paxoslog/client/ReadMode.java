package io.paxoslog.client;

import io.paxoslog.codecs.client.ReadKind;

/**
 * What a read promises, and what that rests on. {@code docs/reads.md} says which to take.
 *
 * <p><i>Linearizable</i>: the answer shows every command that anybody had a reply to before the
 * read was asked for, and no later read by anybody shows less.
 */
public enum ReadMode {
    /**
     * Linearizable. The query takes a slot of the log, like a command, and the leader answers it
     * from the state at that slot; needs a leader that takes commands. Rests on what commands rest
     * on, and costs what they cost.
     */
    LOG(ReadKind.LOG),

    /**
     * Linearizable. The leader answers, once enough members have confirmed after the read came that
     * it still led; nothing is written down. Rests on no clock.
     */
    READ_INDEX(ReadKind.READ_INDEX),

    /**
     * Linearizable as long as clocks run as evenly as the nodes' settings say. The leader answers
     * at once, while members have promised it to elect nobody else. Off unless the nodes' settings
     * turn it on.
     */
    LEASE(ReadKind.LEASE),

    /**
     * Linearizable. Any node answers, once the leader has confirmed how far it must have applied:
     * the leader's part is one small message for many reads. Rests on no clock.
     */
    FOLLOWER(ReadKind.FOLLOWER),

    /**
     * Linearizable. Any node answers, once a quorum has told it how far it must have applied; no
     * leader takes part. Where something is on its way it waits for that, which may take the next
     * leader. Rests on no clock.
     */
    QUORUM(ReadKind.QUORUM),

    /**
     * Shows everything up to a slot that the caller names, at least: with the slot of an own
     * command, that command and all before it. Any node answers, once it has applied that slot.
     */
    AT_LEAST(ReadKind.AT_LEAST),

    /**
     * Any node answers at once from what it has applied, which may be of any age: a node that is
     * cut off goes on answering.
     */
    STALE(ReadKind.STALE);

    private final ReadKind kind;

    ReadMode(ReadKind kind) {
        this.kind = kind;
    }

    ReadKind kind() {
        return kind;
    }

    /** Whether only the leader answers it. */
    public boolean isOfLeader() {
        return this == LOG || this == READ_INDEX || this == LEASE;
    }

    /** Whether it shows all that anybody had a reply to before it was asked for. */
    public boolean isLinearizable() {
        return this != AT_LEAST && this != STALE;
    }
}
