package io.paxoslog.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Snapshots in memory: one that is kept, one that is being received. */
final class FakeSnapshots implements SnapshotFiles {
    /** What can be read here; null for nothing. */
    Snapshot kept;

    /** Chunks that came before, as if by an earlier process. */
    final BitSet held = new BitSet();

    /** Chunks written, in order. */
    final List<Integer> written = new ArrayList<>();

    /** Most requests that wait. */
    int room = Integer.MAX_VALUE;

    boolean refuses;
    int pauses;
    private final Deque<Request> requests = new ArrayDeque<>();
    private Snapshot receiving;
    private byte[][] chunks;

    /** Equal manifests mean equal chunks; the id is their hash. */
    static final class Snapshot {
        final long slot;
        final byte[] manifest;
        final byte[][] chunks;

        private Snapshot(long slot, byte[] manifest, byte[][] chunks) {
            this.slot = slot;
            this.manifest = manifest;
            this.chunks = chunks;
        }

        static Snapshot of(long slot, int chunkCount, int chunkBytes, int manifestBytes) {
            byte[] manifest = new byte[manifestBytes];
            Arrays.fill(manifest, (byte) slot);
            manifest[0] = (byte) chunkCount;
            byte[][] chunks = new byte[chunkCount][chunkBytes];
            for (int i = 0; i < chunkCount; i++) {
                Arrays.fill(chunks[i], (byte) (slot + i));
            }
            return new Snapshot(slot, manifest, chunks);
        }

        long id() {
            return Arrays.hashCode(manifest);
        }

        byte[] part(int chunk) {
            return chunk < 0 ? manifest : chunk < chunks.length ? chunks[chunk] : new byte[0];
        }
    }

    private interface Request {
        void answer(Answers answers);
    }

    private boolean take(Request request) {
        return requests.size() < room && requests.add(request);
    }

    @Override
    public boolean read(int forNode, long slot, long manifest, int chunk) {
        return take(
                answers -> {
                    boolean isHere =
                            kept != null
                                    && (slot == 0 || slot == kept.slot)
                                    && (manifest == 0 || manifest == kept.id());
                    byte[] part = isHere ? kept.part(chunk) : new byte[0];
                    answers.part(
                            forNode,
                            isHere ? kept.slot : Math.max(1, slot),
                            isHere ? kept.id() : manifest,
                            chunk,
                            new UnsafeBuffer(part),
                            0,
                            part.length);
                });
    }

    @Override
    public boolean begin(long slot, long manifest, byte[] encoded) {
        return take(
                answers -> {
                    int count = encoded[0];
                    receiving = Snapshot.of(slot, count, 100, encoded.length);
                    chunks = new byte[count][];
                    BitSet missing = new BitSet();
                    missing.set(0, count);
                    missing.andNot(held);
                    boolean isRight = Arrays.equals(receiving.manifest, encoded);
                    answers.begun(manifest, isRight && !refuses ? missing : null);
                });
    }

    @Override
    public boolean write(long manifest, int chunk, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return take(
                answers -> {
                    boolean isRight = Arrays.equals(receiving.chunks[chunk], bytes);
                    if (isRight) {
                        chunks[chunk] = bytes;
                        written.add(chunk);
                    }
                    answers.written(manifest, chunk, isRight);
                });
    }

    @Override
    public boolean complete(long manifest) {
        return take(
                answers -> {
                    kept = receiving;
                    answers.completed(kept.slot, 7, new TreeMap<>(), new TreeMap<>());
                });
    }

    @Override
    public void pause() {
        pauses++;
    }

    @Override
    public int poll(Answers answers) {
        int done = 0;
        for (int i = requests.size(); i > 0; i--, done++) {
            requests.remove().answer(answers);
        }
        return done;
    }
}
