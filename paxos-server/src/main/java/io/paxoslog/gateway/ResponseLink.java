package io.paxoslog.gateway;

import org.agrona.DirectBuffer;

/** The way back to one client. Never waits: what it cannot take now is said again. */
public interface ResponseLink extends AutoCloseable {
    /** Whether the client can be reached at this moment. */
    boolean isConnected();

    /** Whether the host of the client says that nobody listens there. */
    boolean isRefused();

    /** Whether it is over and the client must come again by another one. */
    boolean isBroken();

    /** Most bytes of a message that travels as one fragment. */
    int fragmentBytes();

    /** Whether a message of one fragment would most likely be taken now. */
    boolean hasRoom();

    /** Says a message; false when it was not taken. */
    boolean send(DirectBuffer message, int length);

    @Override
    void close();

    /** Opens links. */
    interface Factory {
        /** Opens a link to IP:PORT; does not wait until it is connected. */
        ResponseLink open(String endpoint);
    }
}
