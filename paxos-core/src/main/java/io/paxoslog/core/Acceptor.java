package io.paxoslog.core;

/** Promises and votes (Lamport, "Paxos Made Simple", section 2.2, P1a), for all slots at once. */
final class Acceptor {
    private final long self;
    private final long knows;
    private final Peers peers;
    private final JournalRecords journal;
    private final StoredValues stored;
    private final OpenSlots openSlots;
    private final Learner learner;
    private final Memberships memberships;
    private final WayBack wayBack;
    private final OwnRoom room;
    private final Batch range = new Batch();
    private final Batch part = new Batch();
    private long promised;
    private long floor;
    private long heldUpTo;

    /**
     * @param knows what this build knows, see {@link Version#told}
     */
    Acceptor(
            long self,
            long knows,
            Peers peers,
            JournalRecords journal,
            StoredValues stored,
            OpenSlots openSlots,
            Learner learner,
            Memberships memberships,
            WayBack wayBack,
            OwnRoom room) {
        this.self = self;
        this.knows = knows;
        this.peers = peers;
        this.journal = journal;
        this.stored = stored;
        this.openSlots = openSlots;
        this.learner = learner;
        this.memberships = memberships;
        this.wayBack = wayBack;
        this.room = room;
    }

    /** The lowest ballot that is still answered. */
    long promised() {
        return promised;
    }

    /**
     * Highest slot up to which this node could vote under the ballot it promised; 0 before a floor
     * was heard.
     */
    long heldUpTo() {
        return heldUpTo;
    }

    /**
     * Whether the leader of the promised ballot has said, since this node started, from where votes
     * count.
     */
    boolean hasHeardFloor() {
        return floor > 0;
    }

    /** The highest slot that anything was accepted in here, or that is known chosen. */
    long lastSlot() {
        return Math.max(learner.commitIndex(), openSlots.lastSlot());
    }

    /** Phase 1b. The caller has refused ballots below the promise. */
    void prepare(int toNode, long ballot, long firstSlot) {
        raisePromise(ballot);
        long from = Math.max(firstSlot, learner.commitIndex() + 1);
        long slots = 0;
        for (int i = openSlots.firstEndingAtOrAfter(from); i < openSlots.size(); i++) {
            HeldRange held = openSlots.get(i);
            long first = Math.max(from, held.firstSlot);
            if (!held.isUnknown) {
                report(toNode, ballot, held, first);
            }
            // Also of what is lost: a promise that announces it never counts.
            slots += held.lastSlot - first + 1;
        }
        peers.to(toNode).promise(self, ballot, learner.commitIndex(), slots, knows);
    }

    private void report(int toNode, long ballot, HeldRange held, long first) {
        if (held.isShed) {
            stored.sendPromised(toNode, ballot, held.ballot, first, held.lastSlot);
            return;
        }
        peers.to(toNode)
                .promisedSlots(self, ballot, part.slice(held.view(range), first, held.lastSlot));
    }

    /** Phase 2b. The caller has refused ballots below the promise. */
    void accept(int toNode, Batch batch, long leaderFloor) {
        hearFloor(batch.ballot(), leaderFloor);
        if (isInWindow(batch) && !isHeld(batch) && !record(toNode, batch)) {
            return;
        }
        vote(toNode);
    }

    /**
     * Where this node knows more chosen than the leader did then, a smaller limit may hold by now.
     */
    private boolean isInWindow(Batch batch) {
        long next = Math.max(floor, learner.commitIndex() + 1);
        return batch.lastSlot() < next + memberships.largestLimit()
                && batch.lastSlot() > learner.commitIndex();
    }

    private boolean isHeld(Batch batch) {
        long from = Math.max(batch.firstSlot(), learner.commitIndex() + 1);
        return openSlots.unbrokenFrom(from, batch.ballot()) >= batch.lastSlot();
    }

    private boolean record(int toNode, Batch batch) {
        if (!room.takes(batch)) {
            room.refused(batch);
            sayLacksRoom(toNode);
            return false;
        }
        part.slice(batch, learner.commitIndex() + 1, batch.lastSlot());
        if (!openSlots.put(part)) {
            return false;
        }
        journal.accepted(part);
        return true;
    }

    /** Tells another node, if it is so, that new commands are not voted on here. */
    void sayLacksRoom(int toNode) {
        if (!room.isForCommands() && toNode != MemberId.node(self)) {
            peers.to(toNode).lacksRoom(self, room.isForReported());
        }
    }

    /**
     * The leader of a ballot that is not below the promise said how far its own commit index is.
     */
    void hearFloor(long ballot, long leaderFloor) {
        raisePromise(ballot);
        floor = Math.max(floor, leaderFloor);
        openSlots.mayShedBelow(floor);
    }

    /** Says, once the disk holds it, how far this node has accepted the ballot it promised. */
    void vote(int toNode) {
        if (!hasHeardFloor()) {
            // A restarted node does not know from where on its ranges count until the leader says
            // so.
            return;
        }
        long from = Math.max(Math.max(floor, learner.commitIndex() + 1), heldUpTo + 1);
        heldUpTo = openSlots.unbrokenFrom(from, promised);
        if (!wayBack.isReturning() && !memberships.isObserver()) {
            peers.to(toNode).accepted(self, promised, heldUpTo);
        }
    }

    private void raisePromise(long ballot) {
        if (ballot <= promised) {
            return;
        }
        promised = ballot;
        floor = 0;
        heldUpTo = 0;
        journal.promised(ballot);
    }

    /** The journal says that this was promised. */
    void recoverPromised(long ballot) {
        promised = Math.max(promised, ballot);
    }

    /** The journal says that something was accepted in these slots, and not any more what. */
    void recoverUnknown(Batch batch) {
        recoverPromised(batch.ballot());
        if (batch.lastSlot() > learner.commitIndex()) {
            openSlots.putUnknown(batch);
        }
    }

    /** The journal says that this was accepted. */
    void recoverAccepted(Batch batch) {
        recoverPromised(batch.ballot());
        if (batch.lastSlot() <= learner.commitIndex()) {
            return;
        }
        openSlots.mayShedBelow(batch.firstSlot());
        if (!openSlots.putWhereHighest(batch)) {
            throw new IllegalStateException(
                    "no memory for slots "
                            + batch.firstSlot()
                            + ".."
                            + batch.lastSlot()
                            + ": raise openBytesLimit");
        }
    }
}
