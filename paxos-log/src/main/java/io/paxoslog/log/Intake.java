package io.paxoslog.log;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.BitSet;
import org.agrona.DirectBuffer;

/**
 * A snapshot while it is received, chunk by chunk in any order. What is there stays over a restart.
 * For one thread; {@link #heldBytes} is for any.
 */
public final class Intake {
    private final SnapshotStore store;
    private final SnapshotManifest manifest;
    private final SnapshotFiles.Name name;
    private final ChunkFiles files;
    private final BitSet held = new BitSet();
    private long bytes;
    private volatile long heldBytes;
    private boolean isEnded;

    Intake(
            SnapshotStore store,
            SnapshotManifest manifest,
            SnapshotFiles.Name name,
            ChunkFiles files) {
        this.store = store;
        this.manifest = manifest;
        this.name = name;
        this.files = files;
    }

    /** Looks what is there, or writes the manifest. Ends the intake when that fails. */
    void begin(boolean isResumed) throws IOException {
        try {
            if (isResumed) {
                files.writeManifest(manifest);
                find();
            } else {
                files.requireSpace(manifest.totalBytes());
                files.writeManifest(manifest);
            }
            files.requireSpace(manifest.totalBytes() - heldBytes);
        } catch (IOException e) {
            pause();
            throw e;
        }
    }

    /**
     * A loss of power may have left anything of a chunk. What is there whole may be there in memory
     * only, after a crash or a force that failed, and so is written again.
     */
    private void find() throws IOException {
        for (int i = 0; i < manifest.chunkCount(); i++) {
            if (files.hasChunk(i)) {
                try {
                    files.writeChunk(i, files.readChunk(manifest, i));
                    hold(i);
                } catch (DamagedSnapshotException e) {
                    // It comes again.
                }
            }
        }
    }

    private void hold(int index) {
        held.set(index);
        bytes += manifest.chunkLength(index);
        heldBytes = bytes;
    }

    /** What is being received. */
    public SnapshotManifest manifest() {
        return manifest;
    }

    /** The first chunk from {@code from} on that is not here; the count of chunks when all are. */
    public int firstMissing(int from) {
        return Math.min(held.nextClearBit(from), manifest.chunkCount());
    }

    /** Whether every chunk is here. */
    public boolean isComplete() {
        return firstMissing(0) == manifest.chunkCount();
    }

    /** Bytes of the chunks that are here. */
    public long heldBytes() {
        return heldBytes;
    }

    /**
     * Takes a chunk and forces it. One that is here already is not written again.
     *
     * @return false when it is not this snapshot's chunk: nothing was written
     */
    public boolean put(int index, DirectBuffer buffer, int offset, int length) throws IOException {
        requireOpen();
        if (!manifest.isChunk(index, buffer, offset, length)) {
            return false;
        }
        if (!held.get(index)) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            files.writeChunk(index, bytes);
            hold(index);
        }
        return true;
    }

    private void requireOpen() throws IOException {
        if (isEnded) {
            throw new IOException("the " + manifest + " is not received any more");
        }
    }

    /**
     * Ends it: reads all of it once more, and when this returns the snapshot outlives a loss of
     * power.
     *
     * @throws IOException when it is not as its manifest says; it is abandoned then
     */
    public SnapshotManifest complete() throws IOException {
        requireOpen();
        if (!isComplete()) {
            throw new IllegalStateException("chunk " + firstMissing(0) + " is missing");
        }
        requireWhole();
        store.complete(name, files, manifest);
        pause();
        return manifest;
    }

    private void requireWhole() throws IOException {
        MessageDigest digest = Sha256.newDigest();
        try {
            for (int i = 0; i < manifest.chunkCount(); i++) {
                digest.update(files.readChunk(manifest, i));
            }
        } catch (DamagedSnapshotException e) {
            abandon();
            throw e;
        }
        if (!manifest.isWhole(digest.digest())) {
            abandon();
            throw new IOException("the " + manifest + " that was received is not what it says");
        }
    }

    /** Ends it and keeps what is here, so that it can be gone on with. */
    public void pause() {
        if (!isEnded) {
            isEnded = true;
            store.intakeEnded();
        }
    }

    /** Gives it up and removes what was received. */
    public void abandon() {
        if (!isEnded) {
            pause();
            store.abandon(name);
        }
    }
}
