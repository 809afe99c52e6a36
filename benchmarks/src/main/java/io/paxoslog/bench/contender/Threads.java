package io.paxoslog.bench.contender;

/** How the work of a node is shared out among threads. */
public enum Threads {
    /** As few threads as the contender offers. */
    ONE,
    /** The media driver has a thread of its own. */
    TWO,
    /** The media driver has three threads of its own. */
    FOUR
}
