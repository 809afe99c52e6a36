package io.paxoslog.apply;

import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Queries that wait for news, each on one topic. Those that are to be asked again stand in a queue.
 * Belongs to the one who applies.
 */
final class WaitingQueries {
    private static final int MOST_IDLE = 256;
    private static final int MOST_IDLE_BYTES = 4 * 1024;
    private static final int FIRST_BYTES = 64;

    /** One of them. Used again. */
    static final class Waiting {
        long ticket;

        /** What its client knows it by. */
        long read;

        /** It shows no state before this one. */
        long slot;

        int fragmentBytes;

        /** The first that was said of its topic since it waits; 0: nothing. */
        long news;

        /** Another state machine was asked before, or this one before it was set back. */
        boolean isFirst;

        /** There is no time left: it is answered with what there is. */
        boolean isLast;

        private long topic;

        /** Whether it is told of its topic: until there is news, or until it is taken. */
        private boolean isListening;

        /** Whether it stands among those that are to be asked again. */
        private boolean isWoken;

        private Waiting before;
        private Waiting after;
        private ExpandableArrayBuffer bytes = new ExpandableArrayBuffer(FIRST_BYTES);
        private int length;

        DirectBuffer bytes() {
            return bytes;
        }

        int length() {
            return length;
        }
    }

    private final Long2ObjectHashMap<Waiting> byTicket = new Long2ObjectHashMap<>();

    /** The first of those on each topic. */
    private final Long2ObjectHashMap<Waiting> byTopic = new Long2ObjectHashMap<>();

    private final ArrayDeque<Waiting> woken = new ArrayDeque<>();
    private final ArrayDeque<Waiting> idle = new ArrayDeque<>();

    /** One more waits, whose query is copied. */
    void add(
            long ticket,
            long read,
            long slot,
            int fragmentBytes,
            long topic,
            DirectBuffer query,
            int offset,
            int length) {
        Waiting waiting = idle.isEmpty() ? new Waiting() : idle.pop();
        waiting.ticket = ticket;
        waiting.read = read;
        waiting.slot = slot;
        waiting.fragmentBytes = fragmentBytes;
        waiting.isLast = false;
        waiting.length = length;
        waiting.bytes.putBytes(0, query, offset, length);
        byTicket.put(ticket, waiting);
        waitOn(topic, waiting);
    }

    /** It was asked again, and goes on waiting. */
    void waitOn(long topic, Waiting waiting) {
        waiting.news = 0;
        waiting.isFirst = false;
        waiting.isWoken = false;
        waiting.isListening = true;
        waiting.topic = topic;
        waiting.before = null;
        waiting.after = byTopic.put(topic, waiting);
        if (waiting.after != null) {
            waiting.after.before = waiting;
        }
    }

    /** There is news on a topic. */
    void wake(long topic, long news) {
        if (byTopic.isEmpty()) {
            return;
        }
        Waiting next = byTopic.remove(topic);
        while (next != null) {
            Waiting after = next.after;
            next.news = news;
            next.isListening = false;
            wake(next);
            next = after;
        }
    }

    /** Whatever was said so far says nothing about the state that there is now. */
    void wakeAll() {
        byTopic.clear();
        for (Waiting waiting : byTicket.values()) {
            waiting.isFirst = true;
            waiting.news = 0;
            waiting.isListening = false;
            wake(waiting);
        }
    }

    private void wake(Waiting waiting) {
        if (!waiting.isWoken) {
            waiting.isWoken = true;
            woken.add(waiting);
        }
    }

    /** One has no time left. What is news until it is asked again it is still told. */
    void end(long ticket) {
        Waiting waiting = byTicket.get(ticket);
        if (waiting != null) {
            waiting.isLast = true;
            wake(waiting);
        }
    }

    private void unlink(Waiting waiting) {
        if (waiting.after != null) {
            waiting.after.before = waiting.before;
        }
        if (waiting.before != null) {
            waiting.before.after = waiting.after;
        } else if (waiting.after != null) {
            byTopic.put(waiting.topic, waiting.after);
        } else {
            byTopic.remove(waiting.topic);
        }
    }

    boolean hasWoken() {
        return !woken.isEmpty();
    }

    /** The next that is to be asked again: it waits on, or is {@linkplain #answered answered}. */
    Waiting takeWoken() {
        Waiting next = woken.poll();
        if (next != null && next.isListening) {
            unlink(next);
            next.isListening = false;
        }
        return next;
    }

    /** One that was taken waits no more. */
    void answered(Waiting waiting) {
        byTicket.remove(waiting.ticket);
        waiting.before = null;
        waiting.after = null;
        if (waiting.bytes.capacity() > MOST_IDLE_BYTES) {
            waiting.bytes = new ExpandableArrayBuffer(FIRST_BYTES);
        }
        if (idle.size() < MOST_IDLE) {
            idle.push(waiting);
        }
    }
}
