package io.paxoslog.transport;

import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * Receives one snapshot at a time: its manifest first, then the chunks that are missing, a few at a
 * time. A source that is silent for long is left; what came of its snapshot stays on the disk, to
 * go on with when somebody offers the same.
 */
public final class SnapshotReceiver {
    private static final int MOST_MANIFEST_BYTES = 64 << 20;

    private static final int ASK_AGAIN_TICKS = 1_000;
    private static final int SILENT_TICKS = 10_000;

    /** What this node could not write is asked for less and less often. */
    private static final int MOST_DOUBLINGS = 3;

    /** What is waited for. */
    private enum Waiting {
        NOTHING,
        MANIFEST,
        BEGIN,
        CHUNKS,
        COMPLETION
    }

    private final long self;
    private final Peers peers;
    private final SnapshotFiles files;
    private final Supplier<SnapshotTaker> taker;
    private final int askAgainTicks;
    private final int silentTicks;
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private final ChunkWindow window = new ChunkWindow();
    private Waiting waiting = Waiting.NOTHING;
    private int source;
    private final BitSet silent = new BitSet();
    private final BitSet passedOver = new BitSet();
    private long slot;
    private long manifest;
    private int pieces;
    private long nowTick;
    private long movedTick;
    private long askedTick;
    private Whole notTaken;
    private int failures;
    private long notBeforeTick = Long.MIN_VALUE;

    /** With the times that suit a network. */
    SnapshotReceiver(long self, Peers peers, SnapshotFiles files, Supplier<SnapshotTaker> taker) {
        this(self, peers, files, taker, ASK_AGAIN_TICKS, SILENT_TICKS);
    }

    /**
     * @param taker who takes a snapshot that has come whole
     * @param askAgainTicks what has not come by then is asked for again
     * @param silentTicks a source that has said nothing for so long is left
     */
    public SnapshotReceiver(
            long self,
            Peers peers,
            SnapshotFiles files,
            Supplier<SnapshotTaker> taker,
            int askAgainTicks,
            int silentTicks) {
        this.self = self;
        this.peers = peers;
        this.files = files;
        this.taker = taker;
        this.askAgainTicks = askAgainTicks;
        this.silentTicks = silentTicks;
    }

    /** A snapshot is needed, and this node has one. */
    public void wanted(int node) {
        if (waiting != Waiting.NOTHING || isTakenNow() || isRefused(node)) {
            return;
        }
        source = node;
        slot = 0;
        manifest = 0;
        pieces = 0;
        encoded.reset();
        waitFor(Waiting.MANIFEST);
        ask(PeerMessages.MANIFEST);
    }

    private boolean isRefused(int node) {
        return nowTick < notBeforeTick || isPassedOver(node);
    }

    /**
     * Who was silent comes no more before others that are named. Those who name them in turn, dead
     * ones among them, could else name two that are silent whenever one of them is left. Once
     * nobody else is named in a whole turn, all count again.
     */
    private boolean isPassedOver(int node) {
        if (silent.get(node) && !passedOver.get(node)) {
            passedOver.set(node);
            return true;
        }
        if (silent.get(node)) {
            silent.clear();
        }
        passedOver.clear();
        return false;
    }

    /** One that came while this node led is here, and will do. */
    private boolean isTakenNow() {
        Whole whole = notTaken;
        notTaken = null;
        return whole != null && whole.isTakenBy(taker.get());
    }

    private void waitFor(Waiting what) {
        waiting = what;
        moved();
    }

    private void moved() {
        movedTick = nowTick;
        askedTick = nowTick;
    }

    private void ask(int chunk) {
        peers.to(source).fetchSnapshot(self, slot, manifest, chunk);
    }

    /** Time has passed. */
    public void onTick(long tick) {
        nowTick = tick;
        if (waiting == Waiting.NOTHING) {
            return;
        }
        boolean isNeedless = slot != 0 && slot <= taker.get().commitIndex();
        boolean isForOthers = waiting == Waiting.MANIFEST || waiting == Waiting.CHUNKS;
        if (isForOthers && isNeedless) {
            leave();
        } else if (isForOthers && tick - movedTick >= silentTicks) {
            silent.set(source);
            leave();
        } else if (waiting == Waiting.CHUNKS && window.isDone()) {
            complete();
        } else if (isForOthers && tick - askedTick >= askAgainTicks) {
            askedTick = tick;
            askAgain();
        }
    }

