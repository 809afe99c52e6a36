package io.paxoslog.core;

import static io.paxoslog.core.Memberships.NOBODY;

/**
 * Asks for what is missing here: chosen slots above the commit index from any member that can serve
 * them, a snapshot when no log reaches down to them any more, and open slots that got lost on the
 * way from the leader.
 */
final class CatchUp implements Roster.Keeper {
    private static final int LOOKS_IN_VAIN = 4;

    /** Most of what a leader sends again is what a node that is short of room does not take. */
    private static final int LOOKS_WHEN_SHORT = 8;

    /** Whoever asks for what comes next does not know how much that is. */
    private static final int SLOTS_ASKED_BLINDLY = 1_000;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final long self;
    private final Peers peers;
    private final Snapshots snapshots;
    private final Learner learner;
    private final Acceptor acceptor;
    private final Memberships memberships;
    private final OwnRoom room;
    private final int patienceTicks;
    private final long[] servesUpTo = new long[Roster.MAX];
    private final long[] firstKept = new long[Roster.MAX];
    private final long[] snapshotSlot = new long[Roster.MAX];
    private int server = NOBODY;
    private int other = NOBODY;
    private int asked;
    private int source;
    private int looksInVain;
    private int looksWhenShort;
    private long askedAt = NEVER;
    private long commitAtLastLook;
    private long heldAtLastLook;
    private long lookAgainTick = NEVER;
    private int leader = NOBODY;
    private long leaderLastSlot;
    private boolean isProbing;

    CatchUp(
            long self,
            Peers peers,
            Snapshots snapshots,
            Learner learner,
            Acceptor acceptor,
            Memberships memberships,
            OwnRoom room,
            int patienceTicks) {
        this.self = self;
        this.peers = peers;
        this.snapshots = snapshots;
        this.learner = learner;
        this.acceptor = acceptor;
        this.memberships = memberships;
        this.room = room;
        this.patienceTicks = patienceTicks;
    }

    @Override
    public void left(int number, long member) {
        servesUpTo[number] = 0;
        firstKept[number] = 0;
        snapshotSlot[number] = 0;
        asked &= ~(1 << number);
        server = server == number ? NOBODY : server;
        other = other == number ? NOBODY : other;
        source = source == number ? 0 : source;
        leader = leader == number ? NOBODY : leader;
    }

    /** A member said how far it can serve chosen slots. */
    void servedBy(int member, long commitIndex) {
        if (member == NOBODY) {
            // What it sent just now showed that it is none any more.
            return;
        }
        servesUpTo[member] = Math.max(servesUpTo[member], commitIndex);
    }

    /** A member said that its log begins later, and up to which slot its newest snapshot goes. */
    void compacted(int member, long itsFirstKept, long itsSnapshotSlot, long nowTick) {
        firstKept[member] = itsFirstKept;
        snapshotSlot[member] = itsSnapshotSlot;
        servedBy(member, itsSnapshotSlot);
        if (itsFirstKept > learner.commitIndex() + 1) {
            seek(nowTick);
        }
    }

    /** The leader said how far it has proposed. */
    void leaderProposed(int member, long lastSlot) {
        isProbing = false;
        leaderLastSlot = member == leader ? Math.max(leaderLastSlot, lastSlot) : lastSlot;
        leader = member;
    }

    /**
     * Nobody leads that this node hears, and it may not lead either: asks one node after the other
     * for what comes next, as they may know of memberships that this one does not.
     */
    void probe(long nowTick) {
        int next = memberships.nextOther(other, member -> true);
        if (next != NOBODY && room.isForCommands()) {
            other = next;
            isProbing = true;
            askBlindly(nowTick);
        }
    }

    private void askBlindly(long nowTick) {
        askedAt = nowTick;
        long first = learner.commitIndex() + 1;
        peers.to(memberships.node(other)).fetch(self, first, first + SLOTS_ASKED_BLINDLY - 1);
    }

    /** Nobody leads that this node hears. */
    void leaderGone() {
        leader = NOBODY;
        leaderLastSlot = 0;
    }

    /** Asks this member first, at once, or whoever can help if it cannot. */
    void fetchFrom(int member, long upTo, long nowTick) {
        servedBy(member, upTo);
        if (!room.isForCommands()) {
            return;
        }
        if (reachesDown(member)) {
            server = member;
            ask(nowTick);
        } else {
            seek(nowTick);
        }
    }

