package io.paxoslog.transport;

import org.agrona.MutableDirectBuffer;

/** Takes one encoded frame at a time: claim room, write at the offset, commit. Never blocks. */
interface FrameSink {
    /**
     * Answer of {@link #claim} when the frame does not fit; it is lost, and the protocol repeats.
     */
    int REFUSED = -1;

    /** Makes room for a frame and returns its offset in {@link #buffer()}, or {@link #REFUSED}. */
    int claim(int length);

    /** Where to write; may be another memory after each {@link #claim}. */
    MutableDirectBuffer buffer();

    /** The frame claimed last is written. */
    void commit();
}
