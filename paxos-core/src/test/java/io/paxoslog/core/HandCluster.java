package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Real replicas whose letters are delivered by hand: the test says which, when and how often. Time
 * moves when the test says so, too.
 */
final class HandCluster {
    static final int ELECTION_TIMEOUT = 150;
    static final int HEARTBEAT = 50;
    private static final int MAX_DELIVERIES = 1_000_000;

    private final List<Node> nodes = new ArrayList<>();
    private final List<Letter> letters = new ArrayList<>();
    private long now;

    HandCluster(int size) {
        this(size, ReplicaConfig.majorityOf(size), ReplicaConfig.majorityOf(size), 1000);
    }

    HandCluster(int size, int prepareQuorum, int acceptQuorum, int openSlotLimit) {
        for (int id = 1; id <= size; id++) {
            nodes.add(
                    new Node(configOf(id, size, prepareQuorum, acceptQuorum, openSlotLimit), this));
        }
    }

    static ReplicaConfig configOf(
            int id, int size, int prepareQuorum, int acceptQuorum, int openSlotLimit) {
        List<ReplicaConfig.Voter> voters =
                IntStream.rangeClosed(1, size)
                        .mapToObj(i -> new ReplicaConfig.Voter(i, "host:" + i))
                        .toList();
        return new ReplicaConfig(
                MemberId.of(id, 100 + id),
                voters,
                prepareQuorum,
                acceptQuorum,
                openSlotLimit,
                1 << 20,
                ELECTION_TIMEOUT,
                HEARTBEAT,
                id,
                new NonceKey(id, 7),
                76 + id);
    }

    /** One more node, with an empty log, that waits to be made a member. */
    Node join() {
        int id = nodes.size() + 1;
        ReplicaConfig first = node(1).config;
        ReplicaConfig config =
                configOf(id, id, ReplicaConfig.majorityOf(id), id, first.openSlotLimit());
        Node joining = new Node(config.joining(), this);
        nodes.add(joining);
        joining.start(now);
        return joining;
    }

    /** These nodes by majorities, made from the latest membership that a node knows. */
    Change changeTo(int id, int... members) {
        int majority = ReplicaConfig.majorityOf(members.length);
        return new Change(
                replica(id).membershipSlot(),
                IntStream.of(members)
                        .mapToObj(i -> new Change.Member(node(i).config.self(), "host:" + i))
                        .toList(),
                majority,
                majority,
                replica(id).newestMembership().openSlotLimit());
    }

    /** What is to be, made from the latest membership that a node knows; majorities of voters. */
    Change changeTo(int id, Change.Member... members) {
        int voters = (int) Stream.of(members).filter(member -> member.seat().votes()).count();
        int majority = ReplicaConfig.majorityOf(voters);
        return new Change(
                replica(id).membershipSlot(),
                List.of(members),
                majority,
                majority,
                replica(id).newestMembership().openSlotLimit());
    }

    /** A node as a member in some seat. */
    Change.Member member(int id, Seat seat) {
        return new Change.Member(node(id).config.self(), "host:" + id, seat, "");
    }

    /** From their start on nodes put spares in the place of voters that they do not hear. */
    HandCluster replacingAfter(int ticks) {
        nodes.replaceAll(node -> new Node(node.config.replacingAfter(ticks), this));
        return this;
    }

    /** From their start on nodes grant leases for so long, and ask for them. */
    HandCluster leasing(int ticks) {
        nodes.replaceAll(node -> new Node(node.config.leasing(ticks, 0), this));
        return this;
    }

    /** The same, but for one node only. */
    HandCluster leasing(int ticks, int id) {
        nodes.set(id - 1, new Node(node(id).config.leasing(ticks, 0), this));
        return this;
    }

    /** A node stops and comes back with all its records; it may have granted leases for so long. */
    void restartAfterGrants(int id, int before) {
        Node node = node(id);
        Node back = new Node(node.config.leasing(node.config.leaseTicks(), before), this);
        node.journal.replay(node.journal.size(), back.journal);
        back.journal.replay(node.journal.size(), back.replica.recovery());
        nodes.set(id - 1, back);
        back.start(now);
    }

    /** A node that is not started yet is of a build that knows other versions. */
    HandCluster knowing(int id, KnownVersions knows) {
        nodes.set(id - 1, new Node(node(id).config.knowing(knows), this));
        return this;
    }

