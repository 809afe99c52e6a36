package io.paxoslog.log;

import io.paxoslog.core.Base;
import io.paxoslog.log.JournalException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of one node: whose it is, that it is ours alone while we run, and what we made in
 * it.
 */
final class JournalDirectory implements AutoCloseable {
    static final String LOCK = "lock";

    /** One byte, there before it is needed: a disk that fails may make no file any more. */
    static final String FORCE_MARK = "force-mark";

    /** What earlier versions made when a force failed. */
    private static final String FORCE_FAILED = "force-failed";

    /** How often others may give the directory up while it is being taken. */
    private static final int TRIES = 100;

    private final Path path;
    private final SegmentFiles segments;
    private final Disk disk;

    /** Directories this process made, outermost first. */
    private final List<Path> created = new ArrayList<>();

    private Identity identity;
    private Closeable lock;
    private Disk.Mark forceMark;
    private boolean isNew;
    private boolean isIdentityLost;

    private JournalDirectory(Path path, Disk disk) {
        this.path = path;
        this.disk = disk;
        this.segments = new SegmentFiles(disk, path.resolve("journal"));
    }

    /**
     * Takes the directory for this process. Changes nothing on disk when it throws {@link
     * JournalException}.
     */
    static JournalDirectory open(JournalConfig config, Surroundings surroundings) {
        return open(config, surroundings, Base.NONE);
    }

    /**
     * As above; one that is made is on a base.
     *
     * @param base where there is one, the directory is being made, and marked so
     */
    static JournalDirectory open(JournalConfig config, Surroundings surroundings, Base base) {
        JournalDirectory directory =
                new JournalDirectory(config.directory().toAbsolutePath(), surroundings.disk());
        try {
            directory.open(config.node(), surroundings, base);
            return directory;
        } catch (IOException e) {
            directory.discard();
            throw new JournalException(
                    Kind.NOT_WRITABLE,
                    "cannot use directory "
                            + config.directory()
                            + ": "
                            + reason(e)
                            + "; give one that can be written",
                    e);
        } catch (JournalException e) {
            directory.close();
            throw e;
        }
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return e.getClass().getSimpleName().replace("Exception", "") + " " + message;
    }

    private void open(int node, Surroundings surroundings, Base base) throws IOException {
        requireNoBackup();
        if (base.isNone()) {
            requireFinished();
        }
        requireWhole(node);
        lock();
        // Another process may have been at it until a moment ago.
        identity = requireWhole(node);
        if (identity == null) {
            create(new Identity(node, surroundings.incarnations().getAsLong(), base));
        }
    }

    private void requireNoBackup() {
        Path mark = path.resolve(Backup.MARK);
        if (disk.exists(mark) && !disk.isDirectory(mark)) {
            throw new JournalException(
                    Kind.OTHER_NODE,
                    "directory "
                            + path
                            + " is a backup, which no node starts on: it has forgotten what its"
                            + " node promised since; give the node's own directory");
        }
    }

    private void requireFinished() {
        if (disk.exists(path.resolve(Founding.MARK))) {
            throw new JournalException(
                    Kind.DAMAGED,
                    "directory "
                            + path
                            + " is not complete, as the restore or recover that made it did not"
                            + " end: remove it, and make it again");
        }
    }

    /** Null when there is no journal yet. */
    private Identity requireWhole(int node) throws IOException {
        Identity found = readOrProve();
        boolean hasSegments = !segments.list().isEmpty();
        if (found == null) {
            return null;
        }
        found.requireNode(node, path);
        if (!hasSegments) {
            throw damaged(segments.directory(), "there is an identity beside it");
        }
        return found;
    }

    /** Each file of the journal begins with whose it is. */
    private Identity readOrProve() throws IOException {
        Identity found = null;
        JournalException damage = null;
        try {
            found = Identity.read(disk, path);
        } catch (JournalException e) {
            if (e.kind() != Kind.DAMAGED) {
                throw e;
            }
            damage = e;
        }
        boolean isUnmade = damage == null && Identity.isAside(disk, path);
        isIdentityLost = found == null && !isUnmade && !segments.list().isEmpty();
        if (!isIdentityLost) {
            if (damage != null) {
                throw damage;
            }
            return found;
        }
        Identity proven = Identity.proven(segments);
        if (proven == null) {
            throw damage == null
                    ? damaged(path.resolve(Identity.FILE), "there is a journal beside it")
                    : damage;
        }
        return proven;
    }

    private static JournalException damaged(Path missing, String although) {
        return new JournalException(
                Kind.DAMAGED,
                missing
                        + " is missing or empty, though "
                        + although
                        + ": put it back from where it went, or replace the node; nothing was"
                        + " changed");
    }

