package io.paxoslog.apply;

/** A connection, the session it has, and what it is to get next. */
final class Attached {
    long connection;
    long attachment;
    long link;
    long session;
    int fragmentBytes;

    /** The next reply. */
    long nextSequence;

    /** Position of the last event that was handed over; slot 0: none was. */
    long eventSlot;

    int eventIndex;
}
