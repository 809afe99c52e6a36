package io.paxoslog.testkit.sim;

import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import io.paxoslog.testkit.disk.SimulatedFile;
import io.paxoslog.testkit.disk.SimulatedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The production snapshots of one data directory, on simulated files that may fail them. */
final class DiskSnapshots {
    /** Something is done to the snapshots. */
    interface Work {
        /** Does it. */
        void run() throws IOException;
    }

    private final int node;
    private final Path directory;
    private final SimulatedFiles files;
    private final Damage damage;
    private SnapshotStore store;
    private SnapshotManifest atStart;

    DiskSnapshots(int node, Path directory, SimulatedFiles files, Damage damage) {
        this.node = node;
        this.directory = directory;
        this.files = files;
        this.damage = damage;
    }

    /** A process takes the directory. */
    void open(int chunkBytes) {
        try {
            store = SnapshotStore.open(directory, chunkBytes, this::isDamaged, files);
            atStart = store.newestValid();
        } catch (IOException e) {
            throw new SafetyViolation(
                    "node " + node + " cannot open its snapshots: " + e.getMessage());
        }
    }

    private void isDamaged(String what) {
        if (!damage.isDone()) {
            throw new SafetyViolation(
                    "node " + node + " has a damaged snapshot on a good disk: " + what);
        }
    }

    /** As the process sees them. */
    SnapshotStore store() {
        return store;
    }

    /** What was there at the start, whole, of the highest slot; null when there was none. */
    SnapshotManifest atStart() {
        return atStart;
    }

    /** Its slot; 0 when there was none. */
    long slotAtStart() {
        return atStart == null ? 0 : atStart.slot();
    }

    /** Slot of the newest there is now; 0 when there is none. */
    long newestKept() {
        List<SnapshotManifest> kept = store.kept();
        return kept.isEmpty() ? 0 : kept.get(0).slot();
    }

    /** Does something in which the disk may fail without saying so. */
    void change(Work work) throws IOException {
        boolean isForceBroken = files.isForceBroken();
        work.run();
        if (isForceBroken && !files.isForceBroken()) {
            damage.snapshotIsBroken();
        }
    }

    /** Turns a bit over in one of the files; false when there is none. */
    boolean rot(SimRandom random) {
        List<SimulatedFile> all = files.under(directory.resolve("snapshots"));
        if (all.isEmpty()) {
            return false;
        }
        SimulatedFile one = all.get(random.below(all.size()));
        if (one.length() == 0) {
            return false;
        }
        one.flip(random.below(one.length()), random.below(8));
        damage.snapshotIsBroken();
        return true;
    }
}
