package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.FreePorts;
import io.paxoslog.core.Role;
import io.paxoslog.core.planted.Patience;
import io.paxoslog.service.StateMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Real nodes in this process: real Aeron on loopback, real files. */
final class TestNodes implements AutoCloseable {
    /**
     * For commands of four KiB, of which a file of the journal takes 64; snapshots are frequent.
     */
    static final Map<Setting<?>, Object> SMALL_FILES =
            Map.of(
                    Settings.ELECTION_TIMEOUT_MS,
                    600,
                    Settings.HEARTBEAT_MS,
                    100,
                    Settings.COMMAND_BYTES,
                    8 << 10,
                    Settings.BATCH_BYTES,
                    16 << 10,
                    Settings.SEGMENT_BYTES,
                    256 << 10,
                    Settings.SNAPSHOT_SLOTS,
                    50,
                    Settings.RETAIN_BYTES,
                    0,
                    Settings.CURSOR_BYTES,
                    0);

    private static final long DEADLINE_NS = TimeUnit.MILLISECONDS.toNanos(Patience.ms());

    private final Path directory;
    private final String members;
    private final Map<Setting<?>, Object> settings;
    private final Map<Integer, PaxosNode> running = new TreeMap<>();
    private final Map<Integer, RecordingStateMachine> apps = new TreeMap<>();

    TestNodes(Path directory, int count, Map<Setting<?>, Object> settings) {
        this(directory, freeMembers(count), settings);
    }

    /** At the addresses of others, which do not run any more. */
    TestNodes(Path directory, String members, Map<Setting<?>, Object> settings) {
        this.directory = directory;
        this.settings = settings;
        this.members = members;
    }

    /** Members at ports of loopback that are free now. */
    static String freeMembers(int count) {
        StringBuilder members = new StringBuilder();
        for (int id = 1; id <= count; id++) {
            members.append(id == 1 ? "" : ",").append(id).append("=localhost:");
            members.append(FreePorts.two());
        }
        return members.toString();
    }

    static DatagramChannel bind(int port) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.bind(new InetSocketAddress(InetAddress.getByName("localhost"), port));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    String members() {
        return members;
    }

    Path directoryOf(int id) {
        return directory.resolve("node-" + id);
    }

    NodeConfig config(int id) {
        return config(id, members);
    }

    private NodeConfig config(int id, String whoever) {
        NodeConfig.Builder builder =
                NodeConfig.builder()
                        .set(Settings.ID, id)
                        .set(Settings.MEMBERS, whoever)
                        .set(Settings.DIR, directoryOf(id))
                        // Whoever is closed last would wait for those that were closed before.
                        .set(Settings.HAND_OVER_MS, 0);
        settings.forEach(builder::set);
        return builder.build();
    }

    PaxosNode start(int id) {
        return start(id, members);
    }

    /** Starts one that is told of other members. */
    PaxosNode start(int id, String whoever) {
        RecordingStateMachine app = new RecordingStateMachine();
        PaxosNode node = PaxosLog.launch(config(id, whoever), app);
        running.put(id, node);
        apps.put(id, app);
        return node;
    }

    /** Commands that a node has applied since its last start, slot by slot. */
    List<String> applied(int id) {
        return apps.get(id).applied();
    }

    /** Where clients connect. */
    List<String> addresses() {
        return config(1).members().stream().map(Member::peerAddress).toList();
    }

    /** Starts all, each with an application of its own. */
    void startAll(Supplier<StateMachine> maker) {
        for (Member member : config(1).members()) {
            running.put(member.id(), PaxosLog.launch(config(member.id()), maker.get()));
        }
    }

    /** Starts all, each with the application made for its id. */
    void startAll(IntFunction<StateMachine> maker) {
        for (Member member : config(1).members()) {
            running.put(
                    member.id(), PaxosLog.launch(config(member.id()), maker.apply(member.id())));
        }
    }

    /** As above, where a node may make its application anew. */
    void startAllAgainAndAgain(IntFunction<StateMachine> maker) {
        for (Member member : config(1).members()) {
            int id = member.id();
            Supplier<StateMachine> again = () -> maker.apply(id);
            running.put(id, PaxosLog.launch(config(id), again));
        }
    }

    /** Starts one that ran before, with an application made for it. */
    void startAgain(int id, StateMachine app) {
        running.put(id, PaxosLog.launch(config(id), app));
    }

    void startAll() {
        config(1).members().forEach(member -> start(member.id()));
    }

    void stop(int id) {
        running.remove(id).close();
    }

    void stopAll() {
        List.copyOf(running.keySet()).forEach(this::stop);
    }

    List<PaxosNode> running() {
        return List.copyOf(running.values());
    }

    /** Waits until one running node leads and all others follow it. */
    int awaitLeader() {
        AtomicInteger leader = new AtomicInteger();
        await(
                "one leader",
                () -> {
                    List<Integer> leaders = leaders();
                    leader.set(leaders.isEmpty() ? 0 : leaders.get(0));
                    return leaders.size() == 1 && followersOf(leader.get());
                });
        return leader.get();
    }

    private List<Integer> leaders() {
        return running.values().stream()
                .filter(node -> node.role() == Role.LEADING)
                .map(PaxosNode::id)
                .toList();
    }

    private boolean followersOf(int leader) {
        return running.values().stream().allMatch(node -> node.leader() == leader);
    }

    /** Waits until every running node has applied a slot. */
    void awaitApplied(long slot) {
        await(
                "slot " + slot + " applied",
                () -> running.values().stream().allMatch(node -> node.appliedIndex() >= slot));
    }

    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + " in time; " + this).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public String toString() {
        return running.values().stream()
                .map(n -> n.id() + " " + n.role() + " leader " + n.leader() + " " + n.commitIndex())
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        running.values().forEach(PaxosNode::close);
    }
}