    /** A node stops and comes back with all its records, as a build that knows other versions. */
    void restartAs(int id, KnownVersions knows) {
        Node node = node(id);
        Node back = new Node(node.config.knowing(knows), this);
        node.journal.replay(node.journal.size(), back.journal);
        back.journal.replay(node.journal.size(), back.replica.recovery());
        nodes.set(id - 1, back);
        back.start(now);
    }

    /** How many nodes there are, joining ones and those that were removed among them. */
    int size() {
        return nodes.size();
    }

    /** Everybody's wall clock shows the same. */
    static long wallClockNs(long tick) {
        return 1_700_000_000_000_000_000L + tick * 1_000_000;
    }

    Node node(int id) {
        return nodes.get(id - 1);
    }

    Replica replica(int id) {
        return node(id).replica;
    }

    void post(Letter letter) {
        letters.add(letter);
    }

    /** The time now. */
    long now() {
        return now;
    }

    /** Letters that nobody has delivered or dropped yet. */
    List<Letter> waiting() {
        return List.copyOf(letters);
    }

    /** Time passes for these nodes, in steps of ten ticks; nothing is delivered. */
    void pass(int ticks, int... ids) {
        for (int i = 0; i < ticks; i += 10) {
            now += 10;
            for (int id : ids) {
                tick(node(id));
            }
        }
    }

    /** A turn in which a node hears of nothing but the time. */
    private void tick(Node node) {
        node.replica.onTick(now, wallClockNs(now));
        node.replica.endTurn();
    }

    /** Time passes for all nodes, and what they say is heard at once. */
    void run(int ticks) {
        for (int i = 0; i < ticks; i += 10) {
            now += 10;
            nodes.forEach(this::tick);
            settle();
        }
    }

    /** Delivers everything that waits, and all that follows from it. */
    void settle() {
        deliver(letter -> true);
    }

    /** Delivers such letters, and such letters that follow from them, in order. */
    void deliver(Predicate<Letter> which) {
        for (int i = 0; i < MAX_DELIVERIES; i++) {
            Letter next = letters.stream().filter(which).findFirst().orElse(null);
            if (next == null) {
                return;
            }
            letters.remove(next);
            hear(next);
        }
        throw new AssertionError("the letters never end; the last are " + letters);
    }

    /** Delivers such letters that wait now, but nothing that follows from them. */
    void deliverOnce(Predicate<Letter> which) {
        List<Letter> chosen = letters.stream().filter(which).toList();
        letters.removeAll(chosen);
        chosen.forEach(this::hear);
    }

    /** Loses such letters. */
    void drop(Predicate<Letter> which) {
        letters.removeIf(which);
    }

    /** Hears a letter, which may be an old one. */
    void hear(Letter letter) {
        Node listener = node(letter.to());
        Node speaker = node(letter.from());
        if (listener.isUp
                && listener.replica.admits(
                        speaker.config.self(), speaker.replica.spokenCluster())) {
            letter.content().accept(listener.replica);
        }
    }

    /** Makes a node leader while all letters arrive. */
    void elect(int id) {
        elect(id, nodes.stream().mapToInt(Node::id).toArray());
    }

    /** Makes a node leader while only letters among these nodes arrive. */
    void elect(int id, int... among) {
        Predicate<Letter> arrives = among(among);
        drop(letter -> true);
        // Long enough that nobody denies it because of the leader before.
        pass(ELECTION_TIMEOUT, among);
        drop(letter -> true);
        for (int i = 0; i < 100 && replica(id).role() != Role.LEADING; i++) {
            pass(10, id);
            deliver(arrives);
        }
        // A heartbeat tells the others what was chosen.
        pass(50, id);
        deliver(arrives);
        drop(letter -> true);
        if (replica(id).role() != Role.LEADING) {
            throw new AssertionError("node " + id + " does not lead");
        }
    }

    /** Letters that neither come from nor go to others than these nodes. */
    static Predicate<Letter> among(int... ids) {
        return letter -> contains(ids, letter.from()) && contains(ids, letter.to());
    }

    private static boolean contains(int[] ids, int id) {
        return IntStream.of(ids).anyMatch(i -> i == id);
    }

    /** Proposes one batch, which must be taken. */
    void propose(int id, String... commands) {
        if (!tryPropose(id, commands)) {
            throw new AssertionError("node " + id + " took nothing");
        }
    }

