package io.paxoslog.testkit.sim;

import io.paxoslog.core.Decision;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.NonceKey;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.Role;
import io.paxoslog.core.Version;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalException;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.StateMachine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;

/** One seed of {@link HaltedMachinesTest}: production classes, chance, and operators. */
final class HaltWorld implements NodeHost {
    private static final int ROUNDS = 1_500;
    private static final int CALM_ROUNDS = 20_000;
    private static final int TIMEOUT = 30;

    private final int size;
    private final SimRandom random;
    private final HaltTotals totals;
    private final long seed;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Envelope> onTheWay = new ArrayList<>();
    private final boolean[] isCorrected;
    private final int[] lives;
    private final Map<Long, Long> hashAt = new HashMap<>();
    private final boolean valuesWait;
    private final boolean changesLimits;
    private long now = 1;
    private long nonce;
    private boolean isCalm;
    private boolean raisesVersions;

    /**
     * @param changesLimits whether operators change what sessions may hold, too
     */
    HaltWorld(int size, long seed, boolean changesLimits, HaltTotals totals) {
        this.size = size;
        this.changesLimits = changesLimits;
        this.seed = seed;
        this.totals = totals;
        random = new SimRandom(seed);
        isCorrected = new boolean[size + 1];
        lives = new int[size + 1];
        valuesWait = size == 1 || random.chance(600);
        Reference reference = new Reference(new Anything(), HaltService.LIMITS, false);
        Safety safety = new Safety(size, reference);
        for (int id = 1; id <= size; id++) {
            nodes.add(
                    new SimulatedNode(
                            id,
                            valuesWait ? Durability.SYNC : Durability.ASYNC,
                            safety,
                            16_000,
                            this::configOf,
                            this));
        }
    }

    private ReplicaConfig configOf(SimulatedNode node) {
        List<ReplicaConfig.Voter> voters = new ArrayList<>();
        for (int id = 1; id <= size; id++) {
            voters.add(new ReplicaConfig.Voter(id, "node-" + id));
        }
        int majority = ReplicaConfig.majorityOf(size);
        return new ReplicaConfig(
                        node.member(),
                        voters,
                        majority,
                        majority,
                        64,
                        1 << 20,
                        TIMEOUT,
                        TIMEOUT / 3,
                        random.next(),
                        new NonceKey(seed, node.node()),
                        7)
                .knowing(KnownVersions.OF_BUILD.withApplication(1 + lives[node.node()]));
    }

    /** Operators raise the version of the state machine, too, as builds come up that know it. */
    HaltWorld raising() {
        raisesVersions = true;
        return this;
    }

