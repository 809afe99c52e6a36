package io.paxoslog.client;

import org.agrona.DirectBuffer;

/** Gives the reply somebody waits for to him, and all others to the listener. */
final class ReplyRouter implements ReplyListener {
    private final ReplyListener listener;
    private final UserCode userCode;
    private long awaited;
    private Appended taken;
    private long skippedAt;
    private long awaitedRead;
    private ReadAnswer answer;
    private ClientException readFailure;

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
    public void onEvent(long slot, int index, DirectBuffer event, int offset, int length) {
        userCode.begin();
        try {
            listener.onEvent(slot, index, event, offset, length);
        } catch (Throwable e) {
            userCode.threw(e);
        } finally {
            userCode.end();
        }
    }

    @Override
    public void onEventsLost(long slot, int index) {
        userCode.begin();
        try {
            listener.onEventsLost(slot, index);
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

    /** From now on somebody waits for the answer to this read; 0: nobody does. */
    void awaitRead(long read) {
        awaitedRead = read;
        answer = null;
        readFailure = null;
    }

    /** The awaited answer, or null as long as it has not come. */
    ReadAnswer answer() {
        return answer;
    }

    /** Why the awaited read has no answer; null when that is not so. */
    ClientException readFailure() {
        return readFailure;
    }

    @Override
    public void onRead(long read, long slot, DirectBuffer buffer, int offset, int length) {
        if (read == awaitedRead) {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            answer = new ReadAnswer(slot, bytes);
            awaitedRead = 0;
            return;
        }
        userCode.begin();
        try {
            listener.onRead(read, slot, buffer, offset, length);
        } catch (Throwable e) {
            userCode.threw(e);
        } finally {
            userCode.end();
        }
    }

    @Override
    public void onReadFailed(long read, ClientError why, String about) {
        if (read == awaitedRead) {
            readFailure =
                    about.isEmpty() ? new ClientException(why) : new ClientException(why, about);
            awaitedRead = 0;
            return;
        }
        userCode.begin();
        try {
            listener.onReadFailed(read, why, about);
        } catch (Throwable e) {
            userCode.threw(e);
        } finally {
            userCode.end();
        }
    }
}
