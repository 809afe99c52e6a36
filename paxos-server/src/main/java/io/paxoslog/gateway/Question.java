package io.paxoslog.gateway;

import io.paxoslog.service.CommandFate;
import org.agrona.DirectBuffer;

/** What a client wants to know of one command, and the answer until it is said. */
final class Question {
    private static final byte[] NO_BYTES = new byte[0];

    private long asked;
    private boolean isAnswerDue;
    private long answered;
    private CommandFate fate = CommandFate.NOT_KNOWN;
    private long slot;
    private byte[] reply = NO_BYTES;

    void ask(long correlation) {
        asked = correlation;
    }

    /** Whether the answer to this is wanted. */
    boolean isAbout(long correlation) {
        return asked == correlation && correlation != 0;
    }

    void answer(CommandFate newFate, long newSlot, DirectBuffer buffer, int offset, int length) {
        isAnswerDue = true;
        answered = asked;
        fate = newFate;
        slot = newSlot;
        reply = new byte[length];
        buffer.getBytes(offset, reply);
    }

    void answerNotKnown() {
        isAnswerDue = true;
        answered = asked;
        fate = CommandFate.NOT_KNOWN;
        slot = 0;
        reply = NO_BYTES;
    }

    boolean isAnswerDue() {
        return isAnswerDue;
    }

    void said() {
        isAnswerDue = false;
        reply = NO_BYTES;
    }

    long answered() {
        return answered;
    }

    CommandFate fate() {
        return fate;
    }

    long slot() {
        return slot;
    }

    byte[] reply() {
        return reply;
    }
}
