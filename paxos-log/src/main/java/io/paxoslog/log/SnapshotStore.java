package io.paxoslog.log;

import io.paxoslog.log.SnapshotFiles.Name;
import io.paxoslog.log.SnapshotFiles.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The snapshots of one node. Each is written, or received, aside, chunk by chunk, and gets its name
 * only when all of it is forced; what is read is verified first.
 *
 * <p>Any thread. All but {@link #kept} and {@link #bytes} may wait for the disk.
 */
public final class SnapshotStore {
    /** Of a chunk, unless told otherwise: one message takes it. */
    public static final int DEFAULT_CHUNK_BYTES = 256 << 10;

    /** A complete snapshot. */
    static final class Kept {
        final Name name;
        final SnapshotManifest manifest;
        final ChunkFiles files;
        private int readers;

        Kept(Name name, SnapshotManifest manifest, ChunkFiles files) {
            this.name = name;
            this.manifest = manifest;
            this.files = files;
        }
    }

    private final SnapshotFiles files;
    private final int chunkBytes;
    private final Consumer<String> onDamage;

    /** Newest first. Replaced as a whole, so that looking never waits. */
    private volatile List<Kept> kept = List.of();

    private volatile Draft draft;
    private volatile Intake intake;

    private SnapshotStore(SnapshotFiles files, int chunkBytes, Consumer<String> onDamage) {
        if (chunkBytes < 1 || chunkBytes > ManifestCodec.MAX_CHUNK_BYTES) {
            throw new IllegalArgumentException(
                    "a chunk takes 1 to "
                            + ManifestCodec.MAX_CHUNK_BYTES
                            + " bytes, not "
                            + chunkBytes);
        }
        this.files = files;
        this.chunkBytes = chunkBytes;
        this.onDamage = onDamage;
    }

    /** As {@link #open(Path, int, Consumer)}; nobody is told of damage. */
    public static SnapshotStore open(Path nodeDirectory, int chunkBytes) throws IOException {
        return open(nodeDirectory, chunkBytes, damage -> {});
    }

    /**
     * Opens the snapshots of a node whose directory this process has. Removes what was left
     * unfinished; of those that were being received the one of the highest slot stays.
     *
     * @param chunkBytes of the snapshots that are taken here
     * @param onDamage hears, in one line, of each snapshot that is not as it was written, on the
     *     thread that meets it
     */
    public static SnapshotStore open(Path nodeDirectory, int chunkBytes, Consumer<String> onDamage)
            throws IOException {
        return open(nodeDirectory, chunkBytes, onDamage, FileDisk.REAL);
    }

    /** As {@link #open(Path, int, Consumer)}, on another disk. */
    public static SnapshotStore open(
            Path nodeDirectory, int chunkBytes, Consumer<String> onDamage, Disk disk)
            throws IOException {
        SnapshotStore store =
                new SnapshotStore(new SnapshotFiles(disk, nodeDirectory), chunkBytes, onDamage);
        store.load();
        return store;
    }

    /** What a node keeps, newest first, without taking its directory or changing anything in it. */
    static List<SnapshotManifest> look(Disk disk, Path nodeDirectory) throws IOException {
        SnapshotFiles files = new SnapshotFiles(disk, nodeDirectory);
        List<SnapshotManifest> found = new ArrayList<>();
        for (Name name : files.list(State.COMPLETE)) {
            try {
                found.add(files.chunks(name).readManifest(name.slot()));
            } catch (IOException e) {
                // Not one that anybody could use.
            }
        }
        return found;
    }

    /** What is written from now on leaves so many bytes of the disk free for the journal. */
    public void leaveFree(long bytes) {
        files.leaveFree(bytes);
    }

    private void load() throws IOException {
        // Names that the last process saw may be in memory only; files are dropped for their sake.
        files.forceFound();
        for (Name name : files.list(State.UNFINISHED)) {
            files.delete(name);
        }
        deleteAllButFirst(files.list(State.PART));
        deleteAllButFirst(files.list(State.DAMAGED));
        List<Kept> found = new ArrayList<>();
        for (Name name : files.list(State.COMPLETE)) {
            ChunkFiles chunks = files.chunks(name);
            try {
                found.add(new Kept(name, chunks.readManifest(name.slot()), chunks));
            } catch (DamagedSnapshotException e) {
                leaveAside(name, e);
            } catch (IOException e) {
                onDamage.accept(String.valueOf(e.getMessage()));
            }
        }
        kept = List.copyOf(found);
    }

    private void deleteAllButFirst(List<Name> names) throws IOException {
        for (Name name : names.subList(Math.min(1, names.size()), names.size())) {
            files.delete(name);
        }
    }

    private void leaveAside(Name name, IOException damage) throws IOException {
        files.delete(files.name(name.slot(), State.DAMAGED));
        Name aside = files.move(name, State.DAMAGED);
        onDamage.accept(
                damage.getMessage() + "; the snapshot was left aside as " + aside.directory());
    }

    /** Snapshots that are complete, newest first. Never waits. */
    public List<SnapshotManifest> kept() {
        return kept.stream().map(one -> one.manifest).toList();
    }

    /**
     * Slot of one of those kept, counted from the newest; 0 when there are not so many. Never
     * waits, and makes no garbage.
     */
    public long slotOf(int place) {
        List<Kept> now = kept;
        return place < now.size() ? now.get(place).name.slot() : 0;
    }

    /** Bytes of the newest of those kept; 0 for none. Never waits, and makes no garbage. */
    public long newestBytes() {
        List<Kept> now = kept;
        return now.isEmpty() ? 0 : now.get(0).manifest.totalBytes();
    }

    /** Bytes of chunks on the disk: of all kept, being written and being received. Never waits. */
    public long bytes() {
        long bytes = kept.stream().mapToLong(one -> one.manifest.totalBytes()).sum();
        Draft writing = draft;
        Intake receiving = intake;
        return bytes
                + (writing == null ? 0 : writing.writtenBytes())
                + (receiving == null ? 0 : receiving.heldBytes());
    }

    /**
     * The newest snapshot all of whose chunks are as they were written; reads all of it. Damaged
     * ones are told of and left aside.
     *
     * @return null when there is none
     */
    public SnapshotManifest newestValid() throws IOException {
        for (Kept one : kept) {
            try {
                for (int i = 0; i < one.manifest.chunkCount(); i++) {
                    one.files.readChunk(one.manifest, i);
                }
                return one.manifest;
            } catch (DamagedSnapshotException e) {
                drop(one, e);
            } catch (IOException e) {
                onDamage.accept(one.name.directory() + " cannot be read: " + e.getMessage());
            }
        }
        return null;
    }

    private void drop(Kept one, DamagedSnapshotException damage) throws IOException {
        if (forget(one)) {
            leaveAside(one.name, damage);
        }
    }

    private synchronized boolean forget(Kept one) {
        List<Kept> left = new ArrayList<>(kept);
        boolean isKnown = left.remove(one);
        kept = List.copyOf(left);
        return isKnown;
    }

    /**
     * Begins a snapshot of this node's own. One at a time.
     *
     * @throws IOException when there is no room for it, or there is one of this slot already
     */
    public synchronized Draft begin(SnapshotHead head) throws IOException {
        if (draft != null) {
            throw new IllegalStateException("a snapshot is being written already");
        }
        requireNone(head.slot());
        Name name = files.name(head.slot(), State.UNFINISHED);
        ChunkFiles chunks = files.create(name);
        draft = new Draft(this, head, chunkBytes, name, chunks);
        return draft;
    }

    private void requireNone(long slot) throws IOException {
        Name complete = files.name(slot, State.COMPLETE);
        if (files.exists(complete)) {
            throw new IOException("there is a snapshot in " + complete.directory() + " already");
        }
    }

    /**
     * Begins, or goes on with, receiving a snapshot of another node. What was received of others is
     * removed. One at a time.
     *
     * @throws IOException when there is no room for it, or there is one of this slot already
     */
    public synchronized Intake receive(SnapshotManifest manifest) throws IOException {
        if (intake != null) {
            throw new IllegalStateException("a snapshot is being received already");
        }
        requireNone(manifest.slot());
        Name name = files.name(manifest.slot(), State.PART);
        for (Name other : files.list(State.PART)) {
            if (!other.equals(name) || !isPartOf(name, manifest)) {
                files.delete(other);
            }
        }
        boolean isResumed = files.exists(name);
        ChunkFiles chunks = isResumed ? files.chunks(name) : files.create(name);
        intake = new Intake(this, manifest, name, chunks);
        intake.begin(isResumed);
        return intake;
    }

    private boolean isPartOf(Name name, SnapshotManifest manifest) {
        try {
            return files.chunks(name).readManifest(name.slot()).id() == manifest.id();
        } catch (IOException | JournalException e) {
            return false;
        }
    }

    /** All of it is forced: from now on it is one of those kept. */
    SnapshotManifest complete(Name aside, ChunkFiles chunks, SnapshotManifest manifest)
            throws IOException {
        chunks.forceNames();
        requireNone(aside.slot());
        Name name = files.move(aside, State.COMPLETE);
        add(new Kept(name, manifest, files.chunks(name)));
        return manifest;
    }

    private synchronized void add(Kept one) {
        List<Kept> all = new ArrayList<>(kept);
        all.add(one);
        all.sort(Comparator.comparingLong((Kept some) -> some.name.slot()).reversed());
        kept = List.copyOf(all);
    }

    void draftEnded() {
        draft = null;
    }

    void intakeEnded() {
        intake = null;
    }

    void abandon(Name name) {
        try {
            files.delete(name);
        } catch (IOException e) {
            // The next start removes it, or the next one that is begun.
            return;
        }
    }

    /**
     * The bytes of a snapshot. Each chunk is verified before a byte of it is handed out; the
     * snapshot stays at least until the stream is closed.
     *
     * @throws IOException naming the file that is not as it was written
     */
    public InputStream read(SnapshotManifest manifest) throws IOException {
        return new SnapshotInput(this, hold(manifest));
    }

    private synchronized Kept hold(SnapshotManifest manifest) throws IOException {
        Kept one = find(manifest);
        one.readers++;
        return one;
    }

    synchronized void release(Kept one) {
        one.readers--;
    }

    private Kept find(SnapshotManifest manifest) throws IOException {
        for (Kept one : kept) {
            if (one.manifest.id() == manifest.id()) {
                return one;
            }
        }
        throw new IOException("the " + manifest + " is not kept any more");
    }

    /**
     * One chunk, verified.
     *
     * @throws IOException naming the file that is not as it was written, or when the snapshot is
     *     not kept any more
     */
    public byte[] chunk(SnapshotManifest manifest, int index) throws IOException {
        Kept one = hold(manifest);
        try {
            return chunk(one, index);
        } finally {
            release(one);
        }
    }

    byte[] chunk(Kept one, int index) throws IOException {
        try {
            return one.files.readChunk(one.manifest, index);
        } catch (DamagedSnapshotException e) {
            drop(one, e);
            throw e;
        }
    }

    /** What this node kept for itself beside a snapshot; null when absent or damaged. */
    public byte[] effects(SnapshotManifest manifest) {
        try {
            return find(manifest).files.readEffects(manifest.id());
        } catch (IOException e) {
            return null;
        }
    }

    /** Removes all but the newest, oldest first; none that is being read. */
    public void keep(int count) throws IOException {
        for (Kept old = oldestBeyond(count); old != null; old = oldestBeyond(count)) {
            files.deleteComplete(old.name);
        }
    }

    /**
     * Removes those whose state is found to be wrong: all from a slot on, whoever reads them.
     *
     * @return how many there were
     */
    public int dropFrom(long slot) throws IOException {
        int dropped = 0;
        for (Kept wrong : kept) {
            if (wrong.name.slot() >= slot && forget(wrong)) {
                files.deleteComplete(wrong.name);
                dropped++;
            }
        }
        return dropped;
    }

    /**
     * Removes those above a slot but one, which are of a state that is not to be gone back to.
     *
     * @return false when one of them is being read, and stays
     */
    public boolean forgetAbove(long slot, long but) throws IOException {
        boolean areAllGone = true;
        for (Kept one : kept) {
            boolean isWrong = one.name.slot() > slot && one.name.slot() != but;
            if (isWrong && forgetUnread(one)) {
                files.deleteComplete(one.name);
            } else {
                areAllGone &= !isWrong;
            }
        }
        return areAllGone;
    }

    private synchronized boolean forgetUnread(Kept one) {
        return one.readers == 0 && forget(one);
    }

    private synchronized Kept oldestBeyond(int count) {
        for (int i = kept.size() - 1; i >= count; i--) {
            Kept old = kept.get(i);
            if (old.readers == 0) {
                forget(old);
                return old;
            }
        }
        return null;
    }
}
