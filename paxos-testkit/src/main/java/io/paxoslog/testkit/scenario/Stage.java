package io.paxoslog.testkit.scenario;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.NonceKey;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.Role;
import io.paxoslog.log.Durability;
import io.paxoslog.testkit.sim.BatchCopy;
import io.paxoslog.testkit.sim.DiskFault;
import io.paxoslog.testkit.sim.Entries;
import io.paxoslog.testkit.sim.Envelope;
import io.paxoslog.testkit.sim.Message;
import io.paxoslog.testkit.sim.ReadKind;
import io.paxoslog.testkit.sim.Safety;
import io.paxoslog.testkit.sim.SimulatedDisk;
import io.paxoslog.testkit.sim.SimulatedNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where a scenario is played: nodes whose clocks, disks and messages move only when a command says
 * so. A disk forces at once what is written unless it is held.
 */
final class Stage {
    private static final int TIMEOUT_MS = 150;
    private static final int HEARTBEAT_MS = 50;
    private static final int STEP_MS = 10;
    private static final int MOST_MESSAGES = 20_000;
    private static final long WALL_NS = 1_700_000_000_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;

    private final Post post = new Post();
    private final Story story = new Story(post);
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final Map<Integer, Long> clocks = new HashMap<>();
    private final Map<Integer, SimulatedDisk> copies = new HashMap<>();
    private final Set<Integer> heldDisks = new HashSet<>();
    private Safety safety;
    private Durability durability = Durability.SYNC;
    private boolean isByHand;
    private int openBytesLimit = 1 << 20;
    private int electionTimeoutMs = TIMEOUT_MS;
    private int heartbeatMs = HEARTBEAT_MS;
    private long seed;
    private long clusterIdDraw;
    private int prepareQuorum;
    private int acceptQuorum;
    private int openSlotLimit = 1_000;
    private int segmentBytes = 4_096;
    private int starts;
    private int founders;
    private List<Integer> hints = List.of();

    /** Does what one line says. */
    void perform(String line) {
        List<String> words = List.of(line.strip().split(" +"));
        List<String> rest = words.subList(1, words.size());
        switch (words.get(0)) {
            case "nodes" -> found(rest);
            case "lead" -> lead(number(rest));
            case "campaign" -> campaign(node(rest));
            case "hear" -> hear(rest);
            case "deliver" -> post.take(rest).forEach(this::deliver);
            case "drop" -> post.take(rest);
            case "duplicate" -> post.duplicate(rest);
            case "park" -> post.park(rest);
            case "unpark" -> post.unpark(rest);
            case "settle" -> settle();
            case "tick" -> tick(rest);
            case "run" -> run(number(rest));
            case "propose" -> propose(node(rest), rest.subList(1, rest.size()));
            case "cut" -> rest.forEach(post::cut);
            case "isolate" -> isolate(number(rest));
            case "heal" -> post.heal();
            case "show" -> show(rest.get(0));
            case "log" -> showLog(node(rest));
            case "members" -> showMembers(node(rest));
            case "join" -> join(number(rest));
            case "jump" -> jump(number(rest), Long.parseLong(rest.get(1)));
            default -> performOnProcess(words.get(0), node(rest), rest);
        }
    }

    private void performOnProcess(String command, SimulatedNode node, List<String> rest) {
        switch (command) {
            case "start" -> start(node, rest);
            case "change" -> change(node, rest);
            case "give-up" -> giveUp(node);
            case "hint" -> node.hint(Integer.parseInt(rest.get(1)), "node-" + rest.get(1));
            case "clock" -> node.tick(Long.parseLong(rest.get(1)), Long.parseLong(rest.get(2)));
            case "crash" -> crash(node);
            case "crash-after" -> node.lightFuse(Integer.parseInt(rest.get(1)) + 1);
            case "power-loss" -> losePower(node, rest);
            case "restart" -> start(node);
            case "wipe" -> wipe(node);
            case "tear" -> tear(node, rest);
            case "disk" -> breakDisk(node, rest);
            case "copy-disk" -> copies.put(node.node(), node.disk().copy());
            case "restore-disk" -> restoreDisk(node);
            case "hold-sync" -> heldDisks.add(node.node());
            case "free-sync" -> freeSync(node);
            case "sync" -> sync(node, rest);
            case "transfer" -> transfer(node, number(rest.subList(1, rest.size())));
            case "leave" -> leave(node);
            case "read" -> node.read(ReadKind.valueOf(rest.get(1)));
            case "prefer" -> node.prefer(number(rest.subList(1, rest.size())));
            default -> throw new IllegalArgumentException("no such command: " + command);
        }
    }

    /** What followed from the last line. */
    List<String> takeConsequences() {
        return story.take();
    }

