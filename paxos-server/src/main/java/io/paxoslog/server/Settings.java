package io.paxoslog.server;

import io.paxoslog.core.PeerMessages;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Every setting of a node, each declared once. */
public final class Settings {
    /** Longest lease that may be granted. */
    static final int LONGEST_LEASE_MS = 60_000;

    private static final long LARGEST_BYTES = 1L << 50;

    /** This node. */
    public static final Setting<Integer> ID =
            Setting.integer("id", "", null, 1, 65535, "id of this node, one of the members");

    /** All nodes. */
    public static final Setting<List<Member>> MEMBERS =
            Setting.text(
                    "members",
                    null,
                    Member.LIMITS,
                    "all nodes of the cluster; PORT is for peers, PORT+1 for clients",
                    Member::list);

    /** Where a node that joins listens. */
    public static final Setting<String> ADDRESS =
            Setting.text(
                    "address",
                    "",
                    "HOST:PORT",
                    "where a node with join listens; PORT is for peers, PORT+1 for clients",
                    Settings::readAddress);

    /** Where a node listens that others find elsewhere. */
    public static final Setting<String> BIND =
            Setting.text(
                    "bind",
                    "",
                    "HOST or HOST:PORT",
                    "where this node listens, if that is not where others find it, as behind a"
                            + " translation of addresses; PORT is for peers, PORT+1 for clients; by"
                            + " default its address among members",
                    Settings::readBind);

    /** Whom a node that joins asks. */
    public static final Setting<List<String>> JOIN =
            Setting.text(
                    "join",
                    "",
                    "a list like HOST:PORT,HOST:PORT",
                    "nodes of a cluster that is to be joined, instead of members: this node waits"
                            + " until it is added",
                    Settings::readAddresses);

    /** Where the data lies. */
    public static final Setting<Path> DIR =
            Setting.text(
                    "dir", null, "a path", "directory of this node's data", Settings::readPath);

    /** When votes leave. */
    public static final Setting<Durability> DURABILITY =
            Setting.choice(
                    "durability",
                    Durability.SYNC,
                    Durability.class,
                    "sync: a vote waits until the disk holds its values; async: values are forced"
                            + " in the background; page-cache: when the operating system likes");

    /** What commands are applied to. */
    public static final Setting<App> APP =
            Setting.choice(
                    "app",
                    App.LOG,
                    App.class,
                    "state machine; an embedding program brings its own");

    /** Shortest time without a leader before a node campaigns. */
    public static final Setting<Integer> ELECTION_TIMEOUT_MS =
            Setting.integer(
                    "election-timeout-ms",
                    "ms",
                    150,
                    10,
                    60_000,
                    "shortest time without a leader before a node campaigns; the longest is twice"
                            + " this");

    /** Time between heartbeats. */
    public static final Setting<Integer> HEARTBEAT_MS =
            Setting.integer(
                    "heartbeat-ms",
                    "ms",
                    50,
                    1,
                    20_000,
                    "time between heartbeats of a leader, at most a third of election-timeout-ms");

    /** For how long leases are granted. */
    public static final Setting<Integer> LEASE_MS =
            Setting.integer(
                    "lease-ms",
                    "ms",
                    0,
                    0,
                    LONGEST_LEASE_MS,
                    "for how long this node promises a leader to elect nobody else, so that reads by"
                            + " lease ask nobody; at most election-timeout-ms; 0: it does not, and"
                            + " offers no such reads");

    /** How gladly this node is seen leading. */
    public static final Setting<Integer> PRIORITY =
            Setting.integer(
                    "priority",
                    "",
                    0,
                    0,
                    PeerMessages.MOST_PRIORITY,
                    "how gladly this node is seen leading: a leader hands over, after a while, to a"
                            + " member that has a higher one");

    /** How long a leader that is to stop tries to hand over first. */
    public static final Setting<Integer> HAND_OVER_MS =
            Setting.integer(
                    "hand-over-ms",
                    "ms",
                    1_000,
                    0,
                    60_000,
                    "how long a leader that is to stop tries to hand over to another member first;"
                            + " 0: it does not");

