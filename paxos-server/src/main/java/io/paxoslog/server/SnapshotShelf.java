package io.paxoslog.server;

import io.paxoslog.log.Intake;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import io.paxoslog.transport.SnapshotFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads and writes parts of snapshots for other nodes, on a thread of its own. One that is being
 * fetched stays until nobody has asked for it for a while, however many are taken meanwhile.
 */
final class SnapshotShelf implements SnapshotFiles, AutoCloseable {
    private static final int MOST_WAITING = 32;
    private static final long PAUSE_MS = 100;
    private static final long FORGOTTEN_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long LONGEST_WAIT_MS = 5_000;
    private static final UnsafeBuffer NO_BYTES = new UnsafeBuffer(new byte[0]);

    /** Something to be done on the shelf's thread; what comes of it is told on the other. */
    private interface Work {
        Consumer<Answers> run();
    }

    /** A snapshot that is being fetched; open, so that it is not removed. */
    private record Lent(SnapshotManifest manifest, InputStream hold, long atNs) {}

    /** What was taken here above a slot is to go, but for one that came from another node. */
    private record Anew(long equalUpTo, long snapshot) {}

    private final SnapshotStore store;
    private final Consumer<String> log;
    private final Thread thread;
    private final BlockingQueue<Work> works = new ArrayBlockingQueue<>(MOST_WAITING);
    private final OneToOneConcurrentArrayQueue<Consumer<Answers>> answers =
            new OneToOneConcurrentArrayQueue<>(2 * MOST_WAITING);
    private volatile boolean isStopping;
    private volatile long lentSlot = Long.MAX_VALUE;
    private volatile long soundUpTo = Long.MAX_VALUE;
    private volatile Anew anew;

    // Of the shelf's thread.
    private Lent lent;
    private Intake intake;
    private String lastFailure = "";

