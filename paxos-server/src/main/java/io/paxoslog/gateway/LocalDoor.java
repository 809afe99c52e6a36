package io.paxoslog.gateway;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;

/**
 * Where clients in the process of a node come in. Any thread may {@link #open} a way; all else
 * belongs to the replica thread.
 */
public final class LocalDoor {
    private final int largestWords;
    private final int largestAnswer;
    private final int batchBytes;
    private final ManyToOneConcurrentLinkedQueue<LocalWay> arrivals =
            new ManyToOneConcurrentLinkedQueue<>();
    private final List<LocalWay> ways = new ArrayList<>();
    private LocalWay heard;
    private int next;
    private volatile boolean isClosed;
    private volatile Runnable onWord = () -> {};

    /**
     * @param largestWords bytes of the largest message to the node
     * @param largestAnswer bytes of the largest message to a client
     * @param batchBytes most bytes of entries of one batch
     */
    LocalDoor(int largestWords, int largestAnswer, int batchBytes) {
        this.batchBytes = batchBytes;
        this.largestWords = largestWords;
        this.largestAnswer = largestAnswer;
    }

    /** Chooses what is done when a client has said something, on its thread. */
    public void onWord(Runnable newOnWord) {
        onWord = newOnWord;
    }

    /**
     * Opens a way to the node; null when it has stopped. Any thread, which then uses it alone.
     *
     * @param onAnswer done when the node has said something, on the node's thread
     */
    public LocalWay open(Runnable onAnswer) {
        if (isClosed) {
            return null;
        }
        LocalWay way = new LocalWay(largestWords, largestAnswer, batchBytes, onWord, onAnswer);
        arrivals.add(way);
        if (isClosed) {
            // Else it may have come too late to be found there.
            way.end();
            return null;
        }
        return way;
    }

    /** Hears those who came in; returns how many messages that was. */
    int poll(ClientDesk desk, int limit) {
        letIn();
        int count = ways.size();
        if (count == 0) {
            return 0;
        }
        int work = 0;
        int begin = next++ % count;
        next &= Integer.MAX_VALUE;
        for (int i = 0; i < count && work < limit; i++) {
            LocalWay way = ways.get((begin + i) % count);
            // What it said by a way that it has left must not come behind what it says by another.
            if (!way.hasClientLeft()) {
                heard = way;
                work += way.hear(desk, limit - work);
            }
        }
        heard = null;
        return work + dropGone(desk);
    }

    private int dropGone(ClientDesk desk) {
        int gone = 0;
        for (int i = ways.size() - 1; i >= 0; i--) {
            LocalWay way = ways.get(i);
            if (way.link().isBroken()) {
                way.end();
                desk.imageLost(way.stream());
                ways.remove(i);
                gone++;
            }
        }
        return gone;
    }

    /** The way whose client is being heard; null when none is. */
    LocalWay heard() {
        return heard;
    }

    /** Nobody is heard any more, and nobody comes in. */
    void close() {
        isClosed = true;
        letIn();
        ways.forEach(LocalWay::end);
        ways.clear();
    }

    private void letIn() {
        for (LocalWay way = arrivals.poll(); way != null; way = arrivals.poll()) {
            ways.add(way);
        }
    }
}
