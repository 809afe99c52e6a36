package io.paxoslog.server;

/** How the work of a node is shared out. The disk always has threads of its own. */
public enum Threads {
    /** Media driver, clients and replica take turns on one thread: best where cores are few. */
    ONE,
    /** The media driver has a thread of its own. */
    TWO,
    /** The media driver has three threads of its own: conductor, sender, receiver. */
    FOUR
}
