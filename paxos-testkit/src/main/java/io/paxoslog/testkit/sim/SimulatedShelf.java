package io.paxoslog.testkit.sim;

import io.paxoslog.log.Intake;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import io.paxoslog.transport.SnapshotFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads and writes parts of one node's snapshots, step by step, as its thread for that would. */
final class SimulatedShelf implements SnapshotFiles {
    private static final int MOST_WAITING = 32;
    private static final UnsafeBuffer NO_BYTES = new UnsafeBuffer(new byte[0]);

    private final World world;
    private final SimulatedNode node;
    private final BackgroundSteps steps;
    private final Deque<Consumer<Answers>> answers = new ArrayDeque<>();
    private int waiting;
    private Intake intake;
    private SnapshotManifest lent;
    private InputStream hold;

    SimulatedShelf(World world, SimulatedNode node, BackgroundSteps steps) {
        this.world = world;
        this.node = node;
        this.steps = steps;
    }

    /** The process is new. */
    void restarted() {
        steps.restarted();
        answers.clear();
        waiting = 0;
        intake = null;
        lent = null;
        hold = null;
    }

    private SnapshotStore store() {
        return node.disk().snapshots().store();
    }

    /** Slot of the snapshot that somebody fetches; it stays, and so does the log above it. */
    long lentSlot() {
        return lent == null ? Long.MAX_VALUE : lent.slot();
    }

    /** Nobody has fetched anything for long. */
    void takeBack() throws IOException {
        if (lent != null) {
            hold.close();
            lent = null;
        }
    }

    private boolean then(DiskSnapshots.Work work) {
        if (waiting == MOST_WAITING) {
            return false;
        }
        waiting++;
        steps.then(
                () -> {
                    waiting--;
                    run(work);
                });
        return true;
    }

    private void run(DiskSnapshots.Work work) {
        try {
            steps.atRisk(work);
        } catch (IOException failure) {
            long manifest = intake == null ? 0 : intake.manifest().id();
            pauseNow();
            answers.add(told -> told.failed(manifest));
        }
    }

    @Override
    public boolean read(int forNode, long slot, long manifest, int chunk) {
        return then(() -> readNow(forNode, slot, manifest, chunk));
    }

    private void readNow(int forNode, long slot, long manifest, int chunk) {
        try {
            SnapshotManifest found = find(slot, manifest);
            if (found != null) {
                byte[] bytes = chunk < 0 ? found.encode() : chunk(found, chunk);
                UnsafeBuffer buffer = new UnsafeBuffer(bytes);
                answers.add(
                        told ->
                                told.part(
                                        forNode,
                                        found.slot(),
                                        found.id(),
                                        chunk,
                                        buffer,
                                        0,
                                        bytes.length));
                return;
            }
        } catch (IOException unreadable) {
            // As good as none.
        }
        answers.add(told -> told.part(forNode, slot, manifest, chunk, NO_BYTES, 0, 0));
    }

    private SnapshotManifest find(long slot, long manifest) throws IOException {
        for (SnapshotManifest one : store().kept()) {
            boolean isIt = manifest == 0 || manifest == one.id();
            if (isIt && (slot == 0 || slot == one.slot())) {
                lend(one);
                return one;
            }
        }
        return null;
    }

    private void lend(SnapshotManifest manifest) throws IOException {
        if (lent == null || lent.id() != manifest.id()) {
            takeBack();
            hold = store().read(manifest);
            lent = manifest;
        }
    }

    private byte[] chunk(SnapshotManifest manifest, int index) throws IOException {
        return index < manifest.chunkCount() ? store().chunk(manifest, index) : new byte[0];
    }

    @Override
    public boolean begin(long slot, long manifest, byte[] encoded) {
        return then(() -> beginNow(slot, manifest, encoded));
    }

    private void beginNow(long slot, long manifest, byte[] encoded) {
        pauseNow();
        try {
            SnapshotManifest wanted = SnapshotManifest.decode(encoded);
            if (wanted.id() != manifest || wanted.slot() != slot) {
                throw new SafetyViolation(
                        "the manifest of slot " + slot + " is put together wrong");
            }
            intake = store().receive(wanted);
            if (intake.heldBytes() > 0) {
                world.told(node, Deed.TRANSFER_GONE_ON_WITH, slot);
            }
            BitSet missing = missing(intake);
            answers.add(told -> told.begun(manifest, missing));
        } catch (IOException notReceived) {
            answers.add(told -> told.begun(manifest, null));
        }
    }

    private static BitSet missing(Intake intake) {
        BitSet missing = new BitSet();
        int count = intake.manifest().chunkCount();
        for (int i = intake.firstMissing(0); i < count; i = intake.firstMissing(i + 1)) {
            missing.set(i);
        }
        return missing;
    }

    @Override
    public boolean write(long manifest, int chunk, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return then(() -> writeNow(manifest, chunk, bytes));
    }

    private void writeNow(long manifest, int chunk, byte[] bytes) throws IOException {
        if (!isReceiving(manifest)) {
            answers.add(told -> told.failed(manifest));
            return;
        }
        boolean isRight = intake.put(chunk, new UnsafeBuffer(bytes), 0, bytes.length);
        answers.add(told -> told.written(manifest, chunk, isRight));
    }

    private boolean isReceiving(long manifest) {
        return intake != null && intake.manifest().id() == manifest;
    }

    @Override
    public boolean complete(long manifest) {
        return then(() -> completeNow(manifest));
    }

    private void completeNow(long manifest) throws IOException {
        if (!isReceiving(manifest)) {
            answers.add(told -> told.failed(manifest));
            return;
        }
        SnapshotManifest whole = intake.complete();
        intake = null;
        answers.add(
                told ->
                        told.completed(
                                whole.slot(),
                                whole.timeNs(),
                                whole.memberships(),
                                whole.decisions()));
    }

    @Override
    public void pause() {
        then(this::pauseNow);
    }

    private void pauseNow() {
        if (intake != null) {
            intake.pause();
            intake = null;
        }
    }

    @Override
    public int poll(Answers told) {
        int count = answers.size();
        for (int i = 0; i < count && node.isUp(); i++) {
            answers.remove().accept(told);
        }
        return count;
    }
}
