package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import java.util.ArrayDeque;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/** How far sessions came that have ended, of as many as may be open; the oldest are forgotten. */
final class EndedSessions {
    /** One that has ended. Immutable. */
    record Ended(long session, long lastSequence, SecretHash secret) {}

    private final Long2ObjectHashMap<Ended> byId = new Long2ObjectHashMap<>();
    private final ArrayDeque<Ended> inOrder = new ArrayDeque<>();
    private int most;

    EndedSessions(int most) {
        this.most = most;
    }

    void limitTo(int newMost) {
        most = newMost;
        forget();
    }

    void add(Ended ended) {
        inOrder.add(ended);
        byId.put(ended.session(), ended);
        forget();
    }

    private void forget() {
        while (inOrder.size() > most) {
            byId.remove(inOrder.remove().session());
        }
    }

    /** The session, or null when nothing is known of it any more. */
    Ended get(long session) {
        return byId.get(session);
    }

    /** All, the one first that is forgotten first. */
    List<Ended> all() {
        return List.copyOf(inOrder);
    }
}
