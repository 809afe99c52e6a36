package io.paxoslog.apply;

import io.paxoslog.service.AppliedHead;
import io.paxoslog.service.StateView;
import java.io.IOException;
import java.io.OutputStream;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * A snapshot on its way to the disk: pieces of the sessions come from the thread that applies, the
 * application's state from its view. All public methods belong to the one thread that writes.
 */
public final class SnapshotJob implements AutoCloseable {
    private static final int MOST_PIECES = 16;
    private static final byte[] LAST = {};

    private final OneToOneConcurrentArrayQueue<byte[]> pieces =
            new OneToOneConcurrentArrayQueue<>(MOST_PIECES);
    private final AppliedHead head;
    private final StateView view;
    private final boolean isFrozen;
    private final KnownEffects effects;
    private boolean isComplete;
    private volatile boolean isOver;
    private volatile boolean isVoid;

    /**
     * @param view of the application at the slot of the head
     * @param isFrozen whether the view stays as it is
     * @param effects which slots up to there took no effect; nobody changes it any more
     */
    SnapshotJob(AppliedHead head, StateView view, boolean isFrozen, KnownEffects effects) {
        this.head = head;
        this.view = view;
        this.isFrozen = isFrozen;
        this.effects = effects;
    }

    /** What it is a snapshot of. */
    public AppliedHead head() {
        return head;
    }

    /** Which slots took no effect, as {@link SnapshotSource#effects} gives it back. */
    public byte[] effects() {
        return EffectFrames.encode(effects);
    }

    /**
     * Writes what there is to be written at the moment, and the view last.
     *
     * @return whether all is written; otherwise more comes after a while
     * @throws IOException when it cannot be written, or is not to be kept; the job is to be closed
     */
    public boolean writeSome(OutputStream out) throws IOException {
        while (!isComplete) {
            requireValid();
            byte[] piece = pieces.poll();
            if (piece == null) {
                return false;
            }
            if (piece.length == 0) {
                writeView(out);
                requireValid();
                isComplete = true;
            } else {
                out.write(piece);
            }
        }
        return true;
    }

    private void requireValid() throws IOException {
        if (isVoid) {
            throw new IOException(
                    "the snapshot of slot %d is given up: its state is not what others hold"
                            .formatted(head.slot()));
        }
    }

    /** What the application throws is its own affair, and costs no more than this snapshot. */
    private void writeView(OutputStream out) throws IOException {
        try {
            view.writeTo(out);
        } catch (RuntimeException | Error e) {
            throw new IOException("the state machine could not write its state: " + e, e);
        }
    }

    /** It is written, or never will be. */
    @Override
    public void close() {
        try {
            view.close();
        } catch (RuntimeException | Error e) {
            // What was written is as it is, and nobody uses the view again.
        } finally {
            isOver = true;
        }
    }

    /** Whether whoever writes is done with it. The thread that applies. */
    boolean isOver() {
        return isOver;
    }

    /** Whether nothing may be applied before it is over. Any thread. */
    public boolean standsStill() {
        return !isFrozen;
    }

    boolean hasRoom() {
        return pieces.size() < MOST_PIECES;
    }

    void add(byte[] piece) {
        pieces.add(piece);
    }

    /** All pieces were added. The thread that applies. */
    void end() {
        pieces.add(LAST);
    }

    /** It must not be kept. The thread that applies. */
    void giveUp() {
        isVoid = true;
    }
}
