package io.paxoslog.client;

import io.paxoslog.codecs.ClientProtocol;

/** How far a client has the events of its session, and how far it has said so. */
final class HeardEvents {
    /** Where the node does not say how often it is to hear of this client. */
    private static final int SAY_MS = 2_500;

    private static final int HEADER_BYTES = 16;

    private boolean areTakenLater;
    private long slot;
    private int index;
    private long takenSlot;
    private int takenIndex;
    private long bytesSaid;
    private long bytesTaken;
    private long unsaidSinceMs;

    /** The session was taken up right behind an event. */
    void beginBehind(long newSlot, int newIndex) {
        slot = newSlot;
        index = newIndex;
        takenSlot = newSlot;
        takenIndex = newIndex;
    }

    /** From now on {@link #taken} says what is taken; otherwise what is heard is. */
    void takeLater() {
        areTakenLater = true;
    }

    /** Whether an event, or what is lost up to it, is behind all that was heard. */
    boolean isNew(long otherSlot, int otherIndex) {
        return otherSlot == slot ? otherIndex > index : otherSlot > slot;
    }

    void heard(long newSlot, int newIndex, int length) {
        slot = newSlot;
        index = newIndex;
        if (!areTakenLater) {
            taken(newSlot, newIndex, bytesOf(length));
        }
    }

    /** Bytes that an event counts for where it is kept. */
    static long bytesOf(long length) {
        return HEADER_BYTES + length;
    }

    /** Whoever hears events elsewhere has this one, of so many bytes, and all before. */
    void taken(long newSlot, int newIndex, long newBytes) {
        takenSlot = newSlot;
        takenIndex = newIndex;
        bytesTaken += newBytes;
    }

    /** Whether the leader is to be told how far events are taken. */
    boolean isSayDue(long nowMs, int keepAliveMs) {
        if (bytesTaken == bytesSaid) {
            unsaidSinceMs = nowMs;
            return false;
        }
        long everyMs = keepAliveMs == 0 ? SAY_MS : keepAliveMs;
        return bytesTaken - bytesSaid >= ClientProtocol.TAKEN_EVENT_BYTES
                || nowMs - unsaidSinceMs >= everyMs;
    }

    void said() {
        bytesSaid = bytesTaken;
    }

    /** Slot of the last event that was heard; 0: none was. */
    long slot() {
        return slot;
    }

    int index() {
        return index;
    }

    /** Slot of the last event that was taken; 0: none was. */
    long takenSlot() {
        return takenSlot;
    }

    int takenIndex() {
        return takenIndex;
    }
}
