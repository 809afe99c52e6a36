package io.paxoslog.gateway;

import io.paxoslog.core.Batch;
import org.agrona.DirectBuffer;

/** A message with commands of the log, on its way to one who tails the log. */
interface TailMessage {
    /** Begins one, in the place of the one before. */
    void begin(Connection client);

    /** Whether one more command goes into a message of so many bytes, which one always does. */
    boolean hasRoomFor(int commandBytes, int mostBytes);

    /**
     * Adds a command.
     *
     * @param entry where its header lies in the batch; the command is right behind
     */
    void add(Batch batch, long slot, int entry, int commandBytes);

    /** Whether there is anything in it. */
    boolean isEmpty();

    /**
     * Completes it.
     *
     * @param nextSlot where to go on after it
     * @return its length
     */
    int end(long nextSlot);

    /** Where it lies. */
    DirectBuffer buffer();
}
