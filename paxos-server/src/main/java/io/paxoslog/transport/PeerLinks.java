package io.paxoslog.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * One link to each member, this node included. What is said to all is encoded once, into a ring in
 * which every link has its own place; what is said to one waits in a queue of its link.
 */
final class PeerLinks implements AutoCloseable {
    private static final int FIRST_QUEUE_BYTES = 64 * 1024;

    private final FrameRing ring;
    private final Lane ownLane;
    private final FrameSink everyone;
    private final int maxQueueBytes;
    private final AtomicCounter framesDropped;
    private final Consumer<String> mustStop;
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
    FrameSink addPeer(String name, PeerLine line) {
        return add(others, name, line, new Lane(ring));
    }

    /** Adds the link of this node to itself. */
    FrameSink addSelf(PeerLine line) {
        return add(self, "this node", line, ownLane);
    }

    private FrameSink add(List<PeerLink> links, String name, PeerLine line, Lane shared) {
        FrameRing queue = new FrameRing(Math.min(FIRST_QUEUE_BYTES, maxQueueBytes), maxQueueBytes);
        Lane alone = new Lane(queue);
        links.add(new PeerLink(name, line, framesDropped, mustStop, alone, shared));
        return new QueueSink(queue, alone);
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
