package io.paxoslog.apply;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.Outcome;
import io.paxoslog.codecs.client.RepliesEncoder;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.Session;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Hands replies over for the clients that are connected here. Replies come from the session itself,
 * so nothing waits in memory for a slow client: each has a cursor, and when its link took less than
 * was handed over, it is attached again further back. Belongs to the one who applies.
 */
final class ReplyPusher {
    private static final int REPLIES_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + RepliesEncoder.BLOCK_LENGTH
                    + RepliesEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int REPLY_BYTES =
            RepliesEncoder.ItemsEncoder.sbeBlockLength()
                    + RepliesEncoder.ItemsEncoder.replyHeaderLength();
    private static final int MAX_REPLIES = 65_534;

    /** A connection, the session it has, and the next sequence it is to get. */
    private static final class Attached {
        long connection;
        long attachment;
        long link;
        long session;
        long cursor;
        int fragmentBytes;
    }

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RepliesEncoder replies = new RepliesEncoder();
    private final CommandApplier applier;
    private final FactWriter facts;
    private final Long2ObjectHashMap<Attached> byConnection = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<Attached> bySession = new Long2ObjectHashMap<>();
    private final List<Attached> all = new ArrayList<>();
    private int next;
    private boolean isHeldUp;

    ReplyPusher(CommandApplier applier, FactWriter facts) {
        this.applier = applier;
        this.facts = facts;
    }

    /** Bytes of the message of one reply. */
    static int messageBytes(int replyBytes) {
        return REPLIES_BYTES + REPLY_BYTES + replyBytes;
    }

    void attach(
            long connection,
            long attachment,
            long link,
            long session,
            long awaited,
            int fragmentBytes) {
        Attached attached = byConnection.get(connection);
        if (attached == null) {
            attached = new Attached();
            attached.connection = connection;
            byConnection.put(connection, attached);
            all.add(attached);
        } else {
            bySession.remove(attached.session, attached);
        }
        attached.attachment = attachment;
        attached.link = link;
        attached.session = session;
        attached.cursor = awaited;
        attached.fragmentBytes = Math.min(fragmentBytes, facts.largestRepliesBytes());
        bySession.put(session, attached);
    }

    void detach(long connection) {
        Attached attached = byConnection.remove(connection);
        if (attached != null) {
            bySession.remove(attached.session, attached);
            all.remove(attached);
        }
    }

    /**
     * Hands over what is due, to whom there was no room for first; returns how many messages it
     * took.
     */
    int push() {
        int said = 0;
        isHeldUp = false;
        for (int left = all.size(); left > 0 && !isHeldUp; left--) {
            next = next < all.size() ? next : 0;
            said += push(all.get(next));
            next += isHeldUp ? 0 : 1;
        }
        return said;
    }

    /** Hands over what one session's client is due, so that it comes before what is said next. */
    void pushOf(long session) {
        Attached attached = bySession.get(session);
        if (attached != null) {
            push(attached);
        }
    }

    int count() {
        return all.size();
    }

    /** Whether the ring had no room for all that was due. */
    boolean isHeldUp() {
        return isHeldUp;
    }

    private int push(Attached to) {
        Session session = applier.session(to.session);
        if (session == null) {
            return 0;
        }
        int said = 0;
        long first = Math.max(to.cursor, session.firstKept());
        while (first <= session.lastSequence()) {
            long last = lastThatFits(to, session, first);
            if (!push(to, session, first, last)) {
                isHeldUp = true;
                return said;
            }
            first = last + 1;
            to.cursor = first;
            said++;
        }
        return said;
    }

    private static long lastThatFits(Attached to, Session session, long first) {
        long highest = Math.min(session.lastSequence(), first + MAX_REPLIES - 1);
        int room = to.fragmentBytes - messageBytes(session.replyLength(first));
        long last = first;
        while (last < highest) {
            room -= REPLY_BYTES + session.replyLength(last + 1);
            if (room < 0) {
                break;
            }
            last++;
        }
        return last;
    }

    private boolean push(Attached to, Session session, long first, long last) {
        int bytes = REPLIES_BYTES;
        for (long sequence = first; sequence <= last; sequence++) {
            bytes += REPLY_BYTES + session.replyLength(sequence);
        }
        int at = facts.claimReplies(to.connection, to.attachment, first, bytes);
        if (at < 0) {
            return false;
        }
        encode(at, to, session, first, last);
        facts.commitReplies(at);
        return true;
    }

    private void encode(int at, Attached to, Session session, long first, long last) {
        RepliesEncoder.ItemsEncoder items =
                replies.wrapAndApplyHeader(facts.buffer(), at, header)
                        .link(to.link)
                        .session(session.id())
                        .itemsCount((int) (last - first + 1));
        for (long sequence = first; sequence <= last; sequence++) {
            items.next()
                    .sequence(sequence)
                    .slot(session.slot(sequence))
                    .outcome(session.isSkipped(sequence) ? Outcome.SKIPPED : Outcome.APPLIED)
                    .putReply(
                            session.replyBuffer(),
                            session.replyOffset(sequence),
                            session.replyLength(sequence));
        }
    }
}
