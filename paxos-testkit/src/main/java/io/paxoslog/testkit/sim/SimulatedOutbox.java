package io.paxoslog.testkit.sim;

import io.paxoslog.core.MemberId;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.StoredValues;
import io.paxoslog.core.SyncRule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Both ways out of a node, messages and values that only the disk holds. Nothing leaves before the
 * disk holds what the {@link SyncRule} asks for.
 */
final class SimulatedOutbox implements Peers, StoredValues {
    static final int SEND_BUDGET = 16;

    private record Held(Envelope envelope, long position) {}

    private final SimulatedNode node;
    private final SyncRule syncRule;
    private final SortedSet<Integer> audience = new TreeSet<>();
    private final Deque<Held> held = new ArrayDeque<>();

    SimulatedOutbox(SimulatedNode node, SyncRule syncRule) {
        this.node = node;
        this.syncRule = syncRule;
    }

    /** The process is new, and was started with these settings. */
    void restarted(ReplicaConfig settings) {
        held.clear();
        audience.clear();
        settings.members().forEach(voter -> audience.add(voter.node()));
    }

    @Override
    public void joined(long member, String address) {
        audience.add(MemberId.node(member));
    }

    @Override
    public void left(long member) {
        audience.remove(MemberId.node(member));
    }

    @Override
    public PeerMessages to(int toNode) {
        return new MessageRecorder(message -> say(toNode, message));
    }

    @Override
    public PeerMessages toAll() {
        return new MessageRecorder(this::sayToAll);
    }

    private void sayToAll(Message message) {
        // Some may go while they are spoken to.
        for (int to : List.copyOf(audience)) {
            say(to, message);
        }
    }

    private void say(int toNode, Message message) {
        if (node.burns()) {
            return;
        }
        long clusterId = node.replica().spokenCluster();
        Envelope envelope = new Envelope(node.node(), toNode, clusterId, node.run(), message);
        node.says(envelope);
        long position = positionFor(message);
        if (position <= node.disk().syncedPosition()) {
            node.leave(envelope);
            return;
        }
        held.add(new Held(envelope, position));
    }

    private long positionFor(Message message) {
        long appended = node.disk().appendedPosition();
        long ballot = node.disk().ballotPosition();
        if (message instanceof Message.Accepted) {
            return syncRule.vote(appended, ballot);
        }
        boolean restsOnBallot =
                message instanceof Message.Prepare
                        || message instanceof Message.Promise
                        || message instanceof Message.PromisedSlots
                        || message instanceof Message.Surveyed;
        return restsOnBallot ? syncRule.ballot(appended, ballot) : 0;
    }

    /** Lets go what the disk holds by now. */
    void release() {
        while (!held.isEmpty() && held.peek().position <= node.disk().syncedPosition()) {
            node.leave(held.poll().envelope);
        }
    }

    /** Forgets what waits. */
    void clear() {
        held.clear();
    }

    @Override
    public void sendChosen(int toNode, long firstSlot, long lastSlot) {
        long burstEnd = Math.min(lastSlot, firstSlot + SEND_BUDGET - 1);
        List<BatchCopy> parts = readable(firstSlot, burstEnd);
        for (BatchCopy part : parts) {
            long end = parts.get(parts.size() - 1).lastSlot();
            say(toNode, new Message.Chosen(node.member(), part.under(0), end));
        }
    }

    /** Up to the first slot that is unknown here. */
    private List<BatchCopy> readable(long firstSlot, long lastSlot) {
        List<BatchCopy> parts = new ArrayList<>();
        long slot = firstSlot;
        while (slot <= lastSlot) {
            BatchCopy part = node.disk().valuesFrom(slot, lastSlot);
            if (part == null) {
                return parts;
            }
            parts.add(part);
            slot = part.lastSlot() + 1;
        }
        return parts;
    }

    @Override
    public void sendPromised(
            int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {
        for (BatchCopy part : readable(firstSlot, lastSlot)) {
            // Anything else would make the promise say what this node never accepted.
            if (part.ballot() == acceptedBallot) {
                say(toNode, new Message.PromisedSlots(node.member(), ballot, part));
            }
        }
    }
}