    private void found(List<String> words) {
        int count = Integer.parseInt(words.get(0));
        prepareQuorum = ReplicaConfig.majorityOf(count);
        acceptQuorum = ReplicaConfig.majorityOf(count);
        words.subList(1, words.size()).forEach(this::set);
        safety = new Safety(count);
        for (int id = 1; id <= count; id++) {
            add(id);
        }
        founders = count;
        if (!isByHand) {
            nodes.forEach(this::start);
        }
    }

    private void add(int id) {
        nodes.add(new SimulatedNode(id, durability, safety, segmentBytes, this::configOf, story));
        clocks.put(id, 0L);
    }

    /** {@code join 4}: a node more on an empty directory, which knows where all others are. */
    private void join(int id) {
        if (id != nodes.size() + 1) {
            throw new IllegalArgumentException("the next one to join is " + (nodes.size() + 1));
        }
        add(id);
        if (!isByHand) {
            start(nodes.get(id - 1));
        }
    }

    /**
     * {@code change 1 1,2,4}: node 1 is asked for these members, with majorities and the present
     * window unless it is said otherwise ({@code acceptQuorum=3}); what it says no to is told.
     */
    private void change(SimulatedNode node, List<String> words) {
        List<Integer> ids = numbers(words.get(1));
        int majority = ReplicaConfig.majorityOf(ids.size());
        Map<String, Long> settings = new HashMap<>();
        for (String word : words.subList(2, words.size())) {
            settings.put(word.substring(0, word.indexOf('=')), valueOf(word));
        }
        Replica replica = node.replica();
        long limit = replica.newestMembership().openSlotLimit();
        Change change =
                new Change(
                        settings.getOrDefault("previous", replica.membershipSlot()),
                        ids.stream().map(this::memberOf).toList(),
                        settings.getOrDefault("prepareQuorum", (long) majority).intValue(),
                        settings.getOrDefault("acceptQuorum", (long) majority).intValue(),
                        settings.getOrDefault("openSlotLimit", limit).intValue());
        if (!node.change(change)) {
            story.add(node.node() + " does not begin: " + replica.changeRefusal());
        }
        force(node);
    }

    private Change.Member memberOf(int id) {
        return new Change.Member(nodes.get(id - 1).member(), "node-" + id);
    }

    private void giveUp(SimulatedNode node) {
        if (!node.giveUpChange()) {
            story.add(node.node() + " gives nothing up: " + node.replica().changeRefusal());
        }
    }

    private static List<Integer> numbers(String list) {
        return Stream.of(list.split(",", -1)).map(Integer::valueOf).toList();
    }

    private void set(String setting) {
        List<String> parts = List.of(setting.split("=", -1));
        switch (parts.get(0)) {
            case "async" -> durability = Durability.ASYNC;
            case "page-cache" -> durability = Durability.PAGE_CACHE;
            case "by-hand" -> isByHand = true;
            case "openBytesLimit" -> openBytesLimit = Integer.parseInt(parts.get(1));
            case "electionTimeout" -> electionTimeoutMs = Integer.parseInt(parts.get(1));
            case "segmentBytes" -> segmentBytes = Integer.parseInt(parts.get(1));
            case "heartbeat" -> heartbeatMs = Integer.parseInt(parts.get(1));
            case "prepareQuorum" -> prepareQuorum = Integer.parseInt(parts.get(1));
            case "acceptQuorum" -> acceptQuorum = Integer.parseInt(parts.get(1));
            case "openSlotLimit" -> openSlotLimit = Integer.parseInt(parts.get(1));
            default -> throw new IllegalArgumentException("no such setting: " + setting);
        }
    }

    private ReplicaConfig configOf(SimulatedNode node) {
        boolean isFounder = node.node() <= founders;
        List<Integer> known =
                hints.isEmpty()
                        ? IntStream.rangeClosed(1, isFounder ? founders : nodes.size())
                                .boxed()
                                .toList()
                        : hints;
        List<ReplicaConfig.Voter> voters =
                known.stream().map(id -> new ReplicaConfig.Voter(id, "node-" + id)).toList();
        boolean isFounding = isFounder && voters.size() == founders;
        int majority = ReplicaConfig.majorityOf(voters.size());
        ReplicaConfig config =
                configOf(
                        node,
                        voters,
                        isFounding ? prepareQuorum : majority,
                        isFounding ? acceptQuorum : majority);
        return isFounder ? config : config.joining();
    }

    private ReplicaConfig configOf(
            SimulatedNode node, List<ReplicaConfig.Voter> voters, int prepare, int accept) {
        return new ReplicaConfig(
                node.member(),
                voters,
                prepare,
                accept,
                openSlotLimit,
                openBytesLimit,
                electionTimeoutMs,
                heartbeatMs,
                seed,
                new NonceKey(seed, ~seed),
                clusterIdDraw);
    }

