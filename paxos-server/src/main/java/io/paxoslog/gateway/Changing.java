package io.paxoslog.gateway;

import io.paxoslog.codecs.client.ChangeState;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Role;
import io.paxoslog.transport.Valid;

/**
 * The change of members that operators want of this leader: there is one at a time, and whoever
 * asks for the same is told how far it is. When the leadership ends before it is proposed, it is
 * given up; operators ask the next leader.
 */
final class Changing {
    private final Proposals proposals;
    private final NodeStatus node;
    private Change wanted;
    private long ballot;

    /** What came of what was asked last. */
    ChangeState state;

    String reason = "";
    long slot;
    long firstSlot;

    Changing(Proposals proposals, NodeStatus node) {
        this.proposals = proposals;
        this.node = node;
    }

    /**
     * An operator wants these members: begins the change, or looks how far it is.
     *
     * @param saysSeats whether whoever asks knows of members that do not vote, and of zones
     */
    void ask(Change change, boolean saysSeats) {
        if (!saysSeats && hasSeats()) {
            slot = 0;
            firstSlot = 0;
            answer(
                    ChangeState.REFUSED,
                    "there are observers or zones, which this build of paxos does not know: use a newer one");
        } else if (isInForce(change)) {
            answerInForce();
        } else if (isUnderWay(change)) {
            answerUnderWay();
        } else {
            begin(change);
        }
    }

    /** Who does not know of them would have all of them vote. */
    private boolean hasSeats() {
        Membership newest = proposals.newestMembership();
        return newest != null && !newest.isPlain();
    }

    /** Also what somebody else has changed meanwhile, if it is what is wanted. */
    private boolean isInForce(Change change) {
        Membership newest = proposals.newestMembership();
        return proposals.membershipSlot() != 0 && newest != null && isSame(newest, change);
    }

    private static boolean isSame(Membership members, Change change) {
        return members.prepareQuorum().size() == change.prepareQuorum()
                && members.acceptQuorum().size() == change.acceptQuorum()
                && members.openSlotLimit() == change.openSlotLimit()
                && members.members().equals(change.members());
    }

    private void answerInForce() {
        slot = proposals.membershipSlot();
        firstSlot = proposals.membershipFirstSlot();
        boolean isReached = proposals.commitIndex() + 1 >= firstSlot && !proposals.isChanging();
        answer(isReached ? ChangeState.IN_FORCE : ChangeState.PROPOSED, "");
    }

    private boolean isUnderWay(Change change) {
        return change.equals(wanted)
                && proposals.role() == Role.LEADING
                && proposals.ballot() == ballot
                && proposals.isChanging();
    }

    private void answerUnderWay() {
        slot = 0;
        firstSlot = 0;
        String waitsFor = proposals.changeWaitsFor();
        answer(waitsFor.isEmpty() ? ChangeState.PROPOSED : ChangeState.PREPARING, waitsFor);
    }

    private void begin(Change change) {
        slot = 0;
        firstSlot = 0;
        String why = whyNot(change);
        if (why != null) {
            answer(ChangeState.REFUSED, why);
        } else if (proposals.transfersTo() != 0) {
            answer(ChangeState.PREPARING, "leadership is being handed over first");
        } else if (proposals.isUnsettled()) {
            answer(ChangeState.PREPARING, Proposals.UNSETTLED);
        } else if (proposals.change(change)) {
            wanted = change;
            ballot = proposals.ballot();
            answerUnderWay();
        } else {
            answer(ChangeState.REFUSED, proposals.changeRefusal());
        }
    }

    /** What this node would not start with either. */
    private String whyNot(Change change) {
        long voters = change.members().stream().filter(member -> member.seat().votes()).count();
        if (change.acceptQuorum() == 1 && voters > 1 && !node.isOneVoteEnough()) {
            return "accept quorum 1 is refused where values are not forced before votes";
        }
        for (Change.Member member : change.members()) {
            if (!Valid.address(member.address())) {
                return "node %d: HOST:PORT is needed, PORT at most 65534, not '%s'"
                        .formatted(MemberId.node(member.identity()), member.address());
            }
        }
        return null;
    }

    /** An operator does not want it any more. */
    void giveUp() {
        slot = 0;
        firstSlot = 0;
        if (proposals.giveUpChange()) {
            wanted = null;
            answer(ChangeState.GIVEN_UP, "");
        } else {
            answer(ChangeState.REFUSED, proposals.changeRefusal());
        }
    }

    private void answer(ChangeState newState, String why) {
        state = newState;
        reason = why;
    }
}
