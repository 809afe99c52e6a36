package io.paxoslog.testkit.sim;

import io.paxoslog.service.EventLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** The rules of events as a model: lists, looked through from end to end. */
final class ModelEvents {
    private static final int EACH_BYTES = 16;

    /** One that was sent. */
    record Sent(long slot, int index, int length, long hash) {
        boolean isBehind(long otherSlot, int otherIndex) {
            return slot > otherSlot || (slot == otherSlot && index > otherIndex);
        }
    }

    private final Map<Long, List<Sent>> kept = new TreeMap<>();
    private final Map<Long, List<Sent>> everSent = new HashMap<>();
    private final Deque<Long> overfull = new ArrayDeque<>();
    private final EventLimits limits;
    private long slot;
    private int sentThere;
    private int count;
    private Long hash = 0L;

    ModelEvents(EventLimits limits) {
        this.limits = limits;
    }

    /** What is sent from here on is sent at a slot. */
    void at(long newSlot) {
        slot = newSlot;
        sentThere = 0;
    }

    void opened(long session) {
        kept.put(session, new ArrayList<>());
        everSent.put(session, new ArrayList<>());
    }

    void closed(long session) {
        kept.remove(session);
        hash = null;
    }

    boolean send(long session, DirectBuffer buffer, int offset, int length) {
        List<Sent> before = kept.get(session);
        if (before == null) {
            return false;
        }
        count++;
        Sent event = new Sent(slot, sentThere++, length, Fingerprint.of(buffer, offset, length));
        if (overfull.contains(session)) {
            return true;
        }
        int bytes = before.stream().mapToInt(each -> EACH_BYTES + each.length).sum();
        boolean isTooOld = before.stream().anyMatch(each -> slot - each.slot > limits.keptSlots());
        if (isTooOld || bytes + EACH_BYTES + length > limits.keptBytes()) {
            overfull.add(session);
            return true;
        }
        before.add(event);
        everSent.get(session).add(event);
        hash = null;
        return true;
    }

    /** Where nobody can say what a machine sends, whoever has it first shows it. */
    void shown(long session, long atSlot, int index, long itsHash) {
        List<Sent> sent = everSent.computeIfAbsent(session, id -> new ArrayList<>());
        int at = sent.size();
        while (at > 0 && sent.get(at - 1).isBehind(atSlot, index)) {
            at--;
        }
        Sent event = new Sent(atSlot, index, 0, itsHash);
        if (at == 0 || event.isBehind(sent.get(at - 1).slot, sent.get(at - 1).index)) {
            sent.add(at, event);
            count++;
        }
    }

    /** Whoever keeps more than it may, if there is one. */
    Optional<Long> takeOverfull() {
        return Optional.ofNullable(overfull.poll());
    }

    /** A client has the events up to a position. */
    void take(long session, long upToSlot, int upToIndex) {
        List<Sent> before = kept.get(session);
        if (before != null && before.removeIf(each -> !each.isBehind(upToSlot, upToIndex))) {
            hash = null;
        }
    }

    /** All that a session was ever sent, in order, but for what it could not keep. */
    List<Sent> everSentTo(long session) {
        return everSent.getOrDefault(session, List.of());
    }

    /** Events that were sent to sessions that were open. */
    int count() {
        return count;
    }

    /** Fingerprint of what {@link #hashOf} is told of each session that keeps events. */
    long hash() {
        if (hash == null) {
            hash =
                    kept.entrySet().stream()
                            .filter(each -> !each.getValue().isEmpty())
                            .mapToLong(each -> hashOf(each.getKey(), each.getValue()))
                            .sum();
        }
        return hash;
    }

    private static long hashOf(long session, List<Sent> events) {
        Sent first = events.get(0);
        Sent last = events.get(events.size() - 1);
        return hashOf(session, events.size(), first.slot, first.index, last.slot, last.index);
    }

    /** The part of one session in {@link #hash}. */
    static long hashOf(
            long session,
            long events,
            long firstSlot,
            int firstIndex,
            long lastSlot,
            int lastIndex) {
        long ofFirst = Fingerprint.of(Fingerprint.of(session, firstSlot), firstIndex);
        return Fingerprint.of(Fingerprint.of(Fingerprint.of(ofFirst, lastSlot), lastIndex), events);
    }
}
