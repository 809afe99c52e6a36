package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** Hears what the state machine sends to the session of a client of its own accord. */
@FunctionalInterface
public interface EventListener {
    /**
     * An event. Each once, in the order in which they were sent; once this has returned it counts
     * as taken, and the cluster may forget it.
     *
     * @param slot where in the log it was sent
     * @param index which event of that slot it is, over all sessions, from 0
     * @param event holds the event; valid during the call only
     * @param offset where the event begins
     * @param length bytes of the event
     */
    void onEvent(long slot, int index, DirectBuffer event, int offset, int length);

    /**
     * Events are kept no more that this client has not had: somebody took them before it took the
     * session up from an older position. Those behind this position come next.
     *
     * @param slot where the last one of them was sent
     * @param index which event of that slot it is
     */
    default void onEventsLost(long slot, int index) {}
}
