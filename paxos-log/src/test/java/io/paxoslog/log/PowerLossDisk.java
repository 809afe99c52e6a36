package io.paxoslog.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.agrona.BitUtil;

/**
 * Knows what was forced, loses power at the call it is told, and then takes away what was not:
 * bytes of every page since its last force, and names since the last force of their directory.
 */
final class PowerLossDisk extends FileDisk {
    private final Path root;
    private final Map<Object, byte[]> forcedBytes = new ConcurrentHashMap<>();
    private final Map<Object, Map<Path, Object>> forcedNames = new ConcurrentHashMap<>();
    private int callsLeft;

    /** Power goes right before the call after {@code calls} ones. */
    PowerLossDisk(Path root, int calls) {
        this.root = root;
        this.callsLeft = calls;
    }

    /** What is there already is safe. */
    PowerLossDisk holdingAllThatIsThere() throws IOException {
        for (Path path : paths()) {
            if (Files.isDirectory(path)) {
                keepNames(path);
            } else {
                keepBytes(path);
            }
        }
        return this;
    }

    synchronized boolean isLost() {
        return callsLeft < 0;
    }

    private void count() throws IOException {
        callsLeft--;
        if (callsLeft < 0) {
            callsLeft = -1;
            throw new IOException("power lost");
        }
    }

    @Override
    synchronized void force(FileChannel channel, Path file) throws IOException {
        count();
        keepBytes(file);
    }

    @Override
    synchronized void force(MappedByteBuffer map, int from, int to, Path file) throws IOException {
        count();
        keepPages(file, from - from % Pages.BYTES, BitUtil.align(to, Pages.BYTES));
    }

    private void keepBytes(Path file) throws IOException {
        forcedBytes.put(inode(file), Files.readAllBytes(file));
    }

    /** Pages that were never forced are zeros, or not there at all behind the last one that was. */
    private void keepPages(Path file, int from, int to) throws IOException {
        byte[] before = forcedBytes.getOrDefault(inode(file), new byte[0]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int end = (int) Math.min(to, channel.size());
            byte[] forced = Arrays.copyOf(before, Math.max(before.length, end));
            ByteBuffer pages = ByteBuffer.wrap(forced, from, end - from);
            while (pages.hasRemaining()) {
                channel.read(pages, pages.position());
            }
            forcedBytes.put(inode(file), forced);
        }
    }

    @Override
    public synchronized void forceNames(Path directory) throws IOException {
        count();
        keepNames(directory);
    }

    private void keepNames(Path directory) throws IOException {
        Map<Path, Object> names = new HashMap<>();
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.toList()) {
                names.put(child.getFileName(), inode(child));
            }
        }
        forcedNames.put(inode(directory), names);
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    /**
     * Leaves what a machine finds when it comes back.
     *
     * @param namesToo whether names that were not forced are lost, or as they were before
     */
    void takeAway(boolean namesToo) {
        try {
            for (Path path : paths()) {
                if (Files.isRegularFile(path)) {
                    Files.write(path, forcedBytes.getOrDefault(inode(path), new byte[0]));
                }
            }
            if (namesToo) {
                takeNamesAway();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeNamesAway() throws IOException {
        for (Path path : paths()) {
            if (!path.equals(root)) {
                Object parent = inode(path.getParent());
                takeNameAway(path, forcedNames.getOrDefault(parent, Map.of()));
            }
        }
    }

    private static void takeNameAway(Path path, Map<Path, Object> forced) throws IOException {
        if (forced.containsKey(path.getFileName())) {
            return;
        }
        for (Map.Entry<Path, Object> old : forced.entrySet()) {
            Path oldPath = path.resolveSibling(old.getKey());
            if (old.getValue().equals(inode(path)) && !Files.exists(oldPath)) {
                Files.move(path, oldPath);
                return;
            }
        }
        Trees.delete(path);
    }

    private List<Path> paths() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
