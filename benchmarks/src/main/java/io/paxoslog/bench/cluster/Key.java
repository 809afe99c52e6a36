package io.paxoslog.bench.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Everything in which one run may differ from another, each declared once. */
enum Key {
    CONTENDER("paxoslog", "who does the work", "paxoslog", "aeron-cluster", "floor"),
    PROFILE(
            "best",
            "what the settings below that say \"profile\" are, and how buffers are set up",
            "best",
            "best-32k",
            "defaults"),
    NODES("3", "nodes, each in a process of its own", 1, 7),
    PAYLOAD("100", "bytes of a command", 8, 1 << 17),
    WINDOW("256", "most commands in flight", 1, 1 << 20),
    RATE("0", "commands a second in an open loop; 0: a closed loop that keeps the window full"),
    DURABILITY(
            "async",
            "async: file sync level 0 of Aeron Cluster; sync: a vote waits for the disk, level 1;"
                    + " page-cache: the operating system forces, level 0",
            "async",
            "sync",
            "page-cache"),
    IDLE(Key.BY_PROFILE, "what threads do that have nothing to do", "spin", "yield", "backoff"),
    THREADS(
            Key.BY_PROFILE,
            "one: as few as can be; two: the driver on its own; four: the driver on three",
            "one",
            "two",
            "four"),
    APPLY(
            "auto",
            "where PaxosLog calls the state machine: the replica's thread while it is quick, a"
                    + " thread of its own, or the replica's",
            "auto",
            "own-thread",
            "replica-thread"),
    ENTRIES(
            "0",
            "entries of 100 bytes that PaxosLog's state machine holds; 0: none, and no snapshots",
            0,
            1 << 26),
    SNAPSHOT_SLOTS(
            "0",
            "slots after which PaxosLog takes a snapshot; 0: its default",
            0,
            Integer.MAX_VALUE),
    MTU(Key.BY_PROFILE, "largest datagram in bytes"),
    JAVA(Key.BY_PROFILE, "this, the number of a version that is installed, or a JDK's directory"),
    HEAP("512", "MiB of heap of each process", 64, 1 << 20),
    WARMUP("8", "seconds before the measured part", 0, 3_600),
    SECONDS("10", "seconds of the measured part", 1, 86_400),
    SAMPLE(
            "0",
            "seconds between samples of latency, memory, files and mappings in the measured part;"
                    + " 0: none",
            0,
            3_600),
    KILL("0", "1: the leader is killed 2 seconds into the measured part", 0, 1),
    AWAY(
            "0",
            "seconds of the measured part before a follower that was killed at its beginning is"
                    + " started again, and caught up; 0: none is; needs --sample",
            0,
            86_400),
    HEARTBEAT_MS("0", "time between heartbeats; 0: the contender's default", 0, 60_000),
    LEADER_TIMEOUT_MS(
            "0",
            "mean time without a leader before a node campaigns; 0: the contender's default",
            0,
            60_000),
    ELECTION_MS("0", "Aeron Cluster's election time-out; 0: its default", 0, 60_000),
    SYSCALLS(
            "no",
            "what counts system calls, at the cost of some speed: perf, or strace at the cost of"
                    + " most of it",
            "no",
            "perf",
            "strace"),
    SEED("1", "of the random bytes", 0, Integer.MAX_VALUE);

    /** Says that the profile decides. */
    static final String BY_PROFILE = "profile";

    private static final String COMMA = ", ";

    private final String standard;
    private final String description;

    /** Separated by {@link #COMMA}; empty when there is no list of choices. */
    private final String choices;

    private final int lowest;
    private final int highest;

    Key(String standard, String description, String... choices) {
        this(standard, description, String.join(COMMA, choices), 0, 0);
    }

    Key(String standard, String description, int lowest, int highest) {
        this(standard, description, "", lowest, highest);
    }

    Key(String standard, String description, String choices, int lowest, int highest) {
        this.standard = standard;
        this.description = description;
        this.choices = choices;
        this.lowest = lowest;
        this.highest = highest;
    }

    static Optional<Key> named(String name) {
        return Arrays.stream(values()).filter(key -> key.text().equals(name)).findFirst();
    }

    /** The name people type. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String standard() {
        return standard;
    }

    /** What it is for, what it may be, and what it is if nobody says anything. */
    String help() {
        return description + " (" + limits() + "; default " + standard + ")";
    }

    private String limits() {
        if (!choices.isEmpty()) {
            return choices;
        }
        if (highest > 0) {
            return lowest + " to " + highest;
        }
        return this == JAVA ? "text" : "a number";
    }

    /** Fails unless the value is one that this key may have. */
    void check(String value) {
        if (standard.equals(BY_PROFILE) && value.equals(BY_PROFILE)) {
            return;
        }
        if (!isRight(value)) {
            throw CompareException.wrongUse(
                    "--%s: %s is not right; give %s".formatted(text(), value, limits()));
        }
    }

    private boolean isRight(String value) {
        if (!choices.isEmpty()) {
            return List.of(choices.split(COMMA, -1)).contains(value);
        }
        if (this == JAVA) {
            return !value.isBlank();
        }
        try {
            double number = Double.parseDouble(value);
            if (highest > 0) {
                return number == Math.rint(number) && number >= lowest && number <= highest;
            }
            return number >= 0 && number <= Integer.MAX_VALUE;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
