package io.paxoslog.log;

/** Hears what an operator should know of a journal that goes on all the same. Any thread. */
public interface JournalListener {
    /** Nobody is told. */
    JournalListener NONE =
            new JournalListener() {
                @Override
                public void cannotPrepare(String why) {}

                @Override
                public void prepared() {}
            };

    /**
     * The next file cannot be made yet, as on a full disk. It is tried again, and this called again
     * each time it fails; the journal ends only if the file is needed and still cannot be made.
     */
    void cannotPrepare(String why);

    /** The next file is made, after {@link #cannotPrepare}. */
    void prepared();
}