    /** Promises that Phase 1 needs. */
    public static final Setting<Integer> PREPARE_QUORUM =
            Setting.integer(
                    "prepare-quorum",
                    "members",
                    0,
                    0,
                    31,
                    "promises an election needs; 0: majority");

    /** Votes that choose a slot. */
    public static final Setting<Integer> ACCEPT_QUORUM =
            Setting.integer(
                    "accept-quorum", "members", 0, 0, 31, "votes that choose a slot; 0: majority");

    /** When a spare takes the place of a voter. */
    public static final Setting<Integer> REPLACE_AFTER_MS =
            Setting.integer(
                    "replace-after-ms",
                    "ms",
                    0,
                    0,
                    86_400_000,
                    "a leader that has not heard a voter for so long puts a spare in its place; 0:"
                            + " never; at least ten times election-timeout-ms");

    /** Most open slots. */
    public static final Setting<Integer> OPEN_SLOTS =
            Setting.integer(
                    "open-slots",
                    "slots",
                    32_768,
                    1,
                    1 << 20,
                    "most slots proposed and not yet chosen; equal on all nodes");

    /** Largest command. */
    public static final Setting<Integer> COMMAND_BYTES =
            Setting.integer(
                    "command-bytes", "bytes", 128 << 10, 1, 1 << 20, "largest command taken");

    /** Largest batch. */
    public static final Setting<Integer> BATCH_BYTES =
            Setting.following(
                    COMMAND_BYTES,
                    Sizes::batchFor,
                    Setting.integer(
                            "batch-bytes",
                            "bytes",
                            256 << 10,
                            1024,
                            4 << 20,
                            "most bytes proposed as one batch; somewhat more than command-bytes"));

    /** Most open bytes. */
    public static final Setting<Integer> OPEN_BYTES =
            Setting.following(
                    BATCH_BYTES,
                    Sizes::openFor,
                    Setting.integer(
                            "open-bytes",
                            "bytes",
                            16 << 20,
                            1 << 16,
                            256 << 20,
                            "most bytes of commands proposed and not yet chosen"));

    /** Most clients. */
    public static final Setting<Integer> CLIENTS =
            Setting.integer("clients", "clients", 256, 1, 65_536, "most clients connected at once");

    /** Most reads that wait for their answers. */
    public static final Setting<Integer> READS =
            Setting.integer(
                    "reads",
                    "reads",
                    64 << 10,
                    1,
                    1 << 24,
                    "most reads of all clients that wait at this node for their answers; more are"
                            + " refused");

    /** Most bytes of their queries. */
    public static final Setting<Integer> READ_BYTES =
            Setting.integer(
                    "read-bytes",
                    "bytes",
                    16 << 20,
                    1 << 10,
                    1 << 30,
                    "most bytes of the queries of those reads, and as many again of answers that"
                            + " wait for clients; room for a query of command-bytes");

    /** Who calls the state machine. */
    public static final Setting<Apply> APPLY =
            Setting.choice(
                    "apply",
                    Apply.AUTO,
                    Apply.class,
                    "which thread calls the state machine: auto: the replica's while it is quick,"
                            + " and another goes on with the replica whenever it takes its time;"
                            + " own-thread: always its own; replica-thread: always the replica's,"
                            + " and whatever holds the state machine up holds up the node");

    /** How work is shared out. */
    public static final Setting<Threads> THREADS =
            Setting.choice(
                    "threads",
                    Threads.ONE,
                    Threads.class,
                    "one: everything but the disk and the state machine on one thread; two: the media"
                            + " driver on its own; four: the media driver on three");

    /** What threads do when there is nothing to do. */
    public static final Setting<Idle> IDLE =
            Setting.choice(
                    "idle",
                    Idle.BACKOFF,
                    Idle.class,
                    "what a thread does when there is nothing to do: spin, yield, or yield and"
                            + " later sleep");

