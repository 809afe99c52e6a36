package io.paxoslog.server;

/** Lets the one who applies do its work, on whatever thread that is. */
interface Applying extends AutoCloseable {
    /**
     * Begins: called once, before the first turn.
     *
     * @param replica the thread of the replica
     */
    void start(Thread replica);

    /**
     * The replica has handed over what it had in this turn.
     *
     * @param isAwaited whether somebody waits for what comes of it
     * @return how much was done on this thread
     */
    int turn(boolean isAwaited);

    /** The slot whose command the application has at this moment; 0 for none. Any thread. */
    long slotInWork();

    /** Whether the application is called by this thread. */
    boolean isDoneBy(Thread thread);

    /** Ends it. Does not wait for ever for an application that does not return. */
    @Override
    void close();
}
