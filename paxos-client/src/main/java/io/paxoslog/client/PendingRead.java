package io.paxoslog.client;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** A read that is not answered yet. Used again. */
final class PendingRead {
    private static final int MOST_IDLE_BYTES = 4 * 1024;
    private static final int FIRST_BYTES = 64;

    long id;
    ReadMode mode;
    long slot;
    long deadlineMs;

    /** When it is sent again if nothing came of it; of no meaning while it waits to be sent. */
    long againMs;

    /** Null while it waits to be sent. */
    MemberLink sentTo;

    /** What the last node that did not answer it said; null: none did. */
    String reason;

    private ExpandableArrayBuffer query = new ExpandableArrayBuffer(FIRST_BYTES);
    private int length;

    void fill(DirectBuffer buffer, int offset, int queryBytes) {
        length = queryBytes;
        query.putBytes(0, buffer, offset, queryBytes);
        sentTo = null;
        reason = null;
    }

    void empty() {
        id = 0;
        sentTo = null;
        if (query.capacity() > MOST_IDLE_BYTES) {
            query = new ExpandableArrayBuffer(FIRST_BYTES);
        }
    }

    boolean isPending() {
        return id != 0;
    }

    DirectBuffer query() {
        return query;
    }

    int length() {
        return length;
    }
}