    /** Longest sleep. */
    public static final Setting<Integer> IDLE_PARK_US =
            Setting.integer(
                    "idle-park-us",
                    "us",
                    1000,
                    1,
                    20_000,
                    "longest sleep of a thread that has had nothing to do for a while; one that is"
                            + " woken by what comes sleeps whole milliseconds");

    /** Largest datagram. */
    public static final Setting<Integer> MTU_BYTES =
            Setting.integer(
                    "mtu-bytes",
                    "bytes",
                    0,
                    0,
                    65_504,
                    "largest datagram, a multiple of 32 from 1024; 0: as large as the network"
                            + " interface that leads to the other nodes carries");

    /** Length of one term buffer. */
    public static final Setting<Integer> TERM_BYTES =
            Setting.following(
                    BATCH_BYTES,
                    Sizes::termFor,
                    Setting.integer(
                            "term-bytes",
                            "bytes",
                            4 << 20,
                            64 << 10,
                            256 << 20,
                            "length of each of the three buffers of a stream, a power of two; at"
                                    + " least eight times batch-bytes and a little more"));

    /** Socket buffers. */
    public static final Setting<Integer> SOCKET_BYTES =
            Setting.integer(
                    "socket-bytes",
                    "bytes",
                    2 << 20,
                    128 << 10,
                    64 << 20,
                    "socket buffers asked for; the operating system may grant less");

    /** Where Aeron keeps its buffers. */
    public static final Setting<Path> AERON_PARENT =
            Setting.text(
                    "aeron-parent",
                    "",
                    "a path",
                    "directory below which the media driver keeps its buffers; by default /dev/shm"
                            + " where there is one, else the directory for temporary files",
                    Settings::readPath);

    /** Time between forces in the background. */
    public static final Setting<Integer> SYNC_INTERVAL_MS =
            Setting.integer(
                    "sync-interval-ms",
                    "ms",
                    10,
                    1,
                    10_000,
                    "longest time between two forces of values under async; after twice this time"
                            + " and a force a value is on the disk");

    /** Size of a journal file. */
    public static final Setting<Integer> SEGMENT_BYTES =
            Setting.following(
                    BATCH_BYTES,
                    Sizes::segmentFor,
                    Setting.integer(
                            "segment-bytes",
                            "bytes",
                            64 << 20,
                            64 << 10,
                            256 << 20,
                            "size of a journal file; at least eight times batch-bytes and a little"
                                    + " more"));

    /** Slots between two snapshots. */
    public static final Setting<Long> SNAPSHOT_SLOTS =
            Setting.large(
                    "snapshot-slots",
                    "slots",
                    2_000_000,
                    1,
                    1L << 40,
                    "a snapshot is taken once so many slots were applied since the last one");

    /** Log between two snapshots. */
    public static final Setting<Long> SNAPSHOT_BYTES =
            Setting.large(
                    "snapshot-bytes",
                    "bytes",
                    256 << 20,
                    1,
                    LARGEST_BYTES,
                    "a snapshot is taken once the journal has grown by so much since the last one,"
                            + " if that comes first");

    /** Slots kept below the newest. */
    public static final Setting<Long> RETAIN_SLOTS =
            Setting.large(
                    "retain-slots",
                    "slots",
                    0,
                    0,
                    1L << 40,
                    "so many of the newest applied slots stay in the journal, also when snapshots"
                            + " cover them");

    /** Log kept below the newest. */
    public static final Setting<Long> RETAIN_BYTES =
            Setting.large(
                    "retain-bytes",
                    "bytes",
                    64 << 20,
                    0,
                    LARGEST_BYTES,
                    "so many bytes of the newest journal files stay, also when snapshots cover"
                            + " them");

    /** Log kept for those who lag. */
    public static final Setting<Long> CURSOR_BYTES =
            Setting.large(
                    "cursor-bytes",
                    "bytes",
                    1L << 30,
                    0,
                    LARGEST_BYTES,
                    "up to so many bytes of journal stay for members and tails that read it now;"
                            + " beyond that they have to take a snapshot, or begin later");

