package io.paxoslog.log;

import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of one node: whose it is, that it is ours alone while we run, and what we made in
 * it.
 */
final class JournalDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String FORCE_FAILED = "force-failed";

    private final Path path;
    private final SegmentFiles segments;
    private final Disk disk;

    /** Directories this process made, outermost first. */
    private final List<Path> created = new ArrayList<>();

    private Identity identity;
    private FileChannel lockChannel;
    private boolean isNew;

    private JournalDirectory(Path path, Disk disk) {
        this.path = path;
        this.disk = disk;
        this.segments = new SegmentFiles(path.resolve("journal"));
    }

    /**
     * Takes the directory for this process. Changes nothing on disk when it throws {@link
     * JournalException}.
     */
    static JournalDirectory open(JournalConfig config, Disk disk) {
        JournalDirectory directory =
                new JournalDirectory(config.directory().toAbsolutePath(), disk);
        try {
            directory.open(config.node());
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

    private void open(int node) throws IOException {
        requireWhole(node);
        createDirectories(path);
        lock();
        // Another process may have been at it until a moment ago.
        identity = requireWhole(node);
        if (identity == null) {
            create(node);
        }
    }

    /** Null when there is no journal yet. */
    private Identity requireWhole(int node) throws IOException {
        Identity found = Identity.read(path);
        boolean hasSegments = !segments.list().isEmpty();
        if (found == null) {
            if (hasSegments && !Identity.isAside(path)) {
                throw damaged(path.resolve(Identity.FILE), "there is a journal beside it");
            }
            return null;
        }
        found.requireNode(node, path);
        if (!hasSegments) {
            throw damaged(segments.directory(), "there is an identity beside it");
        }
        return found;
    }

    private static JournalException damaged(Path missing, String although) {
        return new JournalException(
                Kind.DAMAGED,
                missing
                        + " is missing or empty, though "
                        + although
                        + ": put it back from where it went, or replace the node; nothing was changed");
    }

    private void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (Files.exists(directory)) {
            throw new NotDirectoryException(directory.toString());
        }
        Path parent = directory.getParent();
        createDirectories(parent);
        Files.createDirectory(directory);
        created.add(directory);
        disk.forceNames(parent);
    }

    private void lock() throws IOException {
        lockChannel =
                FileChannel.open(
                        path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = lockChannel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new JournalException(
                    Kind.LOCKED,
                    "directory "
                            + path
                            + " is in use by another process: stop that one first, or give another"
                            + " directory");
        }
    }

    private void create(int node) throws IOException {
        isNew = true;
        for (SegmentFiles.Name leftover : segments.list()) {
            // Of a process that died before it had made the journal, and so had promised nothing.
            SegmentFiles.delete(leftover.directory());
        }
        identity = Identity.draw(node);
        identity.writeAside(path, disk);
        createDirectories(segments.directory());
    }

    /** From here on the journal exists: its first segment is forced. */
    void commit() throws IOException {
        if (isNew) {
            Identity.nameAside(path, disk);
        }
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

    /** Leaves word that values voted for may be lost. Best effort: the disk has just failed. */
    void noteFailedForce() {
        try {
            Files.createFile(path.resolve(FORCE_FAILED));
            disk.forceNames(path);
        } catch (IOException e) {
            // The process stops anyway, and says why.
            return;
        }
    }

    boolean hasFailedForce() {
        return Files.exists(path.resolve(FORCE_FAILED));
    }

    void forgetFailedForce() throws IOException {
        if (Files.deleteIfExists(path.resolve(FORCE_FAILED))) {
            disk.forceNames(path);
        }
    }

    /** Gives the directory up, and removes what this process made in it. */
    void discard() {
        try {
            if (isNew) {
                SegmentFiles.delete(segments.directory());
                Files.deleteIfExists(path.resolve(Identity.FILE));
                Files.deleteIfExists(path.resolve(Identity.ASIDE));
                Files.deleteIfExists(path.resolve(LOCK));
            }
        } catch (NoSuchFileException e) {
            // Nothing was made.
        } catch (IOException e) {
            throw new JournalException(
                    Kind.NOT_WRITABLE, "cannot remove what was created in " + path, e);
        } finally {
            close();
        }
        removeCreatedDirectories();
    }

    private void removeCreatedDirectories() {
        for (int i = created.size() - 1; i >= 0; i--) {
            try {
                Files.deleteIfExists(created.get(i));
            } catch (IOException e) {
                // Somebody else put something there: it stays.
                return;
            }
        }
    }

    /** Lets others take the directory. */
    @Override
    public void close() {
        if (lockChannel == null) {
            return;
        }
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new JournalException(Kind.DISK, "cannot unlock " + path, e);
        }
    }
}
