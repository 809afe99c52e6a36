package io.paxoslog.apply;

/** Takes the snapshots that the one who applies begins. Called on its thread; never blocks. */
public interface SnapshotSink {
    /**
     * A snapshot begins. Whoever gets it has it written by a thread in the background, and closes
     * it in any case: before that no other one begins.
     */
    void begin(SnapshotJob job);

    /** About how many bytes of sessions are copied at once, between two batches. */
    default int pieceBytes() {
        return 64 * 1024;
    }

    /** The state machine threw at a request for its view; it goes on all the same. */
    void failed(long slot, Throwable cause);
}
