package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** Hears the replies of one client, on the thread that polls it. */
public interface ReplyListener {
    /**
     * The state machine's reply to a command. Each sequence once, in order.
     *
     * @param sequence what {@link PaxosClient#offer} returned
     * @param slot where the command stands in the log
     * @param reply holds the reply; valid during the call only
     * @param offset where the reply begins
     * @param length bytes of the reply
     */
    void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length);

    /**
     * The state machine could not take a command, and operators had the log skip it: it took no
     * effect, has no reply, and must not be sent again. In order with the replies. Unless this is
     * overridden, it comes as {@link #onUnknown} with {@link ClientError#SKIPPED}.
     *
     * @param sequence what {@link PaxosClient#offer} returned
     * @param slot where the command stands in the log
     */
    default void onSkipped(long sequence, long slot) {
        onUnknown(sequence, sequence, ClientError.SKIPPED);
    }

    /**
     * What the state machine sends to this session of its own accord. Each event once, in the order
     * in which they were sent; behind the reply to the command that it was sent at, if that is this
     * client's own. Once this has returned it counts as taken, and the cluster may forget it: what
     * it does is to be on stable storage by then, with {@link PaxosClient#sessionToken}, if it must
     * neither be done twice nor left out when this process dies.
     *
     * @param slot where in the log it was sent
     * @param index which event of that slot it is, over all sessions, from 0
     * @param event holds the event; valid during the call only
     * @param offset where the event begins
     * @param length bytes of the event
     */
    default void onEvent(long slot, int index, DirectBuffer event, int offset, int length) {}

    /**
     * Events up to this position are kept no more, and this client has not had them: the session
     * was taken up from an older position than the one that was reached before.
     *
     * @param slot where the last one of them was sent
     * @param index which event of that slot it is
     */
    default void onEventsLost(long slot, int index) {}

    /**
     * The client ended before these commands were answered: each may have taken effect or not.
     *
     * @param why {@link ClientError#SESSION_EXPIRED} or {@link ClientError#CLOSED}, mostly
     */
    default void onUnknown(long firstSequence, long lastSequence, ClientError why) {}

    /**
     * The state machine's answer to a query. Each read once, in any order.
     *
     * @param read what {@link PaxosClient#read} returned
     * @param slot the state that answered was that of every command up to it, and of none above
     * @param answer holds the answer; valid during the call only
     * @param offset where the answer begins
     * @param length bytes of the answer
     */
    default void onRead(long read, long slot, DirectBuffer answer, int offset, int length) {}

    /**
     * A read has no answer. It had no effect either, so it may always be asked again.
     *
     * @param read what {@link PaxosClient#read} returned
     * @param why what to do about it is said there
     * @param about one line for people; may be empty
     */
    default void onReadFailed(long read, ClientError why, String about) {}
}
