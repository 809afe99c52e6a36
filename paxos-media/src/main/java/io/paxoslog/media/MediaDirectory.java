package io.paxoslog.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A directory in which one media driver keeps its buffers. Its name is drawn anew for every driver,
 * so that nobody else has it, and its owner holds a lock in it for as long as it lives. The kernel
 * lets go of that lock with the process, and shows it to everybody who sees the directory, also
 * from another container, where process numbers and paths mean something else. Whoever gets the
 * lock of another one knows that its owner is dead, and removes it. Any thread.
 */
public final class MediaDirectory implements AutoCloseable {
    private static final String PREFIX = "paxoslog-media-";
    private static final String OWNER = "owner";
    private static final String DRIVER = "driver";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int MOST_NAMES = 16;
    private static final int LONGEST_ID = 64;

    /** Of this process. To open and close a file that it locks would lose the lock. */
    private static final Set<Path> HELD = new HashSet<>();

    /** Held by another class loader of this process; for the same reason never closed. */
    private static final List<FileChannel> NEVER_CLOSED = new ArrayList<>();

    private final Path path;
    private final FileChannel owner;

    private MediaDirectory(Path path, FileChannel owner) {
        this.path = path;
        this.owner = owner;
    }

    /** Where buffers usually lie: in memory where the system has such a place. */
    public static Path usualParent() {
        return Files.isWritable(SHARED_MEMORY)
                ? SHARED_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes a directory that is the caller's own, and removes what dead processes of the same user
     * left beside it.
     *
     * @param parent where to make it; made as well when absent
     * @param use what it is for, as part of its name
     * @throws IOException when there is no place for it
     */
    public static MediaDirectory take(Path parent, String use) throws IOException {
        Files.createDirectories(parent);
        Path place = parent.toRealPath();
        SecureRandom random = new SecureRandom();
        synchronized (HELD) {
            for (int i = 0; i < MOST_NAMES; i++) {
                Path path = place.resolve("%s%s-%016x".formatted(PREFIX, use, random.nextLong()));
                MediaDirectory taken = tryToTake(path);
                if (taken != null) {
                    return taken;
                }
            }
        }
        throw new IOException("no directory can be locked in " + parent);
    }

    /** Null when another process had the name, or took the directory for one that was left. */
    private static MediaDirectory tryToTake(Path path) throws IOException {
        HELD.add(path);
        MediaDirectory taken = null;
        try {
            Files.createDirectory(path);
            // Before anything that needs room: there may be none until this is done.
            cleanUpBeside(path);
            taken = lock(path);
            return taken;
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            deleteTree(path);
            throw e;
        } finally {
            if (taken == null) {
                HELD.remove(path);
            }
        }
    }

    private static MediaDirectory lock(Path path) throws IOException {
        Path file = path.resolve(OWNER);
        FileChannel owner =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean isOurs = false;
        try {
            isOurs = owner.tryLock() != null && Files.exists(file);
            if (isOurs) {
                owner.write(ByteBuffer.wrap(bootId().getBytes(StandardCharsets.US_ASCII)));
            }
        } catch (IOException e) {
            owner.close();
            throw e;
        }
        if (!isOurs) {
            owner.close();
            return null;
        }
        return new MediaDirectory(path, owner);
    }

    /** Tells this run of this machine from others, whose locks cannot be seen here. */
    private static String bootId() throws IOException {
        return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "";
    }

    /** What cannot be told to be dead is left alone. */
    private static void cleanUpBeside(Path own) throws IOException {
        UserPrincipal user = Files.getOwner(own);
        String bootId = bootId();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(own.getParent(), PREFIX + "*")) {
            for (Path one : all) {
                cleanUp(one, user, bootId);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void cleanUp(Path path, UserPrincipal user, String bootId) {
        try {
            if (!HELD.contains(path)
                    && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)
                    && Files.isRegularFile(path.resolve(OWNER), LinkOption.NOFOLLOW_LINKS)) {
                deleteIfDead(path, bootId);
            }
        } catch (IOException e) {
            // Another one cleans up at the same time, or its owner just came or went.
            return;
        }
    }

    private static void deleteIfDead(Path path, String bootId) throws IOException {
        FileChannel owner =
                FileChannel.open(
                        path.resolve(OWNER), StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (owner.tryLock() != null && bootId.equals(read(owner))) {
                deleteTree(path);
            }
        } catch (OverlappingFileLockException e) {
            NEVER_CLOSED.add(owner);
            HELD.add(path);
            return;
        } catch (IOException e) {
            owner.close();
            throw e;
        }
        owner.close();
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_ID);
        channel.read(bytes);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }

    /** The owner's file goes last: without it nobody can tell that the rest may go. */
    private static void deleteTree(Path path) throws IOException {
        if (Files.exists(path.resolve(DRIVER))) {
            Files.walkFileTree(path.resolve(DRIVER), new Deletion());
        }
        Files.deleteIfExists(path.resolve(OWNER));
        Files.deleteIfExists(path);
    }

    /** Where the driver may make, and delete, what it likes. */
    public Path driver() {
        return path.resolve(DRIVER);
    }

    /** Removes the directory; the driver must have been closed. */
    @Override
    public void close() {
        synchronized (HELD) {
            if (!HELD.contains(path)) {
                return;
            }
            // Closed last: what lies there unlocked belongs to nobody.
            try (owner) {
                deleteTree(path);
            } catch (IOException e) {
                // The next one to clean up finds it unlocked.
                return;
            } finally {
                HELD.remove(path);
            }
        }
    }

    /** Deletes files before their directory, and follows no links. */
    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
