package io.paxoslog.apply;

import java.io.IOException;
import java.io.InputStream;

/** Gives the node's own snapshots back to the one who applies. Called on its thread; may block. */
public interface SnapshotSource {
    /**
     * What a {@link SnapshotJob} wrote for a slot.
     *
     * @throws IOException saying in one line why it cannot be read
     */
    InputStream open(long slot) throws IOException;

    /** The {@link SnapshotJob#effects} that belong to it; null when they are not known. */
    byte[] effects(long slot) throws IOException;
}
