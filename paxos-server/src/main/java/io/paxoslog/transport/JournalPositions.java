package io.paxoslog.transport;

/** How far the journal of this node has been written, in bytes that only grow. */
public interface JournalPositions {
    /** End of the last record. */
    long appendedPosition();

    /** End of the last promise or own ballot. */
    long ballotPosition();

    /** The run of this node; goes with everything that it says to others. */
    long run();
}