    /** A snapshot brought the commit index to where logs may go on. */
    void jumped(long nowTick) {
        if (chooseServer()) {
            ask(nowTick);
        }
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
            asked = 0;
        } else if (room.isForCommands() && isBehind()) {
            looksInVain++;
            seek(nowTick);
            askAnotherIfInVain();
        }
        if (votesStuck && lacksOpenSlots() && isTimeForOpenSlots()) {
            // Above the leader's floor only the leader can help.
            peers.to(memberships.node(leader)).fetch(self, acceptor.heldUpTo() + 1, leaderLastSlot);
        }
    }

    private boolean isTimeForOpenSlots() {
        looksWhenShort = room.isForCommands() ? 0 : looksWhenShort + 1;
        return looksWhenShort % LOOKS_WHEN_SHORT == 0;
    }

    private boolean lacksOpenSlots() {
        return leader != NOBODY
                && acceptor.hasHeardFloor()
                && acceptor.heldUpTo() < leaderLastSlot
                && memberships.isOther(leader);
    }

    private boolean isBehind() {
        return memberships.nextOther(NOBODY, member -> servesUpTo[member] > learner.commitIndex())
                != NOBODY;
    }

    /**
     * Asks a log that reaches down here, or one that may; a snapshot only when there is none, as it
     * brings everything again. Who said that it can serve, and does not, holds that up for a while
     * only.
     */
    private void seek(long nowTick) {
        boolean hasServer = chooseServer();
        if (hasServer) {
            ask(nowTick);
        } else if (chooseUnasked()) {
            ask(nowTick);
            return;
        }
        if (!hasServer || looksInVain >= LOOKS_IN_VAIN) {
            wantSnapshot(nowTick);
        }
    }

    private void wantSnapshot(long nowTick) {
        int next =
                memberships.nextOther(
                        source, member -> snapshotSlot[member] > learner.commitIndex());
        if (next != NOBODY) {
            source = next;
            askedAt = nowTick;
            snapshots.wanted(memberships.node(source), learner.commitIndex());
        }
    }

    /** Others need not have said how much they hold. */
    private boolean chooseUnasked() {
        return choose(
                memberships.nextOther(
                        NOBODY, member -> (asked & 1 << member) == 0 && reachesDown(member)));
    }

    /** Stays with a server that served, or takes the next one that can. */
    private boolean chooseServer() {
        return choose(memberships.nextOther(Math.max(server, 0), this::canServe));
    }

    private boolean choose(int member) {
        server = member == NOBODY ? server : member;
        return member != NOBODY;
    }

    /**
     * Who said that it can serve may not be able to: its record may be unreadable, its link may be
     * one-way. Others may hold the same, and need not have said how much.
     */
    private void askAnotherIfInVain() {
        if (looksInVain % LOOKS_IN_VAIN != 0) {
            return;
        }
        int next = memberships.nextOther(other, member -> member != server);
        if (next != NOBODY) {
            other = next;
            peers.to(memberships.node(other))
                    .fetch(self, learner.commitIndex() + 1, wantedUpTo(server));
        }
    }

    private boolean canServe(int member) {
        return member != NOBODY
                && servesUpTo[member] > learner.commitIndex()
                && reachesDown(member)
                && memberships.isOther(member);
    }

    /** Nobody has said that this member's log begins above the next slot. */
    private boolean reachesDown(int member) {
        return firstKept[member] <= learner.commitIndex() + 1;
    }

    private void ask(long nowTick) {
        askedAt = nowTick;
        asked |= 1 << server;
        peers.to(memberships.node(server))
                .fetch(self, learner.commitIndex() + 1, wantedUpTo(server));
    }

    /** As far as this member said, or as far as anybody did. */
    private long wantedUpTo(int member) {
        long highest = learner.commitIndex() + 1;
        for (long upTo : servesUpTo) {
            highest = Math.max(highest, upTo);
        }
        return canServe(member) ? servesUpTo[member] : highest;
    }

    /**
     * Chosen slots came; when they were the last of a burst, the next burst is asked for at once.
     */
    void served(int member, long burstEnd, long nowTick) {
        if (member == NOBODY) {
            seek(nowTick);
            return;
        }
        firstKept[member] = 0;
        boolean burstIsOver = learner.commitIndex() >= burstEnd;
        if (burstIsOver && canServe(member)) {
            server = member;
            ask(nowTick);
        } else if (burstIsOver && isProbing && member == other) {
            askBlindly(nowTick);
        }
    }

    /** Tick of the last request, so that a candidate can tell whether fetching still moves. */
    long askedAt() {
        return askedAt;
    }
}
