package io.paxoslog.log;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The bytes of a kept snapshot, chunk by chunk, each verified first. For one thread. */
final class SnapshotInput extends InputStream {
    private final SnapshotStore store;
    private final SnapshotStore.Kept snapshot;
    private byte[] chunk = new byte[0];
    private int at;
    private int next;
    private boolean isClosed;

    SnapshotInput(SnapshotStore store, SnapshotStore.Kept snapshot) {
        this.store = store;
        this.snapshot = snapshot;
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? chunk[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int read = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, read);
        at += read;
        return read;
    }

    private boolean hasMore() throws IOException {
        if (isClosed) {
            throw new IOException("the stream is closed");
        }
        while (at == chunk.length && next < snapshot.manifest.chunkCount()) {
            chunk = store.chunk(snapshot, next++);
            at = 0;
        }
        return at < chunk.length;
    }

    @Override
    public int available() {
        return isClosed ? 0 : chunk.length - at;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            store.release(snapshot);
        }
    }
}
