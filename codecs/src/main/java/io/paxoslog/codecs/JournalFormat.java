package io.paxoslog.codecs;

/**
 * Which version of {@code journal.xml} something on a disk is written in: the lowest that has all
 * of it. So a build of the release before reads all that is written while nothing is agreed that it
 * does not know, and refuses by its number what it could not read.
 */
public final class JournalFormat {
    /** Of all that builds can read that know the first system version alone. */
    public static final int LOWEST = 4;

    /** Of all that builds can read that know the first two. */
    private static final int OF_VERSIONS = 5;

    /** Of all that builds can read that know the first three. */
    private static final int OF_EXPIRY = 6;

    /** Of a state with timers: builds that know of none have no state machine that sets any. */
    public static final int WITH_TIMERS = 7;

    /** Of a state with events, likewise; timers are in it, too, if there are any. */
    public static final int WITH_EVENTS = 8;

    private static final int FIRST_TO_SAY_VERSIONS = 2;
    private static final int FIRST_WITH_EXPIRY = 3;

    private JournalFormat() {}

    /**
     * The version to write in.
     *
     * @param needs the lowest system version whose builds can all read it
     */
    public static int of(int needs) {
        if (needs < FIRST_TO_SAY_VERSIONS) {
            return LOWEST;
        }
        return needs < FIRST_WITH_EXPIRY ? OF_VERSIONS : OF_EXPIRY;
    }
}
