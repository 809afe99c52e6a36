package io.paxoslog.client;

import io.paxoslog.media.Bell;
import org.agrona.DirectBuffer;

/**
 * What carries words between the clients of one thread and the nodes. Made, used and closed by that
 * thread.
 */
public interface Carrier extends MemberLines, AutoCloseable {
    /** Makes one, on the thread that will use it. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes one.
         *
         * @param config of the clients
         * @param bell beside which the thread sleeps; it is to ring when something has come
         */
        Carrier open(ClientConfig config, Bell bell);
    }

    /** Hears what is carried. */
    interface Listener {
        /**
         * A node said something.
         *
         * @param stream by which it came
         */
        void onMessage(int stream, DirectBuffer buffer, int offset, int length);

        /** A stream is gone. */
        void onLost(int stream);

        /** All ways are gone at once; new ones can be opened. */
        void onAllLost();
    }

    /** Hears what has come; returns how much it was. */
    int poll(Listener listener);

    /** Does what else is to do; returns how much it was. */
    int invoke();

    /** What may be behind it that members do not answer, in one line; null: nothing is known. */
    String whyNoAnswer();

    @Override
    void close();
}