    private void lock() throws IOException {
        lock = takeLock();
        if (lock == null) {
            throw new JournalException(
                    Kind.LOCKED,
                    "directory "
                            + path
                            + " is in use by another process, or by another node in this one: stop"
                            + " that one first, or give another directory");
        }
    }

    private Closeable takeLock() throws IOException {
        for (int tries = 1; ; tries++) {
            createDirectories(path);
            try {
                return disk.lock(path.resolve(LOCK));
            } catch (NoSuchFileException e) {
                // Another process gave the directory up, and removed what it had made.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private void createDirectories(Path directory) throws IOException {
        if (disk.isDirectory(directory)) {
            return;
        }
        if (disk.exists(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        Path parent = directory.getParent();
        createDirectories(parent);
        try {
            disk.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (disk.isDirectory(directory)) {
                // Another process was faster.
                return;
            }
            throw e;
        }
        created.add(directory);
        disk.forceNames(parent);
    }

    private void create(Identity drawn) throws IOException {
        isNew = true;
        for (SegmentFiles.Name leftover : segments.list()) {
            // Of a process that died before it had made the journal, and so had promised nothing.
            segments.delete(leftover.directory());
        }
        identity = drawn;
        identity.writeAside(path, disk);
        createDirectories(segments.directory());
    }

    /** The second copy of what must never be forgotten. */
    StandingCopy standingCopy() {
        return new StandingCopy(disk, path);
    }

    /** From here on the journal exists: its first segment is forced. */
    void commit() throws IOException {
        if (isIdentityLost) {
            identity.writeAside(path, disk);
        }
        if (isNew || isIdentityLost) {
            Identity.nameAside(path, disk);
        }
    }

    /** What was made again when the journal was recovered, in one line; null for nothing. */
    String rebuilt() {
        return isIdentityLost
                ? path.resolve(Identity.FILE)
                        + " was missing or damaged, and was made again from what the journal says"
                : null;
    }

    Identity identity() {
        return identity;
    }

    SegmentFiles segments() {
        return segments;
    }

    /** Whether this process made the journal. */
    boolean isNew() {
        return isNew;
    }

    /** Makes sure that {@link #noteFailedForce} finds its place. Before anything is voted. */
    void prepareMark() throws IOException {
        forceMark = disk.openMark(path.resolve(FORCE_MARK));
        disk.forceNames(path);
    }

    /**
     * Leaves word that values voted for may be lost.
     *
     * @throws IOException when not even that can be written
     */
    void noteFailedForce() throws IOException {
        try {
            forceMark.put(true);
        } catch (IOException e) {
            disk.createFile(path.resolve(FORCE_FAILED));
        }
        try {
            forceMark.force();
            disk.forceNames(path);
        } catch (IOException e) {
            // A start in this run of the machine sees it all the same, and one in a later run asks
            // for a clean stop, which there was none.
            return;
        }
    }

    boolean hasFailedForce() throws IOException {
        return disk.exists(path.resolve(FORCE_FAILED)) || isMarked();
    }

    private boolean isMarked() throws IOException {
        Path file = path.resolve(FORCE_MARK);
        byte[] mark = disk.exists(file) ? disk.read(file) : new byte[0];
        // One that lost its byte may have been set.
        return disk.exists(file) && (mark.length == 0 || mark[0] != 0);
    }

    void forgetFailedForce() throws IOException {
        if (isMarked()) {
            forceMark.put(false);
            forceMark.force();
        }
        if (disk.delete(path.resolve(FORCE_FAILED))) {
            disk.forceNames(path);
        }
    }

    /**
     * Removes what this process made, then gives the directory up: whoever takes it after finds
     * nothing that may still go.
     */
    void discard() {
        try {
            if (isNew) {
                segments.delete(segments.directory());
                disk.delete(path.resolve(Identity.FILE));
                disk.delete(path.resolve(Identity.ASIDE));
                disk.delete(path.resolve(FORCE_MARK));
                disk.delete(path.resolve(StandingCopy.FILE));
                disk.delete(path.resolve(LOCK));
            }
            removeCreatedDirectories();
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE, "cannot remove what was created in " + path, e);
        } finally {
            close();
        }
    }

    private void removeCreatedDirectories() {
        for (int i = created.size() - 1; i >= 0; i--) {
            try {
                disk.delete(created.get(i));
            } catch (IOException e) {
                // Somebody else put something there: it stays.
                return;
            }
        }
    }

    /** Lets others take the directory. */
    @Override
    public void close() {
        Closeable held = lock;
        lock = null;
        if (held == null) {
            return;
        }
        try {
            if (forceMark != null) {
                forceMark.close();
            }
            held.close();
        } catch (IOException e) {
            throw new JournalException(Kind.DISK, "cannot unlock " + path, e);
        }
    }
}
