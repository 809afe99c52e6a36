package io.paxoslog.bench.cluster;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.IoUtil;

/**
 * The directories and processes of one run. Whatever happens to this process short of {@code kill
 * -9}, they are gone when it is; and then processes go by themselves. Thread-safe.
 */
final class Workspace implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");

    private final Path disk;
    private final Path memory;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final Thread atExit = new Thread(this::abandon, "remove-workspace");

    private Workspace(Path disk, Path memory) {
        this.disk = disk;
        this.memory = memory;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Makes a directory on disk and one in memory.
     *
     * @param parent where the one on disk is made
     */
    static Workspace create(Path parent) {
        try {
            Path shared = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : parent;
            Files.createDirectories(parent);
            return new Workspace(
                    Files.createTempDirectory(parent, "paxoslog-compare-"),
                    Files.createTempDirectory(shared, "paxoslog-compare-"));
        } catch (IOException e) {
            throw CompareException.wrongUse(
                    "--dir: no directory can be made in %s (%s)".formatted(parent, e.getMessage()));
        }
    }

    /** Fails when a directory does not lie on a disk. */
    static void requireDisk(Path directory) {
        try {
            Files.createDirectories(directory);
            FileStore store = Files.getFileStore(directory);
            if (IN_MEMORY.contains(store.type())) {
                throw CompareException.wrongUse(
                        "--dir: %s lies in memory (%s), where forcing to disk costs nothing; choose a"
                                        .formatted(directory, store.type())
                                + " directory on a disk, or say --allow-tmpfs");
            }
        } catch (IOException e) {
            throw CompareException.wrongUse(
                    "--dir: %s cannot be used (%s)".formatted(directory, e.getMessage()));
        }
    }

    Path disk() {
        return disk;
    }

    Path memory() {
        return memory;
    }

    /** Starts a process that ends with this workspace. */
    synchronized ChildProcess start(String name, List<String> words) {
        ChildProcess process = ChildProcess.start(name, words);
        processes.add(process);
        return process;
    }

    private synchronized void abandon() {
        processes.forEach(ChildProcess::kill);
        delete();
    }

    private void delete() {
        IoUtil.delete(disk.toFile(), true);
        IoUtil.delete(memory.toFile(), true);
    }

    /** Lets all processes stop, kills those that do not, and removes the directories. */
    @Override
    public synchronized void close() {
        processes.forEach(ChildProcess::letGo);
        processes.forEach(ChildProcess::close);
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // Exiting already: the hook finds nothing left to do.
            return;
        }
    }
}
