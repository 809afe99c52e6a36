package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.agrona.DirectBuffer;

/** Asks nodes again and again, each only so often. Belongs to the thread that asks. */
final class Repetition {
    private final int everyMs;
    private final DirectBuffer message;
    private final Map<String, Long> askedMs = new HashMap<>();

    /**
     * @param message what is asked, each time it is written anew
     */
    Repetition(int everyMs, DirectBuffer message) {
        this.everyMs = everyMs;
        this.message = message;
    }

    /**
     * Asks a node that has answered our hello, if that is due.
     *
     * @param question writes the message and returns its length without the header
     */
    void askIfDue(MemberLink link, long nowMs, IntSupplier question) {
        Long asked = askedMs.get(link.address);
        boolean isDue = asked == null || nowMs - asked >= everyMs;
        if (!link.isWelcomed() || !isDue) {
            return;
        }
        int length = MessageHeaderEncoder.ENCODED_LENGTH + question.getAsInt();
        if (link.send(message, length)) {
            askedMs.put(link.address, nowMs);
        }
    }
}