    void play() {
        try {
            nodes.forEach(node -> node.start(now, now));
            for (int round = 0; round < ROUNDS; round++) {
                turn();
                misfortune();
            }
            end();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("nodes " + size + " seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void turn() {
        now += random.below(4);
        for (SimulatedNode node : nodes) {
            node.tick(now, now);
            turn(node);
        }
        deliver();
        propose();
        if (random.chance(isCalm ? 300 : 30)) {
            operate();
        }
        if (changesLimits && !isCalm && random.chance(20)) {
            limit();
        }
        if (raisesVersions && !isCalm && random.chance(20)) {
            raise();
        }
    }

    private void turn(SimulatedNode node) {
        if (node.isUp() && (isCalm || random.chance(700))) {
            service(node).step();
        }
        SimulatedDisk disk = node.disk();
        if (node.isUp() && (isCalm || random.chance(400))) {
            node.forced(disk.writtenEntries());
        }
    }

    private void deliver() {
        int waiting = onTheWay.size();
        for (int i = 0; i < waiting; i++) {
            boolean isLate = !isCalm && random.chance(300);
            Envelope next = onTheWay.remove(isLate ? random.below(onTheWay.size()) : 0);
            if (isCalm || !random.chance(50)) {
                node(next.toNode()).hear(next);
            }
        }
    }

    private void propose() {
        SimulatedNode node = node(1 + random.below(size));
        if (!node.isUp() || !node.replica().takesCommands() || random.chance(isCalm ? 900 : 500)) {
            return;
        }
        // Commands of a session that the same batch opens: its id is the slot of its first entry.
        long session = node.replica().lastSlot() + 1;
        int commands = 1 + random.below(3);
        List<byte[]> entries = new ArrayList<>();
        entries.add(entry(EntryFormat.OPEN_SESSION, ++nonce, 0, ""));
        for (int i = 1; i <= commands; i++) {
            entries.add(entry(EntryFormat.COMMAND, session, i, word()));
        }
        node.propose(entries);
    }

    private String word() {
        int drawn = random.below(1_000);
        if (drawn < 8) {
            return "poison";
        }
        return drawn < 20 ? "flaky" : "w" + drawn;
    }

    private static byte[] entry(short kind, long session, long sequence, String text) {
        byte[] command = text.getBytes(StandardCharsets.US_ASCII);
        UnsafeBuffer buffer =
                new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES + command.length]);
        int at = EntryFormat.putHead(buffer, 0, kind, session, sequence, 1, command.length);
        buffer.putBytes(at, command);
        return Arrays.copyOfRange(buffer.byteArray(), Integer.BYTES, buffer.capacity());
    }

    /** Somebody looks where state machines stand still, and has whoever leads decide. */
    private void operate() {
        SimulatedNode seen = node(1 + random.below(size));
        long slot = seen.isUp() ? service(seen).haltedAt() : 0;
        if (slot == 0) {
            return;
        }
        boolean isSkip = !isCalm && random.chance(600);
        for (SimulatedNode node : nodes) {
            boolean leads = node.isUp() && node.replica().role() == Role.LEADING;
            if (!leads) {
                continue;
            }
            boolean isTaken =
                    node.decide(isSkip ? Decision.skip(slot, 0) : Decision.retry(slot, 0));
            totals.refusals += isSkip && !isTaken ? 1 : 0;
        }
    }

    /**
     * Somebody has limits changed, by whoever thinks that it leads: one that does no more may have
     * its decision chosen later, when another one stands in between. Replies have 8 bytes.
     */
    private void limit() {
        Decision.Limits limits =
                new Decision.Limits(
                        1 + random.below(2_000),
                        1 + random.below(5),
                        Long.BYTES + random.below(56),
                        76 + random.below(200));
        for (SimulatedNode node : nodes) {
            if (node.isUp() && node.replica().role() == Role.LEADING) {
                node.decide(Decision.limits(limits, node.replica().limitsDecidedAt()));
            }
        }
    }

    /** Somebody has the version of the state machine raised, by whoever thinks that it leads. */
    private void raise() {
        for (SimulatedNode node : nodes) {
            if (node.isUp() && node.replica().role() == Role.LEADING) {
                Version now = node.replica().version();
                Version next = new Version(now.system(), now.application() + 1);
                node.decide(Decision.version(next, node.replica().versionAt()));
            }
        }
    }

    private void misfortune() {
        SimulatedNode node = node(1 + random.below(size));
        if (!node.isUp()) {
            if (random.chance(200)) {
                lives[node.node()]++;
                // From now on this node can take everything, also what it holds below.
                isCorrected[node.node()] |= random.chance(60);
                node.start(now, now);
            }
        } else if (random.chance(10)) {
            int written = node.disk().writtenEntries();
            int forced = node.disk().forcedEntries();
            if (valuesWait && random.chance(500)) {
                node.losePower(forced + random.below(written - forced + 1));
            } else {
                node.kill();
            }
        }
    }

