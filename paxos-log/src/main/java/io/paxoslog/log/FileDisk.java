package io.paxoslog.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The disk of a node: real files, records in Chronicle queues. Any thread. */
class FileDisk implements Disk {
    /** The only one that nodes use. */
    static final FileDisk REAL = new FileDisk();

    private static final int LOADED_AT_ONCE = 64 << 10;

    /** Whoever tails the log loads piece after piece. */
    private static final ThreadLocal<ByteBuffer> LOADING =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(LOADED_AT_ONCE));

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return Files.isDirectory(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void createFile(Path file) throws IOException {
        Files.createFile(file);
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            force(channel, file);
        }
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Override
    public Mark openMark(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileMark mark = new FileMark(channel);
        try {
            if (channel.size() == 0) {
                mark.put(false);
                mark.force();
            }
            return mark;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private record FileMark(FileChannel channel) implements Mark {
        @Override
        public void put(boolean isSet) throws IOException {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (isSet ? 1 : 0)}), 0);
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean delete(Path path) throws IOException {
        return Files.deleteIfExists(path);
    }

    /** Returns once all that was written to the file before is on stable storage. */
    void force(FileChannel channel, Path file) throws IOException {
        channel.force(false);
    }

    /** Returns once a part of a file is on stable storage, by way of a mapping of all of it. */
    void force(MappedByteBuffer map, int from, int to, Path file) throws IOException {
        try {
            map.force(from, to - from);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void forceNames(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        long bytes = directory.toFile().getUsableSpace();
        if (bytes == 0 && !Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        return bytes;
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return DirectoryLock.take(file);
    }

    @Override
    public RecordFile createRecords(Path directory, String title, int recordBytes)
            throws IOException {
        return ChronicleFile.create(this, directory, title, recordBytes);
    }

    @Override
    public UnsafeBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = Math.min(channel.size(), Integer.MAX_VALUE);
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
            return new UnsafeBuffer(map);
        }
    }

    @Override
    public void load(Path file, long from, long to) throws IOException {
        long at = from;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer piece = LOADING.get();
            while (at < to) {
                piece.clear().limit((int) Math.min(to - at, piece.capacity()));
                int read = channel.read(piece, at);
                if (read < 0) {
                    throw new UnreadableException(file, at, "the file ends there");
                }
                at += read;
            }
        } catch (UnreadableException | NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableException(file, at, e);
        }
    }

    @Override
    public void unmap(UnsafeBuffer bytes) {
        ByteBuffer map = bytes.byteBuffer();
        bytes.wrap(0, 0);
        if (map != null && map.capacity() > 0) {
            BufferUtil.free(map);
        }
    }
}
