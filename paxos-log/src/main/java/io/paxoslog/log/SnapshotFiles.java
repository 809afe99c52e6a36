package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of the snapshots of one node: a directory each, named after its slot. */
final class SnapshotFiles {
    /** What the end of a name says about a snapshot. */
    enum State {
        /** All of it is there and forced: it got its name only then. */
        COMPLETE(""),
        /** Was being written. */
        UNFINISHED(".tmp"),
        /** Is being received. */
        PART(".part"),
        /** Not as it was written. */
        DAMAGED(".damaged");

        private final String suffix;

        State(String suffix) {
            this.suffix = suffix;
        }
    }

    /** One snapshot. */
    record Name(long slot, State state, Path directory) {}

    private static final int DIGITS = 20;
    private static final Pattern NAME = Pattern.compile("(\\d{20})(\\.[a-z]+)?");

    private final Disk disk;
    private final Path node;
    private final Path directory;
    private boolean isMade;

    /** Free bytes that a snapshot leaves. */
    private volatile long leftFreeBytes = ChunkFiles.LEFT_FREE_BYTES;

    SnapshotFiles(Disk disk, Path nodeDirectory) {
        this.disk = disk;
        this.node = nodeDirectory;
        this.directory = nodeDirectory.resolve("snapshots");
    }

    /** What is written from now on leaves so many bytes free. */
    void leaveFree(long bytes) {
        leftFreeBytes = bytes;
    }

    /** All of a state, the one of the highest slot first. */
    List<Name> list(State state) throws IOException {
        List<Name> names = new ArrayList<>();
        for (Path child : disk.list(directory)) {
            Matcher matcher = NAME.matcher(child.getFileName().toString());
            if (matcher.matches() && state.suffix.equals(suffix(matcher))) {
                names.add(new Name(Long.parseLong(matcher.group(1)), state, child));
            }
        }
        names.sort(Comparator.comparingLong(Name::slot).reversed());
        return names;
    }

    private static String suffix(Matcher matcher) {
        return matcher.group(2) == null ? "" : matcher.group(2);
    }

    /** Where a snapshot of a state is. */
    Name name(long slot, State state) {
        String digits = Long.toString(slot);
        String name = "0".repeat(DIGITS - digits.length()) + digits + state.suffix;
        return new Name(slot, state, directory.resolve(name));
    }

    boolean exists(Name name) {
        return disk.exists(name.directory());
    }

    /** What is in a snapshot's directory. */
    ChunkFiles chunks(Name name) {
        return new ChunkFiles(disk, name.directory(), leftFreeBytes);
    }

    /** Makes a snapshot's directory, empty. */
    ChunkFiles create(Name name) throws IOException {
        makeDirectory();
        delete(name);
        disk.createDirectory(name.directory());
        return chunks(name);
    }

    /** Only when there is something to put into it: a node that is a stranger leaves no trace. */
    private synchronized void makeDirectory() throws IOException {
        if (isMade) {
            return;
        }
        if (!disk.isDirectory(directory)) {
            disk.createDirectory(directory);
        }
        disk.forceNames(node);
        isMade = true;
    }

    /** What is there by name is there after a loss of power, too, from now on. */
    void forceFound() throws IOException {
        if (disk.isDirectory(directory)) {
            disk.forceNames(node);
            disk.forceNames(directory);
        }
    }

    /**
     * Takes in a copy of a snapshot from elsewhere, forced.
     *
     * @param manifest what it is there
     * @param written what it is here: of the same chunks
     * @throws DamagedSnapshotException when it is not whole there
     */
    void copy(ChunkFiles source, SnapshotManifest manifest, SnapshotManifest written)
            throws IOException {
        Name aside = name(manifest.slot(), State.UNFINISHED);
        ChunkFiles copy = create(aside);
        for (int i = 0; i < manifest.chunkCount(); i++) {
            copy.writeChunk(i, source.readChunk(manifest, i));
        }
        byte[] effects = source.readEffects(manifest.id());
        if (effects != null) {
            copy.writeEffects(written.id(), effects);
        }
        copy.writeManifest(written);
        copy.forceNames();
        move(aside, State.COMPLETE);
    }

    /** Gives a snapshot another state, for good. */
    Name move(Name from, State to) throws IOException {
        Name target = name(from.slot(), to);
        disk.rename(from.directory(), target.directory());
        disk.forceNames(directory);
        return target;
    }

    /** Removes a snapshot that is not complete, so that a crash may leave any part of it. */
    void delete(Name name) throws IOException {
        if (exists(name)) {
            chunks(name).delete();
        }
    }

    /** Removes a complete snapshot: it is none any more before its first file goes. */
    void deleteComplete(Name name) throws IOException {
        Name unfinished = name(name.slot(), State.UNFINISHED);
        delete(unfinished);
        delete(move(name, State.UNFINISHED));
    }
}
