package io.paxoslog.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file that this process has to itself. The operating system gives up a process's lock as soon as
 * the process closes any descriptor of the file, whichever part of it opened that one: so a file
 * that is held here is never opened again. Thread-safe.
 */
final class DirectoryLock implements Closeable {
    /** Opens a file that exists, for writing. */
    interface Opener {
        FileChannel open(Path file) throws IOException;
    }

    /** Files held in this process, by what stays the same however a path spells them. */
    private static final Set<Object> HELD = new HashSet<>();

    /** Never closed, nor left to the collector, which would close them. */
    private static final List<FileChannel> NEVER_CLOSED = new ArrayList<>();

    private final Object key;
    private final FileChannel channel;

    private DirectoryLock(Object key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Takes a file, made when it is absent.
     *
     * @return null when this or another process has it
     * @throws NoSuchFileException when its directory goes meanwhile
     */
    static DirectoryLock take(Path file) throws IOException {
        return take(file, path -> FileChannel.open(path, StandardOpenOption.WRITE));
    }

    static DirectoryLock take(Path file, Opener opener) throws IOException {
        synchronized (HELD) {
            while (true) {
                Object key = keyOf(file);
                if (HELD.contains(key)) {
                    return null;
                }
                FileChannel channel = open(file, opener);
                if (channel == null) {
                    continue;
                }
                if (!lock(channel)) {
                    return null;
                }
                if (key.equals(keyOf(file))) {
                    HELD.add(key);
                    return new DirectoryLock(key, channel);
                }
                // Whoever had the directory gave it up meanwhile: this lock is of a file that is
                // gone.
                channel.close();
            }
        }
    }

    /** What the file is called by the file system, and never by a path. Makes it when absent. */
    private static Object keyOf(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // As it should be.
        }
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file.toRealPath() : key;
    }

    /** Null when it is gone again. */
    private static FileChannel open(Path file, Opener opener) throws IOException {
        try {
            return opener.open(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return true;
            }
        } catch (OverlappingFileLockException e) {
            // Held in this process by somebody who is not in the list, as code that was loaded
            // twice is: closing the channel would take his lock from him.
            NEVER_CLOSED.add(channel);
            return false;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return false;
    }

    /** Lets others take the file. */
    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (HELD.remove(key)) {
                channel.close();
            }
        }
    }
}
