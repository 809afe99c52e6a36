package io.paxoslog.transport;

import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Snapshots;
import java.util.BitSet;
import java.util.SortedMap;
import org.agrona.DirectBuffer;

/** Moves snapshots both ways between this node's files and other nodes. */
final class SnapshotTransfer implements Snapshots, SnapshotFiles.Answers, AutoCloseable {
    private final SnapshotFiles files;
    private final SnapshotSender sender;
    private final SnapshotReceiver receiver;

    SnapshotTransfer(SnapshotFiles files, SnapshotSender sender, SnapshotReceiver receiver) {
        this.files = files;
        this.sender = sender;
        this.receiver = receiver;
    }

    void addNode(int node, PeerLink link, PeerMessages speech) {
        sender.addNode(node, link, speech);
    }

    /** Sends a node nothing any more; what comes from it is left when it is silent for long. */
    void removeNode(int node) {
        sender.removeNode(node);
    }

    /** Goes on a little both ways and returns how much that was. */
    int poll(long tick) {
        receiver.onTick(tick);
        return files.poll(this) + sender.poll(tick);
    }

    @Override
    public void wanted(int fromNode, long commitIndex) {
        receiver.wanted(fromNode);
    }

    @Override
    public void send(int toNode, long slot, long manifest, int chunk) {
        sender.asked(toNode, slot, manifest, chunk);
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
        sender.part(forNode, slot, manifest, chunk, buffer, offset, length);
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

    @Override
    public void close() {
        sender.close();
    }
}
