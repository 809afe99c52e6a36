package io.paxoslog.transport;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import io.paxoslog.core.StoredValues;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Streams slots from the journal to nodes that lack them, a little each turn, on a stream of its
 * own. Keeps one request a node: a newer one replaces the older.
 *
 * <p>A slot that the journal cannot read back is unknown here, neither held nor empty, and nothing
 * is said of it: whoever fetches it asks another node next, and a promise that announces it never
 * counts.
 */
final class CatchupSender implements StoredValues, AutoCloseable {
    private static final int BURST_BYTES = 512 * 1024;
    private static final int TURN_BYTES = 64 * 1024;

    private final long self;
    private final Peers peers;
    private final SlotReader reader;
    private final List<Burst> bursts = new ArrayList<>();
    private final Batch view = new Batch();
    private final Consumer<Batch> look = this::look;
    private int turn;

    CatchupSender(long self, Peers peers, SlotReader reader) {
        this.self = self;
        this.peers = peers;
        this.reader = reader;
    }

    /**
     * Serves a node from now on.
     *
     * @param link the catch-up stream to the node, with one queue
     * @param speech writes into that queue
     */
    void addNode(int node, PeerLink link, PeerMessages speech) {
        bursts.add(new Burst(node, link, speech));
    }

    /** Serves a node no more. */
    void removeNode(int node) {
        for (int i = bursts.size() - 1; i >= 0; i--) {
            if (bursts.get(i).node == node) {
                bursts.remove(i).link.close();
            }
        }
    }

    @Override
    public void sendChosen(int toNode, long firstSlot, long lastSlot) {
        for (int i = 0; i < bursts.size(); i++) {
            if (bursts.get(i).node == toNode) {
                bursts.get(i).begin(firstSlot, lastSlot);
            }
        }
    }

    @Override
    public void sendPromised(
            int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {
        PeerMessages listener = peers.to(toNode);
        Consumer<Batch> report =
                batch -> {
                    // Anything else would make the promise say what this node never accepted.
                    if (batch.ballot() == acceptedBallot) {
                        listener.promisedSlots(self, ballot, batch);
                    }
                };
        long next = firstSlot;
        long before;
        do {
            before = next;
            next = reader.read(before, lastSlot, BURST_BYTES, report);
        } while (next > before && next <= lastSlot);
    }

    /** Reads and says a little for one node and returns how many frames left. */
    int poll() {
        int work = 0;
        for (int i = 0; i < bursts.size(); i++) {
            work += bursts.get(i).link.flush();
        }
        for (int i = 0; i < bursts.size(); i++) {
            turn = turn + 1 < bursts.size() ? turn + 1 : 0;
            Burst burst = bursts.get(turn);
            if (burst.isReady()) {
                burst.sendSome();
                return work + burst.link.flush();
            }
        }
        return work;
    }

    /**
     * The lowest slot that somebody lacked since this was asked last; {@link Long#MAX_VALUE} for
     * none.
     */
    long lowestCursor() {
        long lowest = Long.MAX_VALUE;
        for (Burst burst : bursts) {
            lowest = Math.min(lowest, burst.cursor);
            burst.cursor = burst.isAsked ? burst.next : Long.MAX_VALUE;
        }
        return lowest;
    }

    private void look(Batch batch) {
        view.wrap(batch);
    }

    @Override
    public void close() {
        bursts.forEach(burst -> burst.link.close());
    }

    /** What one node asked for. */
    private final class Burst {
        private static final long NOT_PLANNED = -1;

        private final int node;
        private final PeerLink link;
        private final PeerMessages speech;
        private final Consumer<Batch> say = this::say;
        private boolean isAsked;
        private long cursor = Long.MAX_VALUE;
        private long next;
        private long last;
        private long end;

        Burst(int node, PeerLink link, PeerMessages speech) {
            this.node = node;
            this.link = link;
            this.speech = speech;
        }

        void begin(long firstSlot, long lastSlot) {
            isAsked = true;
            cursor = Math.min(cursor, firstSlot);
            next = firstSlot;
            last = lastSlot;
            end = NOT_PLANNED;
        }

        boolean isReady() {
            return isAsked && link.isIdle();
        }

        void sendSome() {
            if (end == NOT_PLANNED) {
                // The first message already names the last slot, so look how far the bytes reach.
                end = reader.read(next, last, BURST_BYTES, look) - 1;
            }
            long before = next;
            if (next <= end) {
                next = reader.read(next, end, TURN_BYTES, say);
            }
            isAsked = next > before && next <= end;
        }

        private void say(Batch batch) {
            view.wrap(batch).slots(Ballot.NONE, batch.firstSlot(), batch.count());
            speech.chosen(self, view, end);
        }
    }
}