    /**
     * {@code start 1 at=5 seed=7 cluster=9 wall=3}: nothing about this start is left to the stage.
     */
    private void start(SimulatedNode node, List<String> words) {
        post.forgetSelfMessages(node.node());
        seed = valueOf(words.get(2));
        clusterIdDraw = valueOf(words.get(3));
        hints = words.size() > 5 ? numbers(words.get(5).substring("members=".length())) : List.of();
        node.start(valueOf(words.get(1)), valueOf(words.get(4)));
    }

    private long wallNs(SimulatedNode node) {
        return WALL_NS + clocks.get(node.node()) * NS_PER_MS;
    }

    private static long valueOf(String setting) {
        return Long.parseLong(setting.substring(setting.indexOf('=') + 1));
    }

    private void start(SimulatedNode node) {
        seed = ++starts;
        clusterIdDraw = 1_000L + node.node();
        hints = List.of();
        clocks.merge(node.node(), 1L, Long::sum);
        node.start(clocks.get(node.node()), wallNs(node));
        force(node);
    }

    private void force(SimulatedNode node) {
        while (node.isUp()
                && !isByHand
                && !heldDisks.contains(node.node())
                && node.disk().forcedEntries() < node.disk().writtenEntries()) {
            node.forced(node.disk().writtenEntries());
        }
    }

    /** {@code hear 1->2 Accept b=1.1 ...}: a message that was said some time ago, perhaps again. */
    private void hear(List<String> words) {
        Envelope envelope = post.lastSaid(words);
        if (envelope != null) {
            nodes.get(envelope.toNode() - 1).hear(envelope);
        }
    }

    private void deliver(Envelope envelope) {
        SimulatedNode node = nodes.get(envelope.toNode() - 1);
        node.hear(envelope);
        force(node);
    }

    private void settle() {
        int delivered = 0;
        for (Envelope next = post.takeFirst(); next != null; next = post.takeFirst()) {
            deliver(next);
            if (++delivered > MOST_MESSAGES) {
                throw new IllegalStateException("messages go on for ever");
            }
        }
    }

    private void tick(List<String> words) {
        int ms = Integer.parseInt(words.get(0));
        List<SimulatedNode> ticked =
                words.size() == 1
                        ? nodes
                        : words.subList(1, words.size()).stream()
                                .map(word -> nodes.get(Integer.parseInt(word) - 1))
                                .toList();
        for (int passed = 0; passed < ms; passed += STEP_MS) {
            ticked.forEach(node -> tick(node, STEP_MS));
        }
    }

    private void tick(SimulatedNode node, int ms) {
        node.tick(clocks.merge(node.node(), (long) ms, Long::sum), wallNs(node));
        force(node);
    }

    /** Time passes for everybody and all that is said arrives; only what that changes is told. */
    private void run(int ms) {
        story.beQuiet(true);
        for (int passed = 0; passed < ms; passed += STEP_MS) {
            nodes.forEach(node -> tick(node, STEP_MS));
            settle();
        }
        story.beQuiet(false);
    }

    /** An election without disturbance, told in one line. */
    private void lead(int id) {
        SimulatedNode node = nodes.get(id - 1);
        campaign(node);
        settle();
        run(2 * HEARTBEAT_MS);
        story.take();
        story.add(
                id
                        + " "
                        + node.replica().role()
                        + ", commit index "
                        + BatchCopy.slotText(node.replica().commitIndex()));
    }

    /**
     * Time passes until nobody holds the node back and it canvasses; its canvass is answered by all
     * it reaches, up to its Prepare. What the others say of themselves meanwhile is lost.
     */
    private void campaign(SimulatedNode candidate) {
        Set<Envelope> before = new HashSet<>(post.inFlight());
        nodes.stream().filter(node -> node != candidate).forEach(node -> tick(node, TIMEOUT_MS));
        for (int passed = 0; passed <= 3 * TIMEOUT_MS && !isCanvassing(candidate); passed++) {
            post.forget(envelope -> !before.contains(envelope));
            tick(candidate, 1);
        }
        post.forget(e -> !before.contains(e) && e.fromNode() != candidate.node());
        story.take();
        answerCanvass(candidate, before);
        post.forget(e -> !before.contains(e) && !(e.message() instanceof Message.Prepare));
    }

    private static boolean isCanvassing(SimulatedNode node) {
        return node.replica().role() == Role.CANVASSING;
    }

    private void answerCanvass(SimulatedNode candidate, Set<Envelope> before) {
        List<Envelope> next = newMessages(before);
        while (isCanvassing(candidate) && !next.isEmpty()) {
            post.forget(next::contains);
            story.take();
            next.forEach(this::deliver);
            next = newMessages(before);
        }
    }

