package io.paxoslog.log;

/**
 * Hears of what a journal does on threads of its own, which call it; what is not overridden is
 * ignored.
 */
public interface JournalListener {
    /** Nobody is told. */
    JournalListener NONE = new JournalListener() {};

    /**
     * The next file cannot be made yet, as on a full disk. It is tried again, and this called again
     * each time it fails; the journal ends only if the file is needed and still cannot be made.
     */
    default void cannotPrepare(String why) {}

    /** The next file is made, after {@link #cannotPrepare}. */
    default void prepared() {}

    /** More is on stable storage than before, as {@link ChronicleJournal#syncedPosition} says. */
    default void forced() {}
}
