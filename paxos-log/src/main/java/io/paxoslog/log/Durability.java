package io.paxoslog.log;

/** When a node's vote may leave: how long the disk is waited for. Ballots are forced in both. */
public enum Durability {
    /** A vote leaves once its value is forced. */
    SYNC(0),
    /**
     * Values are forced in the background, every {@link JournalConfig#syncIntervalMs}; a vote does
     * not wait for them.
     */
    ASYNC(1);

    private final int code;

    Durability(int code) {
        this.code = code;
    }

    /** How the journal records it. */
    int code() {
        return code;
    }

    static Durability of(int code) {
        return code == SYNC.code ? SYNC : ASYNC;
    }
}
