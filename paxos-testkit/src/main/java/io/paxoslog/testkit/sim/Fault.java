package io.paxoslog.testkit.sim;

/**
 * Everything that goes wrong in a simulation; each is counted when it happens, not when it is
 * switched on.
 */
public enum Fault {
    LOST_MESSAGE,
    DUPLICATE,
    OVERTAKEN_MESSAGE,
    ANCIENT_MESSAGE,
    LATE_MESSAGE,
    SLOW_LINK,
    CUT,
    ONE_WAY_CUT,
    ISOLATION,
    SPLIT,
    FLAPPING_LINK,
    FULL_PARTITION,
    STAR,
    STAR_WITHOUT_ONE,
    CHAIN,
    BRIDGE,
    CLOGGING_IN_TURN,
    SLOW_CLOCK,
    FAST_CLOCK,
    WALL_CLOCK_AHEAD,
    WALL_CLOCK_BACK,
    MACHINE_ASLEEP,
    KILL,
    KILL_IN_MID_TURN,
    POWER_LOSS,
    TORN_POWER_LOSS,
    EVERYBODY_LOSES_POWER,
    OUT_AFTER_POWER_LOSS,
    WIPED_DISK,
    PAUSE,
    EVERYBODY_SLEEPS,
    SLOW_DISK,
    LOST_REQUEST,
    LOST_REPLY,
    CLIENT_DUPLICATE,
    CLIENT_OVERTAKEN,
    CLIENT_PRESSED_BACK,
    CLIENT_STREAM_LOST,
    CLIENT_GAVE_UP,
    CLIENT_LEFT,
    SESSION_REFUSED
}
