package io.paxoslog.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Files and names as the operating system keeps them: all that a journal asks of it. Nodes use
 * {@link FileDisk}; a test kit simulates another one and has the same journal run on it.
 *
 * <p>Threads may use different files at a time.
 */
public interface Disk {
    /** One byte of a file, changed where it lies. */
    interface Mark extends Closeable {
        /** Sets it, or takes it back. Every process of this run of the machine sees it then. */
        void put(boolean isSet) throws IOException;

        /** Returns once it is on stable storage. */
        void force() throws IOException;
    }

    /** Whether there is something by this name. */
    boolean exists(Path path);

    /** Whether there is a directory by this name. */
    boolean isDirectory(Path path);

    /** What a directory holds, in any order; nothing when there is no such directory. */
    List<Path> list(Path directory) throws IOException;

    /** Makes a directory in one that exists. */
    void createDirectory(Path directory) throws IOException;

    /** Makes an empty file where there is none. */
    void createFile(Path file) throws IOException;

    /** Makes a file of these bytes, in the place of an older one, and forces it. */
    void write(Path file, byte[] bytes) throws IOException;

    /** All bytes of a small file. */
    byte[] read(Path file) throws IOException;

    /** Gives a file or directory another name, in one step. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, or a directory that is empty. Whether there was one. */
    boolean delete(Path path) throws IOException;

    /** Removes whatever there is by this name: a file, or a directory with all that it holds. */
    default void deleteAll(Path path) throws IOException {
        for (Path child : list(path)) {
            deleteAll(child);
        }
        delete(path);
    }

    /**
     * Opens a file of one byte, made and forced when it is absent, so that the byte can be changed
     * later, when the disk may make no file any more.
     */
    Mark openMark(Path file) throws IOException;

    /** Returns once the names in a directory are on stable storage. */
    void forceNames(Path directory) throws IOException;

    /** Bytes that may still be written to the disk that holds a directory. */
    long usableBytes(Path directory) throws IOException;

    /**
     * Takes a file, made when it is absent, for this process, until what is returned is closed.
     *
     * @return null when another process has it
     */
    Closeable lock(Path file) throws IOException;

    /**
     * Lays out a file for records in an empty directory. Nothing is forced.
     *
     * @param title what people see in a dump of the file
     * @param recordBytes room for records
     */
    RecordFile createRecords(Path directory, String title, int recordBytes) throws IOException;

    /** A file's bytes, for reading; those that are appended later show up in them. */
    UnsafeBuffer map(Path file) throws IOException;

    /**
     * Brings a part of a file into memory, so that {@link #map} has it: where the disk does not
     * give it back, this says so, and whoever touches the mapping dies.
     *
     * @throws IOException naming the file when it cannot be read, or ends before {@code to}
     */
    void load(Path file, long from, long to) throws IOException;

    /** Gives back what {@link #map} gave; nobody may touch it after. */
    void unmap(UnsafeBuffer bytes);
}
