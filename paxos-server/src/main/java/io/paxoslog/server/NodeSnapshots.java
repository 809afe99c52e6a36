package io.paxoslog.server;

import io.paxoslog.core.Replica;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import io.paxoslog.transport.SnapshotTaker;
import java.io.IOException;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** The snapshots of one node, and whoever writes, reads and moves them. */
final class NodeSnapshots implements AutoCloseable {
    private final SnapshotStore store;
    private final AtomicBoolean isDamaged;
    private final SnapshotManifest newest;
    private final OwnSnapshots own;
    private final SnapshotShelf shelf;
    private final SnapshotWriter writer;

    private NodeSnapshots(
            SnapshotStore store, AtomicBoolean isDamaged, NodeConfig config, NodeLog log)
            throws IOException {
        this.store = store;
        this.isDamaged = isDamaged;
        newest = store.newestValid();
        own = new OwnSnapshots(store);
        shelf = new SnapshotShelf(store, log::line, config.id());
        writer = new SnapshotWriter(store, log::line, config.id());
    }

    /**
     * Looks what there is in a directory that this process has. All of the newest is read before
     * anything rests on it.
     *
     * @throws StartException when it cannot be read
     */
    static NodeSnapshots open(NodeConfig config, NodeLog log) {
        AtomicBoolean isDamaged = new AtomicBoolean();
        try {
            SnapshotStore store =
                    SnapshotStore.open(
                            config.get(Settings.DIR),
                            Sizes.chunkFor(config.get(Settings.TERM_BYTES)),
                            line -> {
                                isDamaged.set(true);
                                log.line("damaged: " + line);
                            });
            store.leaveFree(Sizes.roomOf(config).logBytes());
            return new NodeSnapshots(store, isDamaged, config, log);
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.DIRECTORY,
                    "cannot use the snapshots in %s: %s; check the disk"
                            .formatted(config.get(Settings.DIR), Failures.message(e)),
                    e);
        }
    }

    /** The newest at the start; null when there is none. */
    SnapshotManifest newest() {
        return newest;
    }

    /** Slot of {@link #newest}; 0 when there is none. */
    long newestSlot() {
        return newest == null ? 0 : newest.slot();
    }

    /** Whether one was found damaged since this was asked last: then another is to be taken. */
    boolean takeDamaged() {
        return isDamaged.get() && isDamaged.getAndSet(false);
    }

    SnapshotStore store() {
        return store;
    }

    /** By their slots, for the one who applies. */
    OwnSnapshots own() {
        return own;
    }

    /** For other nodes. */
    SnapshotShelf shelf() {
        return shelf;
    }

    SnapshotWriter writer() {
        return writer;
    }

    /**
     * The first slot of the log that whoever fetches a snapshot now goes on with; {@link
     * LogKeeper#NO_CURSOR} when nobody does.
     */
    long cursor() {
        long lent = shelf.lentSlot();
        return lent == LogKeeper.NO_CURSOR ? lent : lent + 1;
    }

    void start() {
        writer.start();
        shelf.start();
    }

    /** What comes from others is taken by this replica. */
    SnapshotTaker takerFor(Replica replica) {
        return new SnapshotTaker() {
            @Override
            public boolean installed(
                    long slot,
                    long timeNs,
                    SortedMap<Long, byte[]> memberships,
                    SortedMap<Long, byte[]> decisions) {
                boolean differed = replica.differsAt() != 0;
                long equalUpTo = replica.equalUpTo();
                boolean isTaken = replica.installed(slot, timeNs, memberships, decisions);
                if (isTaken && differed) {
                    shelf.begunAnew(equalUpTo, slot);
                }
                return isTaken;
            }

            @Override
            public long commitIndex() {
                return replica.snapshotsUsefulAbove();
            }

            @Override
            public boolean hearsLeader() {
                return replica.leader() != 0;
            }
        };
    }

    @Override
    public void close() {
        writer.close();
        shelf.close();
    }
}
