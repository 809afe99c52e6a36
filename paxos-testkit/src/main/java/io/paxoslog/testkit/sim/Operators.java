package io.paxoslog.testkit.sim;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whoever looks after a cluster and changes its members all the time: lets nodes join, asks every
 * leader there is for other members, quorums or windows, and gives some of it up again. Asks only
 * for what the nodes that count can serve, but for memberships whose nodes were never there: those
 * nobody may propose.
 */
final class Operators {
    private static final int MOST_MEMBERS = 7;

    private final World cluster;
    private final Swarm swarm;
    private final ChangeSwarm draws;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final Spares spares;
    private final Consumer<SimulatedNode> restartLater;
    private final BooleanSupplier mayBegin;
    private final int everyMs;
    private boolean isOver;
    private long askedFrom;

    /**
     * @param mayBegin whether anything that cannot bear a change is going on
     */
    Operators(
            World cluster,
            Timeline timeline,
            Totals totals,
            Spares spares,
            Consumer<SimulatedNode> restartLater,
            BooleanSupplier mayBegin) {
        this.cluster = cluster;
        this.swarm = cluster.swarm();
        this.draws = swarm.changes;
        this.random = draws.split();
        this.timeline = timeline;
        this.totals = totals;
        this.spares = spares;
        this.restartLater = restartLater;
        this.mayBegin = mayBegin;
        everyMs = draws.everyTimeouts * swarm.electionTimeoutMs;
        cluster.onRemoval(this::removed);
    }

    /** The first thing is done soon. */
    void begin() {
        if (draws.isOn) {
            timeline.after(random.below(everyMs), this::next);
            timeline.after(swarm.longestTimeoutMs(), this::inquire);
        }
    }

    /** Joining nodes that hear no leader ask now and then who the members are. */
    private void inquire() {
        tellWhoIsLost();
        timeline.after(swarm.longestTimeoutMs(), this::inquire);
    }

    /** From now on nothing is asked for any more; what is under way goes on. */
    void end() {
        isOver = true;
    }

    /** Whether some leader began with a change of the latest membership. */
    boolean hasAskedSince() {
        return askedFrom == cluster.safety().terms().entrySlot();
    }

    private void next() {
        if (isOver) {
            return;
        }
        if (mayBegin.getAsBoolean()) {
            act();
        }
        timeline.after(1 + random.below(2 * everyMs), this::next);
    }

    private void act() {
        int dice = random.below(1_000);
        if (dice < 250 && cluster.nodes().size() < swarm.places()) {
            join();
        } else if (dice < 330) {
            giveUp();
        } else {
            ask();
        }
    }

    /** As the inquiry of a joining node does. */
    private void tellWhoIsLost() {
        Terms.Term newest = cluster.safety().terms().newest();
        for (SimulatedNode node : List.copyOf(cluster.nodes())) {
            boolean asks =
                    node.isUp()
                            && cluster.isJoining(node)
                            && !cluster.isPaused(node)
                            && node.replica().leader() == 0;
            if (asks) {
                cluster.nodes().stream()
                        .filter(member -> newest.holds(member.node()) && member != node)
                        .forEach(member -> cluster.hint(node, member));
            }
        }
    }

    private void join() {
        SimulatedNode node = cluster.join();
        boolean isNeverThere = random.chance(draws.unreachablePerMille);
        if (isNeverThere) {
            spares.spare(node);
        } else {
            totals.count(Deed.NODE_JOINS);
            cluster.start(node);
        }
    }

    private void giveUp() {
        for (SimulatedNode node : List.copyOf(cluster.nodes())) {
            if (node.giveUpChange()) {
                totals.count(Deed.CHANGE_GIVEN_UP);
                cluster.settle(node);
            }
        }
    }

    /** Of everybody who leads, or thinks so, something of its own. */
    private void ask() {
        for (SimulatedNode node : List.copyOf(cluster.nodes())) {
            boolean leads =
                    node.isUp()
                            && !cluster.isPaused(node)
                            && node.replica().role() == Role.LEADING
                            && node.replica().clusterId() != 0;
            if (leads) {
                ask(node);
            }
        }
    }