    private void askAgain() {
        if (waiting == Waiting.MANIFEST) {
            ask(PeerMessages.MANIFEST - pieces);
        } else {
            window.again(this::ask);
        }
    }

    private void leave() {
        files.pause();
        waitFor(Waiting.NOTHING);
    }

    /** A part came, from whomever. */
    public void received(
            int node,
            long itsSlot,
            long itsManifest,
            int chunk,
            DirectBuffer buffer,
            int offset,
            int length) {
        boolean isSame = node == source && itsSlot == slot && itsManifest == manifest;
        if (waiting == Waiting.MANIFEST && chunk == PeerMessages.MANIFEST - pieces) {
            if (pieces == 0 && node == source) {
                hearFirst(itsSlot, itsManifest, length);
                isSame = waiting == Waiting.MANIFEST;
            }
            if (isSame) {
                hearPiece(buffer, offset, length);
            }
        } else if (waiting == Waiting.CHUNKS && isSame && window.isWaitedFor(chunk)) {
            hearChunk(chunk, buffer, offset, length);
        }
    }

    private void hearFirst(long itsSlot, long itsManifest, int length) {
        slot = itsSlot;
        manifest = itsManifest;
        if (length == 0 || itsSlot <= taker.get().commitIndex()) {
            waitFor(Waiting.NOTHING);
        }
    }

    private void hearPiece(DirectBuffer buffer, int offset, int length) {
        if (length > MOST_MANIFEST_BYTES - encoded.size()) {
            waitFor(Waiting.NOTHING);
        } else if (length == 0) {
            boolean isTaken = files.begin(slot, manifest, encoded.toByteArray());
            waitFor(isTaken ? Waiting.BEGIN : Waiting.NOTHING);
        } else {
            byte[] piece = new byte[length];
            buffer.getBytes(offset, piece);
            encoded.write(piece, 0, length);
            pieces++;
            moved();
            ask(PeerMessages.MANIFEST - pieces);
        }
    }

    /** What the files still lack; null when they do not take it. */
    public void begun(long itsManifest, BitSet lacking) {
        if (waiting != Waiting.BEGIN || itsManifest != manifest) {
            return;
        }
        if (lacking == null) {
            failedHere();
        } else {
            window.begin(lacking);
            waitFor(Waiting.CHUNKS);
            window.fill(this::ask);
        }
    }

    private void hearChunk(int chunk, DirectBuffer buffer, int offset, int length) {
        if (length == 0) {
            // It has not got that one any more.
            leave();
        } else if (files.write(manifest, chunk, buffer, offset, length)) {
            window.writing(chunk);
            moved();
        }
    }

    /** A chunk is on the disk, or was not what the manifest says. */
    public void written(long itsManifest, int chunk, boolean isRight) {
        if (waiting != Waiting.CHUNKS || itsManifest != manifest) {
            return;
        }
        window.written(chunk, isRight);
        if (window.isDone()) {
            complete();
        } else {
            window.fill(this::ask);
        }
    }

    private void complete() {
        if (files.complete(manifest)) {
            waitFor(Waiting.COMPLETION);
        }
    }

    /** The snapshot is one of this node's. */
    public void completed(
            long itsSlot,
            long timeNs,
            SortedMap<Long, byte[]> memberships,
            SortedMap<Long, byte[]> decisions) {
        failures = 0;
        silent.clear();
        waitFor(Waiting.NOTHING);
        Whole whole = new Whole(itsSlot, timeNs, memberships, decisions);
        notTaken = whole.isTakenBy(taker.get()) ? null : whole;
    }

    /** Receiving it came to nothing. */
    public void failed(long itsManifest) {
        if (waiting != Waiting.NOTHING && itsManifest == manifest) {
            failedHere();
        }
    }

    private void failedHere() {
        notBeforeTick = nowTick + ((long) askAgainTicks << failures);
        failures = Math.min(failures + 1, MOST_DOUBLINGS);
        waitFor(Waiting.NOTHING);
    }

    /** What has come whole. */
    private record Whole(
            long slot,
            long timeNs,
            SortedMap<Long, byte[]> memberships,
            SortedMap<Long, byte[]> decisions) {
        boolean isTakenBy(SnapshotTaker whoever) {
            return whoever.installed(slot, timeNs, memberships, decisions);
        }
    }
}
