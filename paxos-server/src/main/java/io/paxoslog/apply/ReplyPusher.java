package io.paxoslog.apply;

import io.paxoslog.codecs.client.EventsEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.Outcome;
import io.paxoslog.codecs.client.RepliesEncoder;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.EventQueue;
import io.paxoslog.service.Session;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Hands replies and events over for the clients that are connected here, in the order of their
 * slots; where both are of one slot, the reply first. They come from the session itself, so nothing
 * waits in memory for a slow client: each has a cursor, and when its link took less than was handed
 * over, it is attached again further back. Belongs to the one who applies.
 */
final class ReplyPusher {
    private static final int REPLIES_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + RepliesEncoder.BLOCK_LENGTH
                    + RepliesEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int REPLY_BYTES =
            RepliesEncoder.ItemsEncoder.sbeBlockLength()
                    + RepliesEncoder.ItemsEncoder.replyHeaderLength();
    private static final int EVENTS_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + EventsEncoder.BLOCK_LENGTH
                    + EventsEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int EVENT_BYTES =
            EventsEncoder.ItemsEncoder.sbeBlockLength()
                    + EventsEncoder.ItemsEncoder.payloadHeaderLength();
    private static final int MAX_REPLIES = 65_534;
    private static final long NOTHING_LEFT = Long.MAX_VALUE;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RepliesEncoder replies = new RepliesEncoder();
    private final EventsEncoder events = new EventsEncoder();
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

    /** Bytes of the message of one reply, or of one event where that is more. */
    static int messageBytes(int replyBytes) {
        return Math.max(REPLIES_BYTES + REPLY_BYTES, EVENTS_BYTES + EVENT_BYTES) + replyBytes;
    }

    void attach(
            long connection,
            long attachment,
            long link,
            long session,
            long awaited,
            long eventSlot,
            int eventIndex,
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
        attached.nextSequence = awaited;
        attached.eventSlot = eventSlot;
        attached.eventIndex = eventIndex;
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
        // What the machine sent and did at the slot where it stands still may never come to be.
        long upToSlot = applier.halt() == null ? NOTHING_LEFT : applier.appliedIndex();
        int said = 0;
        isHeldUp = false;
        for (int left = all.size(); left > 0 && !isHeldUp; left--) {
            next = next < all.size() ? next : 0;
            said += push(all.get(next), upToSlot);
            next += isHeldUp ? 0 : 1;
        }
        return said;
    }

    /**
     * Hands over what one session's client is due, so that it comes before what is said next.
     *
     * @param upToSlot what is of a later slot may not come to be
     */
    void pushOf(long session, long upToSlot) {
        Attached attached = bySession.get(session);
        if (attached != null) {
            push(attached, upToSlot);
        }
    }

    int count() {
        return all.size();
    }

    /** Whether the ring had no room for all that was due. */
    boolean isHeldUp() {
        return isHeldUp;
    }

    private int push(Attached to, long upToSlot) {
        Session session = applier.session(to.session);
        if (session == null) {
            return 0;
        }
        EventQueue queue = session.events();
        int said = 0;
        while (true) {
            long reply = nextReply(to, session);
            long replySlot = slotOfReply(session, reply, upToSlot);
            long event = queue == null ? 0 : queue.firstBehind(to.eventSlot, to.eventIndex);
            long eventSlot = queue == null ? NOTHING_LEFT : slotOfEvent(to, queue, event, upToSlot);
            if (replySlot == NOTHING_LEFT && eventSlot == NOTHING_LEFT) {
                return said;
            }
            boolean isSaid =
                    replySlot <= eventSlot
                            ? pushReplies(to, session, reply, Math.min(eventSlot, upToSlot))
                            : pushEvents(to, queue, event, Math.min(replySlot - 1, upToSlot));
            if (!isSaid) {
                isHeldUp = true;
                return said;
            }
            said++;
        }
    }

    private static long nextReply(Attached to, Session session) {
        return Math.max(to.nextSequence, session.firstKept());
    }