    SnapshotShelf(SnapshotStore store, Consumer<String> log, int node) {
        this.store = store;
        this.log = log;
        thread = new Thread(this::run, "paxos-snapshot-io-" + node);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Slot of the snapshot that is being fetched; {@link Long#MAX_VALUE} for none. Any thread. */
    long lentSlot() {
        return lentSlot;
    }

    /** What this node took above a slot is not what others hold: nobody is given it. Any thread. */
    void diverged(long equalUpTo) {
        soundUpTo = equalUpTo;
    }

    /** A snapshot of another node takes the place of what this one took above a slot. */
    void begunAnew(long equalUpTo, long snapshot) {
        anew = new Anew(equalUpTo, snapshot);
    }

    private void forgetDiverged() {
        Anew now = anew;
        if (now == null) {
            return;
        }
        takeBack();
        try {
            if (store.forgetAbove(now.equalUpTo, now.snapshot)) {
                anew = null;
                soundUpTo = Long.MAX_VALUE;
            }
        } catch (IOException e) {
            anew = null;
            log.accept(
                    "snapshots above slot %d are not given away, nor removed: %s"
                            .formatted(now.equalUpTo, Failures.message(e)));
        }
    }

    private void run() {
        try {
            while (!isStopping) {
                Work work = works.poll(PAUSE_MS, TimeUnit.MILLISECONDS);
                if (work != null) {
                    answer(work.run());
                }
                forgetOld();
                forgetDiverged();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            takeBack();
            pauseNow();
        }
    }

    private void answer(Consumer<Answers> answer) throws InterruptedException {
        while (answer != null && !answers.offer(answer) && !isStopping) {
            Thread.sleep(1);
        }
    }

    private void forgetOld() {
        if (lent != null && System.nanoTime() - lent.atNs > FORGOTTEN_NS) {
            takeBack();
        }
    }

    private void takeBack() {
        if (lent != null) {
            try {
                lent.hold.close();
            } catch (IOException e) {
                log.accept("while a snapshot was given back: " + Failures.message(e));
            }
            lent = null;
            lentSlot = Long.MAX_VALUE;
        }
    }

    @Override
    public boolean read(int forNode, long slot, long manifest, int chunk) {
        return works.offer(() -> readNow(forNode, slot, manifest, chunk));
    }

    private Consumer<Answers> readNow(int forNode, long slot, long manifest, int chunk) {
        try {
            SnapshotManifest found = find(slot, manifest);
            if (found != null) {
                byte[] bytes = chunk < 0 ? found.encode() : chunk(found, chunk);
                UnsafeBuffer buffer = new UnsafeBuffer(bytes);
                return told ->
                        told.part(
                                forNode, found.slot(), found.id(), chunk, buffer, 0, bytes.length);
            }
        } catch (IOException e) {
            log.accept("a part of a snapshot cannot be given away: " + Failures.message(e));
        }
        return told -> told.part(forNode, slot, manifest, chunk, NO_BYTES, 0, 0);
    }

    /** Null when it is not here; from then on it stays for a while. */
    private SnapshotManifest find(long slot, long manifest) throws IOException {
        for (SnapshotManifest one : store.kept()) {
            boolean isIt = manifest == 0 || manifest == one.id();
            boolean isSound = one.slot() <= soundUpTo;
            if (isIt && isSound && (slot == 0 || slot == one.slot())) {
                lend(one);
                return one;
            }
        }
        return null;
    }

    private void lend(SnapshotManifest manifest) throws IOException {
        if (lent != null && lent.manifest.id() == manifest.id()) {
            lent = new Lent(manifest, lent.hold, System.nanoTime());
            return;
        }
        takeBack();
        lent = new Lent(manifest, store.read(manifest), System.nanoTime());
        lentSlot = manifest.slot();
    }

    private byte[] chunk(SnapshotManifest manifest, int index) throws IOException {
        if (index >= manifest.chunkCount()) {
            return new byte[0];
        }
        return store.chunk(manifest, index);
    }

    @Override
    public boolean begin(long slot, long manifest, byte[] encoded) {
        return works.offer(() -> beginNow(slot, manifest, encoded));
    }

    private Consumer<Answers> beginNow(long slot, long manifest, byte[] encoded) {
        pauseNow();
        try {
            SnapshotManifest wanted = SnapshotManifest.decode(encoded);
            if (wanted.id() != manifest || wanted.slot() != slot) {
                throw new IOException("what came is not the manifest that was offered");
            }
            intake = store.receive(wanted);
            BitSet missing = new BitSet();
            int count = wanted.chunkCount();
            for (int i = intake.firstMissing(0); i < count; i = intake.firstMissing(i + 1)) {
                missing.set(i);
            }
            log.accept(
                    "receiving the %s: %,d bytes, %d of %d chunks are missing"
                            .formatted(wanted, wanted.totalBytes(), missing.cardinality(), count));
            return told -> told.begun(manifest, missing);
        } catch (IOException | RuntimeException e) {
            tellNotReceived("the snapshot of slot %d is not received: ".formatted(slot), e);
            return told -> told.begun(manifest, null);
        }
    }

    @Override
    public boolean write(long manifest, int chunk, DirectBuffer buffer, int offset, int length) {
        if (works.remainingCapacity() == 0) {
            return false;
        }
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return works.offer(() -> writeNow(manifest, chunk, bytes));
    }

    private Consumer<Answers> writeNow(long manifest, int chunk, byte[] bytes) {
        if (!isReceiving(manifest)) {
            return told -> told.failed(manifest);
        }
        try {
            boolean isRight = intake.put(chunk, new UnsafeBuffer(bytes), 0, bytes.length);
            return told -> told.written(manifest, chunk, isRight);
        } catch (IOException e) {
            return gaveUp(manifest, e);
        }
    }

    private boolean isReceiving(long manifest) {
        return intake != null && intake.manifest().id() == manifest;
    }

    private Consumer<Answers> gaveUp(long manifest, IOException e) {
        tellNotReceived("a snapshot is not received: ", e);
        pauseNow();
        return told -> told.failed(manifest);
    }

    /** Once, however often it is tried again. */
    private void tellNotReceived(String what, Exception e) {
        if (lastFailure.isEmpty()) {
            log.accept(what + Failures.message(e) + "; it is tried again");
        }
        lastFailure = what;
    }

    @Override
    public boolean complete(long manifest) {
        return works.offer(() -> completeNow(manifest));
    }

    private Consumer<Answers> completeNow(long manifest) {
        if (!isReceiving(manifest)) {
            return told -> told.failed(manifest);
        }
        try {
            SnapshotManifest whole = intake.complete();
            intake = null;
            lastFailure = "";
            log.accept("the %s is here, whole".formatted(whole));
            return told ->
                    told.completed(
                            whole.slot(), whole.timeNs(), whole.memberships(), whole.decisions());
        } catch (IOException e) {
            return gaveUp(manifest, e);
        }
    }

    @Override
    public void pause() {
        works.offer(
                () -> {
                    pauseNow();
                    return null;
                });
    }

    private void pauseNow() {
        if (intake != null) {
            intake.pause();
            intake = null;
        }
    }

    @Override
    public int poll(Answers told) {
        int heard = 0;
        for (Consumer<Answers> one = answers.poll(); one != null; one = answers.poll()) {
            one.accept(told);
            heard++;
        }
        return heard;
    }

    /** Ends the thread; what was being received stays, to go on with. */
    @Override
    public void close() {
        isStopping = true;
        try {
            thread.join(LONGEST_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