    boolean tryPropose(int id, String... commands) {
        UnsafeBuffer entries = Batches.entries(commands);
        return replica(id).propose(commands.length, entries, 0, entries.capacity());
    }

    /** A node stops and comes back with the first of its journal records. */
    void restart(int id, int recordsKept) {
        Node node = node(id);
        Node back = new Node(node.config, this);
        node.journal.replay(recordsKept, back.journal);
        back.journal.replay(recordsKept, back.replica.recovery());
        nodes.set(id - 1, back);
        back.start(now);
    }

    /** A node comes back with all its records, and settings that name all nodes there are. */
    void restartKnowingAll(int id) {
        Node node = node(id);
        ReplicaConfig old = node.config;
        int all = nodes.size();
        ReplicaConfig config = configOf(id, all, all, all, old.openSlotLimit());
        Node back = new Node(old.joins() ? config.joining() : config, this);
        node.journal.replay(node.journal.size(), back.journal);
        back.journal.replay(node.journal.size(), back.replica.recovery());
        nodes.set(id - 1, back);
        back.start(now);
    }

    /** A node comes back with all its records, and may have voted for more than they say. */
    void losePower(int id, long promised) {
        node(id).journal.returning(promised);
        restart(id, node(id).journal.size());
    }

    /** A node stops and comes back with all its records, and draws what its nonces follow from. */
    void restartDrawing(int id, NonceKey key) {
        Node node = node(id);
        Node back = new Node(with(node.config, node.config.self(), key), this);
        node.journal.replay(node.journal.size(), back.journal);
        back.journal.replay(node.journal.size(), back.replica.recovery());
        nodes.set(id - 1, back);
        back.start(now);
    }

    /** A node comes back with another directory, an empty one. */
    void wipe(int id) {
        ReplicaConfig old = node(id).config;
        Node back = new Node(with(old, MemberId.of(id, 900 + id), old.nonceKey()), this);
        nodes.set(id - 1, back);
        back.start(now);
    }

    private static ReplicaConfig with(ReplicaConfig old, long self, NonceKey key) {
        return new ReplicaConfig(
                self,
                old.members(),
                old.prepareQuorum(),
                old.acceptQuorum(),
                old.openSlotLimit(),
                old.openBytesLimit(),
                old.electionTimeoutTicks(),
                old.heartbeatTicks(),
                old.seed(),
                key,
                old.clusterIdDraw());
    }

    /** A node begins anew, on a base that its journal holds. */
    void makeOn(Base base, int id, Consumer<JournalRecords> records) {
        Node made = new Node(node(id).config.withBase(base), this);
        records.accept(made.journal);
        made.journal.replay(made.journal.size(), made.replica.recovery());
        nodes.set(id - 1, made);
    }

    /** Starts every node, with the journal it has; none denies a canvass any more. */
    HandCluster started() {
        nodes.forEach(node -> node.start(now));
        now += ELECTION_TIMEOUT;
        nodes.forEach(this::tick);
        return this;
    }

    /** Starts every node; node 1 leads, "a" is chosen at slot 2, all know it, and nothing waits. */
    HandCluster founded() {
        started();
        elect(1);
        propose(1, "a");
        run(HEARTBEAT);
        drop(letter -> true);
        return this;
    }