    /**
     * Nothing goes wrong any more, all builds are corrected, and operators retry what is halted.
     */
    private void end() {
        isCalm = true;
        Arrays.fill(isCorrected, true);
        for (SimulatedNode node : nodes) {
            if (!node.isUp()) {
                lives[node.node()]++;
                node.start(now, now);
            }
        }
        for (int round = 0; round < CALM_ROUNDS && !isLevel(); round++) {
            turn();
        }
        if (!isLevel()) {
            throw new AssertionError("not level in the end: " + standings());
        }
    }

    private boolean isLevel() {
        long first = service(nodes.get(0)).appliedIndex();
        return nodes.stream()
                .allMatch(
                        node ->
                                service(node).haltedAt() == 0
                                        && service(node).appliedIndex() == first
                                        && node.replica().commitIndex() == first
                                        && first > 1);
    }

    private List<String> standings() {
        return nodes.stream()
                .map(
                        node ->
                                "%s of %d halted at %d role %s"
                                        .formatted(
                                                service(node).appliedIndex(),
                                                node.replica().commitIndex(),
                                                service(node).haltedAt(),
                                                node.replica().role()))
                .toList();
    }

    /**
     * Whether this node, as it is built in this life, can take a command. Poison is too much for
     * every build that is not corrected; what is flaky is too much for some lives of all nodes but
     * one, so that there is always one that has applied it or will.
     */
    boolean canTake(SimulatedNode node, String word, long slot) {
        if (isCorrected[node.node()] || word.startsWith("w")) {
            return true;
        }
        if (word.equals("poison")) {
            return false;
        }
        long draw =
                SimRandom.mix(seed + 31 * slot + 1_009L * (lives[node.node()] * 64L + node.node()));
        return slot % size + 1 == node.node() || (draw & 1) == 0;
    }

    /** A node has applied everything up to a slot: the same as whoever did before it. */
    void applied(String who, long slot, long hash) {
        Long before = hashAt.putIfAbsent(slot, hash);
        if (before != null && before != hash) {
            throw new SafetyViolation(who + " holds another state at slot " + slot);
        }
    }

    HaltTotals totals() {
        return totals;
    }

    private SimulatedNode node(int id) {
        return nodes.get(id - 1);
    }

    private static HaltService service(SimulatedNode node) {
        return (HaltService) node.service();
    }

    @Override
    public void done(SimulatedNode node, Supplier<String> command) {}

    @Override
    public void left(SimulatedNode node, Envelope envelope) {
        onTheWay.add(envelope);
    }

    @Override
    public NodeService serviceOf(SimulatedNode node) {
        return new HaltService(this, node, lives[node.node()]);
    }

    @Override
    public void proposed(SimulatedNode node, int entries) {}

    @Override
    public void committed(SimulatedNode node, BatchCopy batch) {}

    @Override
    public void written(SimulatedNode node, JournalRecord entry) {}

    @Override
    public void role(SimulatedNode node, Role role, long ballot, int leader, String why) {
        boolean makesRoom = why.contains("another member's goes on") || why.endsWith("takes over");
        totals.roomMade += makesRoom ? 1 : 0;
    }

    @Override
    public void diskFailed(SimulatedNode node, JournalException why) {
        throw new AssertionError("a disk failed", why);
    }

    @Override
    public void powerLost(SimulatedNode node) {}

    @Override
    public void mustStop(SimulatedNode node, String why) {
        throw new AssertionError(why);
    }

    @Override
    public void removed(SimulatedNode node, String why) {
        throw new AssertionError(why);
    }

    @Override
    public void warning(SimulatedNode node, String what) {}

    /** The reference is not asked here: skipped commands are none of its model. */
    private static final class Anything implements Application {
        @Override
        public StateMachine machine() {
            return (entry, reply) -> {};
        }

        @Override
        public long stateHash(StateMachine machine) {
            return 0;
        }

        @Override
        public byte[] command(RandomGenerator chance) {
            return new byte[0];
        }

        @Override
        public void inspect(StateMachine machine) {}

        @Override
        public void replied(byte[] command, byte[] reply) {}

        @Override
        public Model model() {
            return null;
        }
    }
}