    private List<Envelope> newMessages(Set<Envelope> before) {
        return post.inFlight().stream().filter(e -> !before.contains(e)).toList();
    }

    private void propose(SimulatedNode node, List<String> values) {
        List<byte[]> entries = values.stream().map(Entries::parse).toList();
        if (!node.propose(entries)) {
            story.add(node.node() + " does not take it");
        }
        force(node);
    }

    private void transfer(SimulatedNode node, int to) {
        if (!node.transfer(to)) {
            story.add(node.node() + " refuses: " + node.replica().transferRefusal());
        }
        force(node);
    }

    private void leave(SimulatedNode node) {
        if (!node.leave()) {
            story.add(node.node() + " hands over to nobody");
        }
        force(node);
    }

    private void isolate(int id) {
        nodes.stream()
                .filter(other -> other.node() != id)
                .forEach(other -> post.cut(id + "-" + other.node()));
    }

    private void show(String what) {
        if (what.equals("journal")) {
            story.showJournal();
        } else {
            story.show(what);
        }
    }

    /** {@code members 2}: the latest members that a node knows, in force or to come. */
    private void showMembers(SimulatedNode node) {
        Membership newest = node.replica().newestMembership();
        StringBuilder line = new StringBuilder(node.node() + " members ");
        for (int i = 0; i < newest.size(); i++) {
            line.append(i == 0 ? "" : ",").append(MemberId.node(newest.member(i)));
        }
        line.append(" by slot ").append(node.replica().membershipSlot());
        story.add(line.append(", from ").append(node.replica().membershipFirstSlot()).toString());
    }

    private void showLog(SimulatedNode node) {
        StringBuilder line = new StringBuilder(node.node() + " log");
        for (long slot = safety.jumpedTo() + 1; slot <= node.replica().commitIndex(); slot++) {
            BatchCopy value = node.disk().valueAt(slot).slice(slot, slot);
            line.append(' ').append(BatchCopy.slotText(slot)).append(':').append(value.valueText());
        }
        story.add(line.toString());
    }

    /**
     * {@code jump 5 5000000000}: everybody restarts five slots before the last and so many rounds
     * before the last.
     */
    private void jump(int slotsLeft, long roundsLeft) {
        long slot = Batch.MAX_SLOT - slotsLeft;
        safety.jumpTo(slot);
        for (SimulatedNode node : nodes) {
            crash(node);
            node.replaceDisk(
                    node.disk().jumpedTo(slot, Ballot.of(Ballot.MAX_ROUND - roundsLeft, 1)));
        }
        nodes.forEach(this::start);
    }

    private void crash(SimulatedNode node) {
        node.kill();
        post.forgetSelfMessages(node.node());
    }

    /** {@code power-loss 1} keeps what was forced, {@code power-loss 1 2} two records more. */
    private void losePower(SimulatedNode node, List<String> words) {
        int more = words.size() > 1 ? Integer.parseInt(words.get(1)) : 0;
        int keep = Math.min(node.disk().writtenEntries(), node.disk().forcedEntries() + more);
        story.add(node.node() + " loses " + (node.disk().writtenEntries() - keep) + " records");
        node.losePower(keep);
        post.forgetSelfMessages(node.node());
    }

    /** {@code tear 1 512 7}: power goes, each page of 512 bytes is left as of some moment. */
    private void tear(SimulatedNode node, List<String> words) {
        node.tear(Integer.parseInt(words.get(1)), Long.parseLong(words.get(2)));
        post.forgetSelfMessages(node.node());
    }

    /** {@code disk 1 ROT 7}: see {@link DiskFault}; the number says where. */
    private static void breakDisk(SimulatedNode node, List<String> words) {
        node.breakDisk(DiskFault.valueOf(words.get(1)), Long.parseLong(words.get(2)));
    }

    private void wipe(SimulatedNode node) {
        node.wipe();
        post.forgetSelfMessages(node.node());
    }

    private void restoreDisk(SimulatedNode node) {
        crash(node);
        node.replaceDisk(copies.get(node.node()));
    }

    private void freeSync(SimulatedNode node) {
        heldDisks.remove(node.node());
        force(node);
    }

    /** {@code sync 1} forces everything written so far, {@code sync 1 2} two records of it. */
    private void sync(SimulatedNode node, List<String> words) {
        int all = node.disk().writtenEntries();
        int covered =
                words.size() > 1
                        ? Math.min(
                                all, node.disk().forcedEntries() + Integer.parseInt(words.get(1)))
                        : all;
        node.forced(covered);
    }

    private SimulatedNode node(List<String> words) {
        return nodes.get(number(words) - 1);
    }

    private static int number(List<String> words) {
        return Integer.parseInt(words.get(0));
    }
}
