package io.paxoslog.core;

/**
 * What the members agreed to go by, from a slot on: two numbers that never fall. Immutable.
 *
 * @param system the project's own rules: how entries are written and applied, what sessions do,
 *     what holds while nothing is decided; from 1
 * @param application the user's state machine, which alone knows what it means; from 1
 */
public record Version(int system, int application) {
    /** Of every cluster whose log says nothing else. */
    public static final Version FIRST = new Version(1, 1);

    /** In what says nothing of versions. */
    public static final Version NONE = new Version(0, 0);

    /** The highest number there may be. */
    public static final int MAX = 1 << 28;

    /** The system version from which on the log may say which version is agreed. */
    static final int FIRST_TOLD = 2;

    /** Reads {@link #told}; who says nothing knows the first one alone. */
    static Version of(long told) {
        return new Version(Math.max(1, (int) (told >>> 32)), Math.max(1, (int) told));
    }

    /** Both numbers in one, as members tell one another what they know. */
    public long told() {
        return (long) system << 32 | application;
    }

    /** Whether a number is one that {@link #told} gives, or 0. */
    public static boolean isTold(long number) {
        return number == 0 || new Version((int) (number >>> 32), (int) number).isSound();
    }

    boolean isSound() {
        return isNumber(system) && isNumber(application);
    }

    private static boolean isNumber(int number) {
        return number >= 1 && number <= MAX;
    }

    /** Whether neither number is below the other one's. */
    public boolean covers(Version other) {
        return system >= other.system && application >= other.application;
    }

    /** What both know. */
    Version lowest(Version other) {
        return new Version(
                Math.min(system, other.system), Math.min(application, other.application));
    }

    /** For people. */
    @Override
    public String toString() {
        return "system version " + system + ", application version " + application;
    }
}
