package io.paxoslog.transport;

import io.paxoslog.core.PeerMessages;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;

/**
 * Sends parts of snapshots to nodes that ask for them, on a stream of its own, and no faster than
 * told while there is a leader whose traffic that would hold up.
 */
final class SnapshotSender implements AutoCloseable {
    private static final int MOST_ASKED = 16;
    private static final int MOST_READ_AT_ONCE = 4;
    private static final long MS_PER_SECOND = 1_000;

    private final long self;
    private final SnapshotFiles files;
    private final long bytesPerSecond;
    private final int maxPartBytes;
    private final BooleanSupplier isUrgent;
    private final List<Asker> askers = new ArrayList<>();
    private int turn;
    private int reading;
    private long budget;
    private long budgetTick;

    /**
     * @param bytesPerSecond most bytes of snapshots in a second
     * @param maxPartBytes most bytes that one message takes
     * @param isUrgent whether nobody leads, so that nothing is held up and much may wait for it
     */
    SnapshotSender(
            long self,
            SnapshotFiles files,
            long bytesPerSecond,
            int maxPartBytes,
            BooleanSupplier isUrgent) {
        this.self = self;
        this.files = files;
        this.bytesPerSecond = bytesPerSecond;
        this.maxPartBytes = maxPartBytes;
        this.isUrgent = isUrgent;
    }

    /**
     * Serves a node from now on.
     *
     * @param link the stream of snapshots to the node, with one queue
     * @param speech writes into that queue
     */
    void addNode(int node, PeerLink link, PeerMessages speech) {
        askers.add(new Asker(node, link, speech));
    }

    /** Serves a node no more. */
    void removeNode(int node) {
        Asker gone = find(node);
        if (gone != null) {
            askers.remove(gone);
            gone.link.close();
        }
    }

    /** A node asks for a part; what is too much is asked for again. */
    void asked(int node, long slot, long manifest, int chunk) {
        Asker asker = find(node);
        Part part = new Part(slot, manifest, chunk);
        if (asker != null && asker.wanted.size() < MOST_ASKED && !asker.wanted.contains(part)) {
            asker.wanted.add(part);
        }
    }

    private Asker find(int node) {
        for (int i = 0; i < askers.size(); i++) {
            if (askers.get(i).node == node) {
                return askers.get(i);
            }
        }
        return null;
    }

    /** Reads for one node, and says to all what was read; returns how much that was. */
    int poll(long tick) {
        earn(tick);
        int work = 0;
        for (int i = 0; i < askers.size(); i++) {
            work += askers.get(i).link.flush();
        }
        for (int i = 0; i < askers.size() && mayRead(); i++) {
            turn = turn + 1 < askers.size() ? turn + 1 : 0;
            work += askers.get(turn).readNext();
        }
        return work;
    }

    private void earn(long tick) {
        long passed = Math.max(0, Math.min(tick - budgetTick, MS_PER_SECOND));
        budgetTick = tick;
        // What was not used in a while is not sent at once later.
        long most = Math.max(maxPartBytes, bytesPerSecond / 10);
        budget = Math.min(most, budget + passed * bytesPerSecond / MS_PER_SECOND);
    }

    private boolean mayRead() {
        return reading < MOST_READ_AT_ONCE && (budget > 0 || isUrgent.getAsBoolean());
    }

    /** A part was read. */
    void part(
            int node,
            long slot,
            long manifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        reading--;
        Asker asker = find(node);
        if (asker == null) {
            // It has gone meanwhile.
            return;
        }
        SnapshotPiece piece = SnapshotPiece.of(chunk, length, maxPartBytes);
        budget -= piece.length();
        asker.speech.snapshotPart(
                self, slot, manifest, chunk, buffer, offset + piece.offset(), piece.length());
    }

    @Override
    public void close() {
        askers.forEach(asker -> asker.link.close());
    }

    private record Part(long slot, long manifest, int chunk) {}

    /** What one node asks for. */
    private final class Asker {
        private final int node;
        private final PeerLink link;
        private final PeerMessages speech;
        private final ArrayDeque<Part> wanted = new ArrayDeque<>(MOST_ASKED);

        Asker(int node, PeerLink link, PeerMessages speech) {
            this.node = node;
            this.link = link;
            this.speech = speech;
        }

        int readNext() {
            if (wanted.isEmpty() || !link.isIdle()) {
                return 0;
            }
            Part next = wanted.remove();
            // Not taken: asked for again.
            if (!files.read(node, next.slot, next.manifest, next.chunk)) {
                return 0;
            }
            reading++;
            return 1;
        }
    }
}
