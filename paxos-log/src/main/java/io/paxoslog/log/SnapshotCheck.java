package io.paxoslog.log;

import io.paxoslog.log.SnapshotFiles.Name;
import io.paxoslog.log.SnapshotFiles.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads every chunk of every complete snapshot. A node that runs may take, and remove, snapshots
 * meanwhile.
 */
final class SnapshotCheck {
    private static final String TAKE_ANOTHER =
            "have the node take another one (paxos snapshot), or put this one back from a copy";

    private final SnapshotFiles files;
    private final Disk disk;
    private final Findings findings;
    private final List<Long> whole = new ArrayList<>();

    SnapshotCheck(Disk disk, Path directory, Findings findings) {
        this.files = new SnapshotFiles(disk, directory);
        this.disk = disk;
        this.findings = findings;
    }

    void run() throws IOException {
        for (Name name : files.list(State.COMPLETE)) {
            check(name);
        }
    }

    private void check(Name name) {
        ChunkFiles chunks = files.chunks(name);
        try {
            SnapshotManifest manifest = chunks.readManifest(name.slot());
            for (int i = 0; i < manifest.chunkCount(); i++) {
                chunks.readChunk(manifest, i);
            }
            whole.add(name.slot());
        } catch (DamagedSnapshotException e) {
            note(name, e.file(), e.why());
        } catch (IOException e) {
            note(name, name.directory(), String.valueOf(e.getMessage()));
        }
    }

    private void note(Name name, Path file, String why) {
        // Its name goes before its first file does.
        if (disk.exists(name.directory())) {
            findings.snapshot(file, name.slot(), why, TAKE_ANOTHER);
        }
    }

    /** The slots of those that are whole, newest first. */
    List<Long> whole() {
        return List.copyOf(whole);
    }

    /** Slot of the newest that is whole; 0 for none. */
    long newest() {
        return whole.isEmpty() ? 0 : whole.get(0);
    }

    /** The journal must begin where the newest of them ends, or below. */
    void requireJoined(Path journal, long firstKept) {
        long newest = newest();
        if (firstKept > newest + 1) {
            findings.damage(
                    journal,
                    -1,
                    newest + 1,
                    firstKept - 1,
                    "the journal begins behind them, and no snapshot that can be read holds them");
        }
    }
}