    private static long slotOfReply(Session session, long sequence, long upToSlot) {
        if (sequence > session.lastSequence()) {
            return NOTHING_LEFT;
        }
        long slot = session.slot(sequence);
        return slot <= upToSlot ? slot : NOTHING_LEFT;
    }

    /** That events are lost is told at once, whether there are others behind them or not. */
    private static long slotOfEvent(Attached to, EventQueue queue, long number, long upToSlot) {
        if (areLost(to, queue)) {
            return queue.takenSlot();
        }
        if (number > queue.last()) {
            return NOTHING_LEFT;
        }
        long slot = queue.slot(number);
        return slot <= upToSlot ? slot : NOTHING_LEFT;
    }

    /** Whether events that a client does not have are kept no more. */
    private static boolean areLost(Attached to, EventQueue queue) {
        return EventQueue.compare(
                        to.eventSlot, to.eventIndex, queue.takenSlot(), queue.takenIndex())
                < 0;
    }

    private boolean pushReplies(Attached to, Session session, long first, long upToSlot) {
        long last = lastThatFits(to, session, first, upToSlot);
        int bytes = REPLIES_BYTES;
        for (long sequence = first; sequence <= last; sequence++) {
            bytes += REPLY_BYTES + session.replyLength(sequence);
        }
        to.nextSequence = first;
        int at = facts.claimReplies(to, bytes);
        if (at < 0) {
            return false;
        }
        encode(at, to, session, first, last);
        facts.commitReplies(at);
        to.nextSequence = last + 1;
        return true;
    }

    private static long lastThatFits(Attached to, Session session, long first, long upToSlot) {
        long highest = Math.min(session.lastSequence(), first + MAX_REPLIES - 1);
        boolean isAllDue = upToSlot == NOTHING_LEFT;
        int room = to.fragmentBytes - REPLIES_BYTES - REPLY_BYTES - session.replyLength(first);
        long last = first;
        while (last < highest && (isAllDue || session.slot(last + 1) <= upToSlot)) {
            room -= REPLY_BYTES + session.replyLength(last + 1);
            if (room < 0) {
                break;
            }
            last++;
        }
        return last;
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

    private boolean pushEvents(Attached to, EventQueue queue, long first, long upToSlot) {
        long behind = first;
        int bytes = EVENTS_BYTES;
        while (behind <= queue.last()
                && queue.slot(behind) <= upToSlot
                && behind - first < MAX_REPLIES
                && (behind == first
                        || bytes + EVENT_BYTES + queue.length(behind) <= to.fragmentBytes)) {
            bytes += EVENT_BYTES + queue.length(behind);
            behind++;
        }
        int at = facts.claimReplies(to, bytes);
        if (at < 0) {
            return false;
        }
        encode(at, to, queue, first, behind);
        facts.commitReplies(at);
        to.eventSlot = lastSlot(queue, first, behind);
        to.eventIndex = lastIndex(queue, first, behind);
        return true;
    }

    private static long lastSlot(EventQueue queue, long first, long behind) {
        return behind > first ? queue.slot(behind - 1) : queue.takenSlot();
    }

    private static int lastIndex(EventQueue queue, long first, long behind) {
        return behind > first ? queue.index(behind - 1) : queue.takenIndex();
    }

    private void encode(int at, Attached to, EventQueue queue, long first, long behind) {
        boolean areLost = areLost(to, queue);
        EventsEncoder.ItemsEncoder items =
                events.wrapAndApplyHeader(facts.buffer(), at, header)
                        .link(to.link)
                        .session(to.session)
                        .behindSlot(to.eventSlot)
                        .lostSlot(areLost ? queue.takenSlot() : 0)
                        .lastSlot(lastSlot(queue, first, behind))
                        .behindIndex(to.eventIndex)
                        .lostIndex(areLost ? queue.takenIndex() : 0)
                        .lastIndex(lastIndex(queue, first, behind))
                        .itemsCount((int) (behind - first));
        for (long number = first; number < behind; number++) {
            items.next()
                    .slot(queue.slot(number))
                    .index(queue.index(number))
                    .putPayload(queue.buffer(), queue.offset(number), queue.length(number));
        }
    }
}
