package io.paxoslog.log;

import java.util.Locale;

/** When a node's vote may leave: how long the disk is waited for. Ballots are forced in all. */
public enum Durability {
    /** A vote leaves once its value is forced. */
    SYNC(0),
    /**
     * Values are forced in the background, every {@link JournalConfig#syncIntervalMs}; a vote does
     * not wait for them.
     */
    ASYNC(1),
    /**
     * The operating system writes values when it likes; nobody asks for it but at the end of a file
     * and at a clean stop.
     */
    PAGE_CACHE(2);

    private final int code;

    Durability(int code) {
        this.code = code;
    }

    /** Whether a vote waits until its value is forced. */
    public boolean valuesWait() {
        return this == SYNC;
    }

    /** As settings and scenarios spell it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How the journal records it. */
    int code() {
        return code;
    }

    /** One that is not known is not {@link #SYNC}: then values may be lost. */
    static Durability of(int code) {
        for (Durability durability : values()) {
            if (durability.code == code) {
                return durability;
            }
        }
        return PAGE_CACHE;
    }
}
