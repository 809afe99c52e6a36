package io.paxoslog.log;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file of records while it is appended to. Made by one thread and handed to the one that appends;
 * {@link #force} and {@link #closeForcing} belong to the thread that forces.
 */
public interface RecordFile {
    /** Slows down work that has time, so that those who have none get the disk and the cores. */
    interface Pace {
        /** Called after each portion; {@code part} of all work is done, from 0 to 1. */
        void done(double part);
    }

    /**
     * A file is filled with zeros, and later forced, in pieces of this size and at multiples of it.
     * The kernel keeps a file in memory in pieces as they were written, and on every force marks
     * and writes a piece as a whole; and a page that was mapped for reading first costs much more
     * to write to. Both show in docs/performance.md.
     */
    int PIECE_BYTES = 64 << 10;

    /**
     * Where somebody waits for each force it often has few bytes to write, and the whole piece goes
     * with them: smaller ones take more time to fill, and less at every force.
     */
    int AWAITED_PIECE_BYTES = 16 << 10;

    /** Whether a record of so many bytes still goes in here. */
    boolean hasRoomFor(int recordBytes);

    /** Bytes from the last record to the end of the file. */
    long leftBytes();

    /** Begins a record of so many bytes and returns the file offset where it goes. */
    int begin(int recordBytes);

    /** The file's bytes; ask again after each {@link #begin}. */
    UnsafeBuffer bytes();

    /** Ends the record: its first {@code bytes} bytes are there, all of them or 0. */
    void end(int bytes);

    /**
     * Makes sure that what is appended from now on has a place on the disk: appending meets no full
     * one.
     *
     * @param isForced whether that is put onto stable storage too: a force of a record then has
     *     nothing to write but the record. Waits for the disk as often as it takes
     */
    void reserve(boolean isForced, Pace pace) throws IOException;

    /** Puts all that was appended onto stable storage. */
    void force() throws IOException;

    /**
     * Puts all that was appended onto stable storage but for what lies in the piece that is being
     * written: it is left alone, so that whoever appends is not held up.
     */
    void forceWholePieces() throws IOException;

    /** Nothing more will be forced. */
    void closeForcing() throws IOException;

    /** What was forced is not to take memory any more; whoever reads it reads the disk. */
    void leaveMemory(Pace pace);

    /** Gives back all there is. Nobody may use the file after. */
    void close();
}
