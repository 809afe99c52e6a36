package io.paxoslog.testkit.sim;

import io.paxoslog.core.Snapshots;
import io.paxoslog.transport.SnapshotFiles;
import io.paxoslog.transport.SnapshotPiece;
import io.paxoslog.transport.SnapshotReceiver;
import io.paxoslog.transport.SnapshotTaker;
import java.io.IOException;
import java.util.BitSet;
import java.util.SortedMap;
import org.agrona.DirectBuffer;

/**
 * Moves snapshots between one node and others, with the receiving side of production: over messages
 * that get lost, come late, twice or from a source that is gone.
 */
final class SimulatedTransfer implements Snapshots, SnapshotFiles.Answers {
    private static final int SILENT_TIMES = 6;
    private static final int FORGOTTEN_TIMES = 20;

    private final World world;
    private final Timeline timeline;
    private final SimulatedNode node;
    private final SimulatedShelf shelf;
    private final int askAgainMs;
    private final int manifestPieceBytes;
    private SnapshotReceiver receiver;
    private long askedAtMs;

    SimulatedTransfer(World world, Timeline timeline, SimRandom random, SimulatedNode node) {
        this.world = world;
        this.timeline = timeline;
        this.node = node;
        SnapshotSwarm swarm = world.swarm().snapshots;
        shelf =
                new SimulatedShelf(
                        world,
                        node,
                        new BackgroundSteps(world, timeline, random, node, swarm.transferLagMs));
        askAgainMs = world.swarm().electionTimeoutMs;
        manifestPieceBytes = swarm.manifestPieceBytes;
    }

    /** The process is new. */
    Snapshots restarted() {
        shelf.restarted();
        receiver =
                new SnapshotReceiver(
                        node.member(),
                        node.peers(),
                        shelf,
                        Taker::new,
                        askAgainMs,
                        SILENT_TIMES * askAgainMs);
        return this;
    }

    /** Slot above which the log is kept for somebody who fetches a snapshot. */
    long lentSlot() {
        return shelf.lentSlot();
    }

    /** Time has passed. */
    void onTick(long nowTick) {
        if (timeline.nowMs() - askedAtMs > (long) FORGOTTEN_TIMES * askAgainMs) {
            takeBack();
        }
        node.perform(() -> receiver.onTick(nowTick));
    }

    private void takeBack() {
        try {
            shelf.takeBack();
        } catch (IOException e) {
            throw new SafetyViolation("a snapshot cannot be closed: " + e.getMessage());
        }
    }

    /** Hears what the shelf's thread has done. */
    void poll() {
        node.perform(() -> shelf.poll(this));
    }

    @Override
    public void wanted(int fromNode, long commitIndex) {
        receiver.wanted(fromNode);
    }

    @Override
    public void send(int toNode, long slot, long manifest, int chunk) {
        askedAtMs = timeline.nowMs();
        // What is too much is asked for again.
        shelf.read(toNode, slot, manifest, chunk);
    }

    @Override
    public void received(
            int fromNode,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        receiver.received(fromNode, slot, manifest, chunk, buffer, offset, length);
    }

    @Override
    public void part(
            int forNode,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        int most = chunk < 0 ? manifestPieceBytes : Integer.MAX_VALUE;
        SnapshotPiece piece = SnapshotPiece.of(chunk, length, most);
        world.told(node, Deed.SNAPSHOT_PART_SENT, slot);
        node.peers()
                .to(forNode)
                .snapshotPart(
                        node.member(),
                        slot,
                        manifest,
                        chunk,
                        buffer,
                        offset + piece.offset(),
                        piece.length());
    }

    @Override
    public void begun(long manifest, BitSet missing) {
        receiver.begun(manifest, missing);
    }

    @Override
    public void written(long manifest, int chunk, boolean isRight) {
        receiver.written(manifest, chunk, isRight);
    }

    @Override
    public void completed(
            long slot,
            long timeNs,
            SortedMap<Long, byte[]> memberships,
            SortedMap<Long, byte[]> decisions) {
        receiver.completed(slot, timeNs, memberships, decisions);
    }

    @Override
    public void failed(long manifest) {
        receiver.failed(manifest);
    }

    /** The node's replica. */
    private final class Taker implements SnapshotTaker {
        @Override
        public boolean installed(
                long slot,
                long timeNs,
                SortedMap<Long, byte[]> memberships,
                SortedMap<Long, byte[]> decisions) {
            long before = node.replica().membershipSlot();
            boolean isTaken = node.replica().installed(slot, timeNs, memberships, decisions);
            if (isTaken && before != 0 && node.replica().membershipSlot() > before) {
                world.told(node, Deed.CHANGE_TAKEN_FROM_A_SNAPSHOT, slot);
            }
            if (isTaken) {
                world.told(node, Deed.SNAPSHOT_INSTALLED, slot);
            }
            return isTaken;
        }

        @Override
        public long commitIndex() {
            return node.replica().snapshotsUsefulAbove();
        }

        @Override
        public boolean hearsLeader() {
            return node.replica().leader() != 0;
        }
    }
}
