package io.paxoslog.core;

/**
 * A change of the membership at its leader: first the members to come learn and promise, then the
 * entry is proposed, once quorums of them are there that are caught up. Until then it can be given
 * up, and is when the leadership ends.
 */
final class Preparation {
    private final Memberships memberships;
    private final Decisions decisions;
    private final Holds holds;
    private final Leadership leadership;
    private Membership wanted;
    private int members;
    private long begunTick;
    private String refusal = "";

    Preparation(Memberships memberships, Decisions decisions, Holds holds, Leadership leadership) {
        this.memberships = memberships;
        this.decisions = decisions;
        this.holds = holds;
        this.leadership = leadership;
    }

    /** Whether a change is prepared whose entry is not proposed yet. */
    boolean isUnderWay() {
        return wanted != null;
    }

    /** What is prepared; null for nothing. */
    Membership wanted() {
        return wanted;
    }

    /** Begins one, if the rules allow it. */
    boolean begin(Change change, long nowTick) {
        String why = whyNot(change);
        refuse(why == null ? "" : why);
        if (why != null) {
            return false;
        }
        wanted = memberships.current().after(change);
        members = memberships.learn(wanted);
        begunTick = nowTick;
        leadership.establishing().want(members);
        return true;
    }

    private String whyNot(Change change) {
        if (!leadership.isSettled()) {
            return "the leader is not through with what was open at its election or a change: ask again";
        }
        if (holds.isHalted()) {
            return "the leader's state machine is halted at slot "
                    + holds.haltedAt()
                    + ": let it go on first";
        }
        if (wanted != null || leadership.isChanging()) {
            return "another change is on its way: ask again";
        }
        if (change.previous() != memberships.slot()) {
            return "the membership was changed at slot "
                    + memberships.slot()
                    + " by somebody else: look at it again";
        }
        if (leadership.isDeciding()) {
            return "a decision is on its way, which may be about versions: ask again";
        }
        Membership next = memberships.current().after(change);
        if (next.needs() > decisions.version().system()) {
            return "that takes system version %d, and agreed is %d: start all nodes with a build that knows it, then paxos version set --system %d"
                    .formatted(next.needs(), decisions.version().system(), next.needs());
        }
        if (!next.follows(memberships.slot(), memberships.current())) {
            return "node ids are never used again: a new member gets one above "
                    + memberships.current().highestNode();
        }
        return memberships.hasRoomFor(next)
                ? null
                : "members before and after the change are more than "
                        + Membership.MAX_MEMBERS
                        + " together: change it in two steps";
    }

    /** Nobody wants it any more; not once the entry is proposed. */
    boolean giveUp() {
        if (wanted == null) {
            refuse("no change is being prepared");
            return false;
        }
        end();
        return true;
    }

    /** The leadership, or the wish, has ended: who is no member learns no more. */
    void end() {
        wanted = null;
        members = 0;
        leadership.establishing().want(0);
        memberships.dropLearners();
    }

    /** Proposes the entry when everybody it takes is there. */
    void onTick(long nowTick) {
        if (wanted == null || holds.isHalted() || !leadership.isSettled()) {
            return;
        }
        if (!leadership.hasChosenOwn()) {
            // What others chose under an earlier ballot must be known to be settled first.
            leadership.proposeNoOpIfIdle();
        } else if (whoIsMissing(nowTick) == 0 && leadership.propose(wanted)) {
            wanted = null;
            leadership.establishing().want(0);
        }
    }

    /**
     * Members to come that are not there yet, if there are too few others, or if they are new and
     * on their way; 0 when it can go on. Who is new knows the log from those before it only: once
     * they are gone it would count, and be no help. Each must have answered since the change was
     * asked for: one that has just died would still be taken for there, and with it may go the
     * quorum that there is no way back from.
     */
    private int whoIsMissing(long nowTick) {
        int lacking = leadership.lacking(members, decisions.version(), nowTick);
        if (lacking != 0) {
            // As a member it would stop at once, though others count on it.
            return lacking;
        }
        int there = leadership.promisedAndNear(nowTick) & leadership.heardSince(begunTick);
        there &= members;
        boolean isEnough =
                wanted.prepareQuorum().isReachedBy(there)
                        && wanted.acceptQuorum().isReachedBy(there);
        int missing = members & ~there;
        return isEnough
                ? leadership.awaited(missing & ~memberships.voters(), begunTick, nowTick)
                : missing;
    }

    /** Why a change has not been proposed yet: one line for people; empty when none is prepared. */
    String waitsFor(long nowTick) {
        if (wanted == null) {
            return "";
        }
        StringBuilder nodes = new StringBuilder();
        for (int left = whoIsMissing(nowTick); left != 0; left &= left - 1) {
            nodes.append(' ').append(memberships.node(Integer.numberOfTrailingZeros(left)));
        }
        if (leadership.lacking(members, decisions.version(), nowTick) != 0) {
            return "agreed is %s: start a newer build, which knows it, on nodes%s"
                    .formatted(decisions.version(), nodes);
        }
        return nodes.isEmpty()
                ? "what is open is chosen first"
                : "members to come that are not there, or not caught up: nodes" + nodes;
    }

    void refuse(String why) {
        refusal = why;
    }

    String refusal() {
        return refusal;
    }
}
