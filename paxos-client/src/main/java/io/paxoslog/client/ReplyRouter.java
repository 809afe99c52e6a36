package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** Gives the reply somebody waits for to him, and all others to the listener. */
final class ReplyRouter implements ReplyListener {
    private final ReplyListener listener;
    private final UserCode userCode;
    private long awaited;
    private Appended taken;
    private long skippedAt;

    ReplyRouter(ReplyListener listener, UserCode userCode) {
        this.listener = listener;
        this.userCode = userCode;
    }

    /** From now on somebody waits for this sequence; 0: nobody does. */
    void await(long sequence) {
        awaited = sequence;
        taken = null;
        skippedAt = 0;
    }

    /** Slot at which the awaited command was skipped; 0 when it was not. */
    long skippedAt() {
        return skippedAt;
    }

    /** The awaited reply, or null as long as it has not come. */
    Appended taken() {
        return taken;
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        if (sequence != awaited) {
            pass(sequence, slot, reply, offset, length);
            return;
        }
        byte[] bytes = new byte[length];
        reply.getBytes(offset, bytes);
        taken = new Appended(slot, bytes);
        awaited = 0;
    }

    private void pass(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        userCode.begin();
        try {
            listener.onReply(sequence, slot, reply, offset, length);
        } catch (Throwable e) {
            userCode.threw(e);
        } finally {
            userCode.end();
        }
    }

    @Override
    public void onSkipped(long sequence, long slot) {
        if (sequence == awaited) {
            skippedAt = slot;
            awaited = 0;
            return;
        }
        userCode.begin();
        try {
            listener.onSkipped(sequence, slot);
        } catch (Throwable e) {
            userCode.threw(e);
        } finally {
            userCode.end();
        }
    }

    @Override
    public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
        userCode.begin();
        try {
            listener.onUnknown(firstSequence, lastSequence, why);
        } catch (Throwable e) {
            userCode.threw(e);
        } finally {
            userCode.end();
        }
    }
}
