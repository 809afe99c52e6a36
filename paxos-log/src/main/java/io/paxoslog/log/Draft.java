package io.paxoslog.log;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.agrona.collections.IntArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A snapshot while it is written. Every chunk is forced once it is full, so that writing goes no
 * faster than the disk. Closed before it is complete, it is abandoned. For one thread; {@link
 * #writtenBytes} is for any.
 */
public final class Draft extends OutputStream {
    private final SnapshotStore store;
    private final SnapshotHead head;
    private final SnapshotFiles.Name name;
    private final ChunkFiles files;
    private final byte[] chunk;
    private final IntArrayList checksums = new IntArrayList();
    private final MessageDigest digest = Sha256.newDigest();
    private final Checksum checksum = new Checksum();
    private int filled;
    private long bytes;
    private volatile long writtenBytes;
    private boolean isEnded;

    Draft(
            SnapshotStore store,
            SnapshotHead head,
            int chunkBytes,
            SnapshotFiles.Name name,
            ChunkFiles files) {
        this.store = store;
        this.head = head;
        this.name = name;
        this.files = files;
        this.chunk = new byte[chunkBytes];
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        requireOpen();
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int taken = Math.min(end - at, chunk.length - filled);
            System.arraycopy(from, at, chunk, filled, taken);
            filled += taken;
            at += taken;
            if (filled == chunk.length) {
                writeChunk();
            }
        }
    }

    private void requireOpen() throws IOException {
        if (isEnded) {
            throw new IOException(
                    "the snapshot of slot " + head.slot() + " is not written any more");
        }
    }

    private void writeChunk() throws IOException {
        // Garbage as large as the state would be collected in front of commands.
        byte[] full = filled == chunk.length ? chunk : Arrays.copyOf(chunk, filled);
        files.writeChunk(checksums.size(), full);
        checksums.addInt(checksum.of(new UnsafeBuffer(full), 0, filled));
        digest.update(full);
        bytes += filled;
        writtenBytes = bytes;
        filled = 0;
    }

    /** Bytes that are on the disk. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /**
     * Ends it: when this returns the snapshot outlives a loss of power.
     *
     * @param effects what the node wants to know again of its own slots up to the snapshot; goes to
     *     nobody else
     */
    public SnapshotManifest complete(byte[] effects) throws IOException {
        requireOpen();
        if (filled > 0) {
            writeChunk();
        }
        SnapshotManifest manifest =
                ManifestCodec.encode(
                        head, chunk.length, bytes, checksums.toIntArray(), digest.digest());
        files.requireSpace(effects.length);
        files.writeEffects(manifest.id(), effects);
        files.writeManifest(manifest);
        store.complete(name, files, manifest);
        end();
        return manifest;
    }

    private void end() {
        isEnded = true;
        store.draftEnded();
    }

    /** Gives it up and removes what was written. */
    public void abandon() {
        if (!isEnded) {
            end();
            store.abandon(name);
        }
    }

    /** Gives it up unless it is complete. */
    @Override
    public void close() {
        abandon();
    }
}
