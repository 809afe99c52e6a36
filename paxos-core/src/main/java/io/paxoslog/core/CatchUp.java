package io.paxoslog.core;

/**
 * Asks for what is missing here: chosen slots above the commit index from any member that can serve
 * them, and open slots that got lost on the way from the leader.
 */
final class CatchUp {
    private static final int NOBODY = -1;
    private static final int LOOKS_IN_VAIN = 4;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final long self;
    private final Peers peers;
    private final Learner learner;
    private final Acceptor acceptor;
    private final Memberships memberships;
    private final int patienceTicks;
    private final long[] servesUpTo = new long[Membership.MAX_MEMBERS];
    private int server = NOBODY;
    private int other = NOBODY;
    private int looksInVain;
    private long askedAt = NEVER;
    private long commitAtLastLook;
    private long heldAtLastLook;
    private long lookAgainTick = NEVER;
    private int leader = NOBODY;
    private long leaderLastSlot;

    CatchUp(
            long self,
            Peers peers,
            Learner learner,
            Acceptor acceptor,
            Memberships memberships,
            int patienceTicks) {
        this.self = self;
        this.peers = peers;
        this.learner = learner;
        this.acceptor = acceptor;
        this.memberships = memberships;
        this.patienceTicks = patienceTicks;
    }

    /** A member said how far it can serve chosen slots. */
    void servedBy(int member, long commitIndex) {
        servesUpTo[member] = Math.max(servesUpTo[member], commitIndex);
    }

    /** The leader said how far it has proposed. */
    void leaderProposed(int member, long lastSlot) {
        leaderLastSlot = member == leader ? Math.max(leaderLastSlot, lastSlot) : lastSlot;
        leader = member;
    }

    /** Nobody leads that this node hears. */
    void leaderGone() {
        leader = NOBODY;
        leaderLastSlot = 0;
    }

    /** Asks this member first, at once. */
    void fetchFrom(int member, long upTo, long nowTick) {
        servedBy(member, upTo);
        server = member;
        ask(nowTick);
    }

    void onTick(long nowTick) {
        if (nowTick < lookAgainTick) {
            return;
        }
        lookAgainTick = nowTick + patienceTicks;
        boolean commitStuck = learner.commitIndex() == commitAtLastLook;
        boolean votesStuck = acceptor.heldUpTo() == heldAtLastLook;
        commitAtLastLook = learner.commitIndex();
        heldAtLastLook = acceptor.heldUpTo();
        if (!commitStuck) {
            looksInVain = 0;
        } else if (chooseServer()) {
            looksInVain++;
            ask(nowTick);
            askAnotherIfInVain();
        }
        if (votesStuck && lacksOpenSlots()) {
            // Above the leader's floor only the leader can help.
            peers.to(nodeOf(leader)).fetch(self, acceptor.heldUpTo() + 1, leaderLastSlot);
        }
    }

    private boolean lacksOpenSlots() {
        return leader != NOBODY
                && acceptor.hasHeardFloor()
                && acceptor.heldUpTo() < leaderLastSlot
                && nodeOf(leader) != MemberId.node(self);
    }

    /** Stays with a server that served, or takes the next one that can. */
    private boolean chooseServer() {
        int members = memberships.current().size();
        for (int i = 1; i <= members; i++) {
            int candidate = (Math.max(server, 0) + i) % members;
            if (canServe(candidate)) {
                server = candidate;
                return true;
            }
        }
        return false;
    }

    /**
     * Who said that it can serve may not be able to: its record may be unreadable, its link may be
     * one-way. Others may hold the same, and need not have said how much.
     */
    private void askAnotherIfInVain() {
        if (looksInVain % LOOKS_IN_VAIN != 0) {
            return;
        }
        int members = memberships.current().size();
        for (int i = 1; i <= members; i++) {
            int candidate = (other + i) % members;
            if (candidate != server && nodeOf(candidate) != MemberId.node(self)) {
                other = candidate;
                peers.to(nodeOf(other)).fetch(self, learner.commitIndex() + 1, servesUpTo[server]);
                return;
            }
        }
    }

    private boolean canServe(int member) {
        return servesUpTo[member] > learner.commitIndex() && nodeOf(member) != MemberId.node(self);
    }

    private void ask(long nowTick) {
        askedAt = nowTick;
        peers.to(nodeOf(server)).fetch(self, learner.commitIndex() + 1, servesUpTo[server]);
    }

    /**
     * Chosen slots came; when they were the last of a burst, the next burst is asked for at once.
     */
    void served(int member, long burstEnd, long nowTick) {
        boolean burstIsOver = learner.commitIndex() >= burstEnd;
        if (burstIsOver && canServe(member)) {
            server = member;
            ask(nowTick);
        }
    }

    /** Tick of the last request, so that a candidate can tell whether fetching still moves. */
    long askedAt() {
        return askedAt;
    }

    private int nodeOf(int member) {
        return MemberId.node(memberships.current().member(member));
    }
}
