package io.paxoslog.service;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Calls a state machine as a node does. */
public final class Calls {
    /** What replies may have unless the log says otherwise. */
    public static final int REPLY_BYTES = SessionLimits.DEFAULT.maxReplyBytes();

    private final Entry entry = new Entry();
    private final Query query = new Query();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[0]);
    private final Reply reply;

    /** Replies have up to so many bytes. */
    public Calls(int replyBytes) {
        reply = new Reply(replyBytes);
    }

    /** Applies a command; returns the reply. */
    public byte[] apply(StateMachine machine, byte[] command) {
        applyOnly(machine, command);
        return said();
    }

    /** Applies a command, and makes no garbage of its own. */
    public Reply applyOnly(StateMachine machine, byte[] command) {
        reply.clear();
        bytes.wrap(command);
        entry.bytes(bytes, 0, command.length);
        machine.apply(entry, reply);
        return reply;
    }

    /** Asks; returns the answer. */
    public byte[] query(StateMachine machine, byte[] asked) {
        queryOnly(machine, asked);
        return said();
    }

    /** Asks, and makes no garbage of its own. */
    public Reply queryOnly(StateMachine machine, byte[] asked) {
        reply.clear();
        bytes.wrap(asked);
        machine.query(query.bytes(bytes, 0, asked.length), reply);
        return reply;
    }

    private byte[] said() {
        byte[] said = new byte[reply.length()];
        reply.buffer().getBytes(0, said);
        return Arrays.copyOf(said, said.length);
    }
}
