package io.paxoslog.core;

import org.agrona.DirectBuffer;

/**
 * All that a replica writes down, in order. The journal appends it; {@link Replica#recovery()}
 * hears it again after a restart. Nothing here waits for a disk: the journal reports elsewhere how
 * far it has synced.
 */
public interface JournalRecords {
    /**
     * The lowest ballot this node still answers is now {@code ballot}. Forced in every durability
     * mode before use.
     */
    void promised(long ballot);

    /**
     * This node is about to campaign with its own {@code ballot}, which it never uses again. Forced
     * before use.
     */
    void campaigned(long ballot);

    /**
     * Slots accepted under {@code batch.ballot()}. The newest record of a slot is the one that
     * holds.
     */
    void accepted(Batch batch);

    /**
     * Slots learnt as chosen from another node. {@code batch.ballot()} is {@link Ballot#NONE}:
     * beats every ballot.
     */
    void chosen(Batch batch);

    /**
     * Every slot up to {@code upTo} is chosen; those above the commit index so far are held here
     * under {@code ballot}.
     */
    void committed(long ballot, long upTo);

    /**
     * The chosen entry at {@code slot} is this encoded {@link Membership}. Repeated at the head of
     * each journal file.
     */
    void membership(long slot, DirectBuffer buffer, int offset, int length);

    /**
     * The chosen entry at {@code slot} is this encoded {@link Decision}, and it is in force. Those
     * about slots are repeated at the head of each journal file, the latest of each.
     */
    void decision(long slot, DirectBuffer buffer, int offset, int length);

    /**
     * This node's state machine does not take {@code slot} before a decision about it is chosen
     * above slot {@code decision}. Forced in every durability mode before anybody hears of it, and
     * repeated at the head of each journal file until such a decision is there.
     */
    void held(long slot, long decision);

    /**
     * Votes of this node may be lost, under ballots up to {@code promised}: it takes no part before
     * {@link #returned}. Written by the journal itself when it finds that, and repeated at the head
     * of each journal file until then.
     */
    void returning(long promised);

    /**
     * All that Phase 1 of {@code ballot} reported, and every slot below, is held here under that
     * ballot or known chosen: this node takes part again. Forced before use.
     */
    void returned(long ballot);

    /**
     * A member is in {@code run}, and had so many records on stable storage. Repeated at the head
     * of each journal file, the latest of each node. Another run than the one before is forced
     * before this node promises or votes again.
     */
    void remembered(long member, long run, long records);

    /**
     * Heard in recovery only: a record tells which slots it held, and not any more what was in
     * them. They were accepted under {@code batch.ballot()}, or are chosen when that is {@link
     * Ballot#NONE}; the bytes of the batch mean nothing.
     */
    default void unknown(Batch batch) {}
}
