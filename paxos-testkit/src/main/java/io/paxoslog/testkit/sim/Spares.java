package io.paxoslog.testkit.sim;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which nodes are gone for good, and how many more may go, or forget what they voted for, so that
 * the others can still elect and choose in every membership that matters: those that govern what is
 * not on every member's disk yet, and those that were asked for and may still come.
 */
final class Spares {
    private record Asked(long previous, Terms.Term term) {}

    private final World cluster;
    private final List<SimulatedNode> gone = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();

    Spares(World cluster) {
        this.cluster = cluster;
    }

    boolean maySpare(SimulatedNode node) {
        gone.removeIf(SimulatedNode::isHealed);
        return isFounded()
                && !gone.contains(node)
                && areServed(other -> other != node && !gone.contains(other))
                && leavesEnough(node);
    }

    /** Whether enough others remember what a node may forget, so that it comes back by itself. */
    boolean mayForget(SimulatedNode node) {
        return isFounded() && leavesEnough(node);
    }

    /** Until everybody knows genesis, nobody can be elected without everybody. */
    private boolean isFounded() {
        return cluster.nodes().stream()
                .limit(cluster.swarm().nodes)
                .allMatch(SimulatedNode::isFounded);
    }

    private boolean leavesEnough(SimulatedNode one) {
        int others = set(node -> node != one && counts(node));
        boolean isElected = memberships().stream().allMatch(term -> term.isPrepareQuorum(others));
        // Nobody returns while a change is open, which may need votes to be chosen.
        boolean isChosen =
                !cluster.swarm().changes.isOn
                        || memberships().stream().allMatch(term -> term.isAcceptQuorum(others));
        return isElected && isChosen;
    }

    private boolean counts(SimulatedNode node) {
        return !gone.contains(node) && !node.isReturning();
    }

    private boolean areServed(Predicate<SimulatedNode> by) {
        int nodes = set(by);
        return memberships().stream().allMatch(term -> term.isServedBy(nodes));
    }

    private int set(Predicate<SimulatedNode> which) {
        int set = 0;
        for (SimulatedNode node : cluster.nodes()) {
            set |= which.test(node) ? 1 << node.node() : 0;
        }
        return set;
    }

    private List<Terms.Term> memberships() {
        Terms terms = cluster.safety().terms();
        asked.removeIf(change -> change.previous != terms.entrySlot());
        List<Terms.Term> all = new ArrayList<>(terms.from(Math.max(2, leastKnown() + 1)));
        asked.forEach(change -> all.add(change.term));
        return all;
    }

    /** Up to there every member that counts knows, for good, what is chosen. */
    long leastKnown() {
        if (!cluster.swarm().changes.isOn) {
            return 1;
        }
        long least = Long.MAX_VALUE;
        Terms.Term newest = cluster.safety().terms().newest();
        for (SimulatedNode node : cluster.nodes()) {
            boolean isMember =
                    newest.holds(node.node())
                            || asked.stream().anyMatch(it -> it.term.holds(node.node()));
            if (isMember && !gone.contains(node)) {
                least = Math.min(least, node.disk().forcedCommit());
            }
        }
        return least;
    }

    /** Whether all memberships that matter, and this one, can do with those who are there. */
    boolean mayBecome(Change change) {
        Terms.Term term = termOf(change);
        return isFounded()
                && areServed(this::counts)
                && term.isServedBy(set(node -> counts(node) && node.isOriginal()));
    }

    /** A leader prepares it, and it may come. */
    void asked(Change change) {
        asked.add(new Asked(change.previous(), termOf(change)));
    }

    private static Terms.Term termOf(Change change) {
        int members = 0;
        for (Change.Member member : change.members()) {
            members |= 1 << MemberId.node(member.identity());
        }
        return new Terms.Term(
                0,
                0,
                change.openSlotLimit(),
                members,
                change.prepareQuorum(),
                change.acceptQuorum());
    }

    /** Whether changes may be under way. */
    boolean isChanging() {
        Terms terms = cluster.safety().terms();
        asked.removeIf(change -> change.previous != terms.entrySlot());
        return !asked.isEmpty() || terms.newest().from() > cluster.safety().chosenUpTo();
    }

    void spare(SimulatedNode node) {
        gone.add(node);
    }

    void takeBack(SimulatedNode node) {
        gone.remove(node);
    }

    boolean isGone(SimulatedNode node) {
        return gone.contains(node);
    }
}
