package io.paxoslog.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * One link to each member, this node included; they come and go. What is said to all is encoded
 * once, into a ring in which every link has its own place; what is said to one waits in a queue of
 * its link.
 */
final class PeerLinks implements AutoCloseable {
    private static final int FIRST_QUEUE_BYTES = 64 * 1024;

    private final FrameRing ring;
    private final Lane ownLane;
    private final FrameSink everyone;
    private final int maxQueueBytes;
    private final AtomicCounter framesDropped;
    private final Consumer<String> mustStop;
    private final IntArrayList peerNodes = new IntArrayList();
    private final List<PeerLink> others = new ArrayList<>();
    private final List<PeerLink> self = new ArrayList<>(1);

    /**
     * @param ringBytes bytes of the shared ring: a link that falls further behind skips ahead
     * @param maxBytes bytes up to which the ring and each queue may grow, for what this node says
     *     to itself may not be skipped
     * @param framesDropped counts what a listener never hears
     * @param mustStop told when a link can never speak again
     */
    PeerLinks(int ringBytes, int maxBytes, AtomicCounter framesDropped, Consumer<String> mustStop) {
        this.ring = new FrameRing(ringBytes, maxBytes);
        this.ownLane = new Lane(ring);
        this.everyone = new QueueSink(ring, ownLane);
        this.maxQueueBytes = maxBytes;
        this.framesDropped = framesDropped;
        this.mustStop = mustStop;
    }

    /** Adds a link to another node and returns where to write what it alone is to hear. */
    FrameSink addPeer(int node, String name, PeerLine line) {
        FrameRing queue = newQueue();
        Lane alone = new Lane(queue);
        peerNodes.addInt(node);
        others.add(link(name, line, alone, new Lane(ring)));
        return new QueueSink(queue, alone);
    }

    /** Closes the link to another node; what waits there is lost. */
    void removePeer(int node) {
        int index = peerNodes.indexOf(node);
        if (index >= 0) {
            peerNodes.removeAt(index);
            others.remove(index).close();
        }
    }

    /** Adds the link of this node to itself. */
    FrameSink addSelf(PeerLine line) {
        FrameRing queue = newQueue();
        Lane alone = new Lane(queue);
        self.add(link("this node", line, alone, ownLane));
        return new QueueSink(queue, alone);
    }

    private FrameRing newQueue() {
        return new FrameRing(Math.min(FIRST_QUEUE_BYTES, maxQueueBytes), maxQueueBytes);
    }

    private PeerLink link(String name, PeerLine line, Lane alone, Lane shared) {
        return new PeerLink(name, line, framesDropped, mustStop, alone, shared);
    }

    /** Where to write what every link is to say. */
    FrameSink everyone() {
        return everyone;
    }

    /** Says to other nodes what their lines take now and returns how many frames that was. */
    int flushOthers() {
        return flush(others);
    }

    /** Says to this node what is for itself and returns how many frames that was. */
    int flushSelf() {
        return flush(self);
    }

    private static int flush(List<PeerLink> links) {
        int said = 0;
        for (int i = 0; i < links.size(); i++) {
            said += links.get(i).flush();
        }
        return said;
    }

    @Override
    public void close() {
        others.forEach(PeerLink::close);
        self.forEach(PeerLink::close);
    }
}