    /** How fast snapshots are sent. */
    public static final Setting<Long> SNAPSHOT_SEND_BYTES =
            Setting.large(
                    "snapshot-send-bytes",
                    "bytes a second",
                    128 << 20,
                    64 << 10,
                    LARGEST_BYTES,
                    "most bytes of snapshots that this node sends in a second");

    /** Free bytes for new commands. */
    public static final Setting<Long> ROOM_BYTES =
            Setting.large(
                    "room-bytes",
                    "bytes",
                    0,
                    0,
                    LARGEST_BYTES,
                    "with fewer bytes free on its disk the node votes on no new commands; 0: room"
                            + " for a snapshot, two journal files and four times open-bytes");

    /** How fast what lies on the disk is read and checked. */
    public static final Setting<Long> SCRUB_BYTES =
            Setting.large(
                    "scrub-bytes-per-second",
                    "bytes a second",
                    8 << 20,
                    0,
                    LARGEST_BYTES,
                    "most bytes of log and snapshots that this node reads and checks for damage in a"
                            + " second, in the background; 0: it does not");

    /** All of them, in the order in which people should read them. */
    public static final List<Setting<?>> ALL =
            List.of(
                    ID,
                    MEMBERS,
                    ADDRESS,
                    BIND,
                    JOIN,
                    DIR,
                    DURABILITY,
                    APP,
                    ELECTION_TIMEOUT_MS,
                    HEARTBEAT_MS,
                    LEASE_MS,
                    PRIORITY,
                    HAND_OVER_MS,
                    PREPARE_QUORUM,
                    ACCEPT_QUORUM,
                    REPLACE_AFTER_MS,
                    OPEN_SLOTS,
                    COMMAND_BYTES,
                    BATCH_BYTES,
                    OPEN_BYTES,
                    CLIENTS,
                    READS,
                    READ_BYTES,
                    APPLY,
                    THREADS,
                    IDLE,
                    IDLE_PARK_US,
                    MTU_BYTES,
                    TERM_BYTES,
                    SOCKET_BYTES,
                    AERON_PARENT,
                    SYNC_INTERVAL_MS,
                    SEGMENT_BYTES,
                    SNAPSHOT_SLOTS,
                    SNAPSHOT_BYTES,
                    RETAIN_SLOTS,
                    RETAIN_BYTES,
                    CURSOR_BYTES,
                    SNAPSHOT_SEND_BYTES,
                    ROOM_BYTES,
                    SCRUB_BYTES);

    private Settings() {}

    private static String readAddress(String text) {
        return text.isEmpty() ? "" : Member.list("1=" + text).get(0).peerAddress();
    }

    /** A port of 1 stands in for one that is not given. */
    private static String readBind(String text) {
        boolean hasPort = text.lastIndexOf(':') > text.lastIndexOf(']');
        if (!text.isEmpty()) {
            Member.list("1=" + text + (hasPort ? "" : ":1"));
        }
        return text;
    }

    private static List<String> readAddresses(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(one -> readAddress(one.strip().replaceFirst("^\\d{1,5}=", "")))
                        .distinct()
                        .toList();
    }

    private static Path readPath(String text) {
        // InvalidPathException is an IllegalArgumentException, as readers are expected to throw.
        return Path.of(text);
    }

    /**
     * Refuses what is spelled like a variable of these settings and is none.
     *
     * @throws ConfigException naming the variable, and the one that was meant
     */
    public static void requireKnownVariables(Map<String, String> environment) {
        List<String> known = ALL.stream().map(Setting::variable).toList();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(Setting.VARIABLE_PREFIX) && !known.contains(name)) {
                throw new ConfigException(
                        "%s: there is no such variable of the environment; %s"
                                .formatted(name, Spelling.advice(name, known)));
            }
        }
    }

    static Optional<Setting<?>> named(String name) {
        return ALL.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }
}
