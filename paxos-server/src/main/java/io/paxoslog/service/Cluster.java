package io.paxoslog.service;

import org.agrona.DirectBuffer;

/**
 * What a state machine may do beside changing itself and replying. To be called while the log calls
 * it, from {@link StateMachine#apply}, {@link StateMachine#timer} and those about sessions, and
 * nowhere else: what comes of it must follow from the log alone. Timers and events are part of the
 * replicated state and stand in snapshots; a state machine need not write them down.
 */
public interface Cluster {
    /**
     * Wakes the state machine once agreed time has come to a point: never earlier by it, and as
     * much later as an entry takes. Agreed time follows the members' wall clocks.
     *
     * @param timer any number; one that is set already is set anew
     * @param timeNs in nanoseconds since 1970, as {@link Moment#timeNs}; in the past: at once
     * @throws IllegalStateException when it is called from elsewhere
     */
    void timerAt(long timer, long timeNs);

    /**
     * Wakes the state machine once so much has passed on the agreed stopwatch, whatever wall clocks
     * do: never earlier, and up to about a second later. While nobody leads it stands.
     *
     * @param timer any number; one that is set already is set anew
     * @param ms milliseconds, as {@link Moment#stopwatchMs}; below 0 as 0
     * @throws IllegalStateException when it is called from elsewhere
     */
    void timerAfter(long timer, long ms);

    /**
     * Takes a timer back, of either kind.
     *
     * @return whether it was set
     * @throws IllegalStateException when it is called from elsewhere
     */
    boolean cancelTimer(long timer);

    /**
     * Sends an event to the client of a session, whichever that is. It gets each once, in the order
     * in which they were sent, behind the reply to the command that is applied now if that is its
     * own; wherever it is connected, and whoever leads by then. Events are kept, as replicated
     * state, until the client has taken them; a session that has more of them than {@link
     * EventLimits} allows ends at this slot, once this call of the machine has returned, with
     * {@link CloseReason#SLOW}.
     *
     * @param length at most {@link SessionLimits#maxReplyBytes}; the bytes are copied
     * @return whether the session is open; if not, nothing is sent
     * @throws IllegalArgumentException when the length is negative or too large
     * @throws IllegalStateException when it is called from elsewhere
     */
    boolean send(long session, DirectBuffer buffer, int offset, int length);

    /**
     * Something has changed that queries may wait for, which said so by {@link Query#later}: those
     * on this topic are asked again. Costs next to nothing where none waits, and is no part of the
     * replicated state.
     *
     * @param detail whatever those who wait are to be told: {@link Query#news} gives what was said
     *     first since they wait; not 0
     * @throws IllegalStateException when it is called from elsewhere
     */
    default void news(long topic, long detail) {}
}