    /** One replica and its world. */
    static final class Node
            implements CommittedLog, StoredValues, ReplicaEvents, Peers, ReadAnswers {
        final ReplicaConfig config;

        /** What this node said and wrote, in order. */
        final List<String> deeds = new ArrayList<>();

        final RecordingJournal journal = new RecordingJournal(deeds::add);
        final List<String> committed = new ArrayList<>();

        /** Decisions that came into force, as "slot:decision". */
        final List<String> decided = new ArrayList<>();

        /** Holds that the journal told of, as "slot against decision". */
        final List<String> holds = new ArrayList<>();

        /** What was asked of whoever moves snapshots, as lines. */
        final RecordingSnapshots snapshots = new RecordingSnapshots();

        /** Slots of snapshots that took the place of others. */
        final List<Long> jumps = new ArrayList<>();

        /** What was said of the state machine here, and snapshots it begins anew with. */
        final List<String> divergences = new ArrayList<>();

        final List<String> roles = new ArrayList<>();
        final List<String> stops = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();

        /** What was said of leadership handed over, or not. */
        final List<String> transfers = new ArrayList<>();

        /** What reads need, as "ticket@index". */
        final List<String> reads = new ArrayList<>();

        /** The same of those that go on without a leader. */
        final List<String> quorumReads = new ArrayList<>();

        /** The same of those that ask nobody. */
        final List<String> leaseReads = new ArrayList<>();

        final Replica replica;
        boolean isUp = true;
        private final HandCluster cluster;
        private final SortedSet<Integer> audience = new TreeSet<>();

        Node(ReplicaConfig config, HandCluster cluster) {
            this.config = config;
            this.cluster = cluster;
            config.members().forEach(voter -> audience.add(voter.node()));
            this.replica = new Replica(config, journal, this, this, this, snapshots, this);
            replica.tellReads(this);
        }

        void start(long tick) {
            replica.start(tick, wallClockNs(tick));
        }

        int id() {
            return MemberId.node(config.self());
        }

        @Override
        public PeerMessages to(int node) {
            return new LetterWriter(
                    (text, content) -> {
                        deeds.add(text);
                        cluster.post(new Letter(id(), node, text, content));
                    });
        }

        @Override
        public PeerMessages toAll() {
            return new LetterWriter(
                    (text, content) -> {
                        deeds.add(text);
                        audience.forEach(to -> cluster.post(new Letter(id(), to, text, content)));
                    });
        }

        @Override
        public void joined(long member, String address) {
            audience.add(MemberId.node(member));
        }

        @Override
        public void left(long member) {
            audience.remove(MemberId.node(member));
        }

        /** Commands as they were chosen, with their slot. */
        @Override
        public void committed(Batch batch) {
            List<String> words = Batches.words(batch);
            for (int i = 0; i < words.size(); i++) {
                committed.add(batch.firstSlot() + i + ":" + words.get(i));
            }
        }

        @Override
        public void jumped(long slot) {
            jumps.add(slot);
        }

        @Override
        public void indexed(long ticket, long index) {
            reads.add(ticket + "@" + index);
        }

        @Override
        public void indexedByQuorum(long ticket, long index) {
            quorumReads.add(ticket + "@" + index);
        }

        @Override
        public void indexedByLease(long ticket, long index) {
            leaseReads.add(ticket + "@" + index);
        }

        @Override
        public void diverged(long equalUpTo, long differsAt, boolean isMinority) {
            String who = isMinority ? "in the minority" : "nobody is right";
            divergences.add("(" + equalUpTo + ", " + differsAt + "] " + who);
        }

        @Override
        public void begunAnew(long snapshot) {
            divergences.add("anew from " + snapshot);
        }

        @Override
        public void decided(long at, Decision decision) {
            decided.add(at + ":" + decision);
        }

        @Override
        public void held(long slot, long decision) {
            holds.add(slot + " against " + decision);
        }

        @Override
        public void sendChosen(int toNode, long firstSlot, long lastSlot) {
            for (long slot = firstSlot; slot <= lastSlot; slot++) {
                Batch newest = newest(slot);
                to(toNode)
                        .chosen(
                                config.self(),
                                newest.slots(Ballot.NONE, newest.firstSlot(), newest.count()),
                                lastSlot);
            }
        }

        @Override
        public void sendPromised(
                int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {
            for (long slot = firstSlot; slot <= lastSlot; slot++) {
                Batch newest = newest(slot);
                to(toNode)
                        .promisedSlots(
                                config.self(),
                                ballot,
                                newest.slots(acceptedBallot, newest.firstSlot(), 1));
            }
        }

        private Batch newest(long slot) {
            Batch held = held(slot);
            if (held == null) {
                throw new AssertionError("slot " + slot + " is not in the journal of " + id());
            }
            return held;
        }

        /** What the newest record of a slot in the journal says; null where there is none. */
        Batch held(long slot) {
            for (int i = journal.batches().size() - 1; i >= 0; i--) {
                Batch batch = journal.batches().get(i);
                if (batch.firstSlot() <= slot && slot <= batch.lastSlot()) {
                    return new Batch().slice(batch, slot, slot);
                }
            }
            return null;
        }

        @Override
        public void role(Role role, long ballot, int leader, String why) {
            roles.add(role + " " + Ballot.text(ballot) + " leader=" + leader + ": " + why);
        }

        @Override
        public void mustStop(String why) {
            stops.add(why);
        }

        @Override
        public void transfer(String what) {
            transfers.add(what);
        }

        @Override
        public void warning(String what) {
            warnings.add(what);
        }
    }
}
