package io.paxoslog.service;

import org.agrona.concurrent.UnsafeBuffer;

/** Asks a state machine between two commands, as a node does. */
public final class Asking {
    private final Query query = new Query();
    private final Reply reply = new Reply(SessionLimits.DEFAULT.maxReplyBytes());
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    /** Asks; nothing waits. */
    public byte[] ask(StateMachine machine, byte[] asked) {
        reply.clear();
        bytes.wrap(asked);
        machine.query(query.asked(false, false, 0).bytes(bytes, 0, asked.length), reply);
        byte[] answer = new byte[reply.length()];
        reply.buffer().getBytes(0, answer);
        return answer;
    }
}
