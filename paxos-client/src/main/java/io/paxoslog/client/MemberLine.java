package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** The way to one member. Never waits: what it does not take is lost or said again. */
public interface MemberLine extends AutoCloseable {
    /** Whether something may be sent now. */
    boolean isOpen();

    /** Whether it is over, and only a new one helps. */
    boolean isBroken();

    /** Whether somebody at the other end takes what is sent. */
    default boolean isHeard() {
        return false;
    }

    /** Whether it leads to a member in this process, by memory. */
    default boolean isNear() {
        return false;
    }

    /** Bytes of a message that travels as one fragment. */
    int fragmentBytes();

    /** Bytes of the largest message that this way can carry. */
    int maxMessageBytes();

    /** Sends a message; false when it was not taken. */
    boolean send(DirectBuffer message, int length);

    /** Sends a message that lies in two places; false when it was not taken. */
    boolean send(DirectBuffer head, int headLength, DirectBuffer body, int offset, int length);

    @Override
    void close();
}