    private void ask(SimulatedNode leader) {
        Change change = draw(leader);
        boolean isServed = spares.mayBecome(change);
        if (!isServed && !random.chance(draws.unreachablePerMille)) {
            return;
        }
        boolean isForNobody = !isServed && isOfNobody(change);
        if (!isServed && !isForNobody) {
            return;
        }
        if (leader.change(change)) {
            totals.count(isForNobody ? Deed.UNREACHABLE_MEMBERS_WANTED : Deed.CHANGE_BEGUN);
            askedFrom = change.previous();
            if (!isForNobody) {
                spares.asked(change);
            }
        } else {
            totals.count(Deed.CHANGE_REFUSED);
        }
        cluster.settle(leader);
    }

    /** Whether nodes that never were there make it impossible for good. */
    private boolean isOfNobody(Change change) {
        long there =
                change.members().stream()
                        .map(member -> cluster.node(MemberId.node(member.identity())))
                        .filter(node -> node.replica() != null)
                        .count();
        return there < Math.max(change.prepareQuorum(), change.acceptQuorum());
    }

    private Change draw(SimulatedNode leader) {
        Membership now = leader.replica().newestMembership();
        SortedSet<Integer> members = new TreeSet<>();
        for (int i = 0; i < now.size(); i++) {
            members.add(MemberId.node(now.member(i)));
        }
        List<Integer> waiting = new ArrayList<>();
        for (SimulatedNode node : cluster.nodes()) {
            if (node.node() > now.highestNode() && node.isOriginal()) {
                waiting.add(node.node());
            }
        }
        int limit = now.openSlotLimit();
        boolean keepsQuorums = false;
        switch (random.below(6)) {
            case 0 -> add(members, waiting);
            case 1 -> remove(members);
            case 2, 3 -> {
                if (add(members, waiting)) {
                    remove(members);
                }
            }
            case 4 -> move(members, waiting);
            default -> {
                limit = random.oneOf(1, 2, 3, 8, 32, 128);
                keepsQuorums = random.chance(500);
            }
        }
        int size = members.size();
        boolean isFlexible = !keepsQuorums && random.chance(draws.flexiblePerMille);
        int prepare = isFlexible ? random.between(1, size) : ReplicaConfig.majorityOf(size);
        int accept =
                isFlexible
                        ? random.between(size - prepare + 1, size)
                        : ReplicaConfig.majorityOf(size);
        boolean isTooFew = accept == 1 && size > 1 && !swarm.durability.valuesWait();
        return new Change(
                leader.replica().membershipSlot(),
                members.stream().map(this::memberOf).toList(),
                isTooFew ? ReplicaConfig.majorityOf(size) : prepare,
                isTooFew ? ReplicaConfig.majorityOf(size) : accept,
                limit);
    }

    private Change.Member memberOf(int id) {
        return new Change.Member(
                MemberId.of(id, SimulatedNode.firstIncarnation(id)), ClientNetwork.addressOf(id));
    }

    private boolean add(SortedSet<Integer> members, List<Integer> waiting) {
        return !waiting.isEmpty()
                && members.size() < MOST_MEMBERS
                && members.add(waiting.get(random.below(waiting.size())));
    }

    /** Who is gone for good goes first, often. */
    private void remove(SortedSet<Integer> members) {
        List<Integer> gone =
                members.stream().filter(id -> spares.isGone(cluster.node(id))).toList();
        List<Integer> from = gone.isEmpty() || random.chance(300) ? List.copyOf(members) : gone;
        if (members.size() > 1) {
            members.remove(from.get(random.below(from.size())));
        }
    }

    private void move(SortedSet<Integer> members, List<Integer> waiting) {
        List<Integer> all = new ArrayList<>(members);
        all.addAll(waiting);
        int wanted = random.between(1, Math.min(5, all.size()));
        members.clear();
        while (members.size() < wanted) {
            members.add(all.get(random.below(all.size())));
        }
    }

    /** It stopped by itself; at times somebody starts it again all the same. */
    private void removed(SimulatedNode node) {
        totals.count(Deed.REMOVED_NODE_STOPS);
        if (!isOver && random.chance(300)) {
            restartLater.accept(node);
        }
    }
}
