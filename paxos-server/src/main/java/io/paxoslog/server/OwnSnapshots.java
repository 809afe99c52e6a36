package io.paxoslog.server;

import io.paxoslog.apply.SnapshotSource;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import java.io.IOException;
import java.io.InputStream;

/** Gives the snapshots on this node's disk back by their slot. */
final class OwnSnapshots implements SnapshotSource {
    private final SnapshotStore store;

    OwnSnapshots(SnapshotStore store) {
        this.store = store;
    }

    @Override
    public InputStream open(long slot) throws IOException {
        return store.read(of(slot));
    }

    @Override
    public byte[] effects(long slot) throws IOException {
        return store.effects(of(slot));
    }

    private SnapshotManifest of(long slot) throws IOException {
        for (SnapshotManifest one : store.kept()) {
            if (one.slot() == slot) {
                return one;
            }
        }
        throw new IOException("the snapshot of slot " + slot + " is not there any more");
    }

    /** Slot of the newest one that ends below a slot; 0 when there is none. */
    long newestBelow(long slot) {
        return store.kept().stream()
                .mapToLong(SnapshotManifest::slot)
                .filter(its -> its < slot)
                .max()
                .orElse(0);
    }
}
