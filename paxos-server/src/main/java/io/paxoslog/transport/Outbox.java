package io.paxoslog.transport;

import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import io.paxoslog.core.SyncRule;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Holds what may be said only after the sync; everything else goes straight to its link. Belongs to
 * the replica thread.
 */
final class Outbox implements Peers {
    private static final int EVERYONE = 0;
    private static final int MOST_VOTES = 1024;
    private static final int FIRST_HELD_BYTES = 64 * 1024;

    private final SyncRule syncRule;
    private final JournalPositions journal;
    private final LongSupplier clusterId;
    private final AtomicCounter framesDropped;
    private final HeldFrames heldFrames;
    private final HeldVotes heldVotes = new HeldVotes(MOST_VOTES);
    private final Int2ObjectHashMap<Speaker> speakers = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<FrameSink> sinks = new Int2ObjectHashMap<>();
    private final HeldFrames.Targets pass = this::pass;
    private final HeldVotes.Speech vote = this::vote;
    private final Speaker nobody;
    private Thread owner;

    /**
     * @param clusterId the cluster this node belongs to, 0 when not known
     * @param maxHeldBytes most bytes of promises that wait, a power of two
     * @param framesDropped counts what did not fit, or has no link to go to
     */
    Outbox(
            SyncRule syncRule,
            JournalPositions journal,
            LongSupplier clusterId,
            int maxHeldBytes,
            AtomicCounter framesDropped) {
        this.syncRule = syncRule;
        this.journal = journal;
        this.clusterId = clusterId;
        this.framesDropped = framesDropped;
        this.heldFrames = new HeldFrames(Math.min(FIRST_HELD_BYTES, maxHeldBytes), maxHeldBytes);
        PeerMessages unheard = encoder(new NoSink());
        this.nobody = new Speaker(unheard, unheard, unheard::accepted);
    }

    /** From now on only this thread may speak. */
    void ownedBy(Thread thread) {
        owner = thread;
    }

    /** Says what everyone is to hear by way of this sink. */
    void addEveryone(FrameSink sink) {
        add(EVERYONE, sink);
    }

    /** Says what one node is to hear by way of this sink. */
    void addNode(int node, FrameSink sink) {
        add(node, sink);
    }

    /** Says nothing to this node any more; what still waits for it is lost. */
    void removeNode(int node) {
        sinks.remove(node);
        speakers.remove(node);
    }

    private void add(int target, FrameSink sink) {
        FrameSink held = heldFrames.sinkFor(target, this::ballotPosition);
        sinks.put(target, sink);
        speakers.put(
                target,
                new Speaker(
                        encoder(sink),
                        encoder(held),
                        (from, ballot, upTo) ->
                                heldVotes.hold(target, votePosition(), from, ballot, upTo)));
    }

    private PeerEncoder encoder(FrameSink sink) {
        return new PeerEncoder(sink, clusterId, framesDropped);
    }

    private long ballotPosition() {
        return syncRule.ballot(journal.appendedPosition(), journal.ballotPosition());
    }

    private long votePosition() {
        return syncRule.vote(journal.appendedPosition(), journal.ballotPosition());
    }

    @Override
    public PeerMessages to(int node) {
        return speaker(node);
    }

    @Override
    public PeerMessages toAll() {
        return speaker(EVERYONE);
    }

    private Speaker speaker(int target) {
        assert owner == null || owner == Thread.currentThread() : "spoken to by another thread";
        Speaker speaker = speakers.get(target);
        return speaker == null ? nobody : speaker;
    }

    /** Hands to the links what the disk holds by now and returns how many frames that was. */
    int release(long syncedPosition) {
        return heldFrames.release(syncedPosition, pass) + heldVotes.release(syncedPosition, vote);
    }

    private void pass(int target, DirectBuffer buffer, int offset, int length) {
        FrameSink sink = sinks.get(target);
        int at = sink == null ? FrameSink.REFUSED : sink.claim(length);
        if (at == FrameSink.REFUSED) {
            framesDropped.getAndAddRelease(1);
            return;
        }
        sink.buffer().putBytes(at, buffer, offset, length);
        sink.commit();
    }

    private void vote(int node, long from, long ballot, long upTo) {
        speaker(node).voteNow(from, ballot, upTo);
    }
}
