package io.paxoslog.core;

import java.util.Arrays;

/**
 * What the members said about their state machines, under this leader's ballot. Asked for only
 * while the leader's own state machine is halted: then somebody else may have to lead, or the slot
 * to be passed.
 */
final class ServiceSurvey {
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final long[] heardTick = new long[Membership.MAX_MEMBERS];
    private final long[] appliedIndex = new long[Membership.MAX_MEMBERS];
    private final long[] heldAt = new long[Membership.MAX_MEMBERS];
    private final long[] heldAgainst = new long[Membership.MAX_MEMBERS];
    private final boolean[] isHalted = new boolean[Membership.MAX_MEMBERS];
    private final int patienceTicks;

    /**
     * @param patienceTicks for how long an answer says how a member stands
     */
    ServiceSurvey(int patienceTicks) {
        this.patienceTicks = patienceTicks;
    }

    /** Another ballot: nobody has said anything yet. */
    void begin() {
        Arrays.fill(heardTick, NEVER);
        Arrays.fill(heldAt, 0);
    }

    /** A member answered. {@code held} is 0 when it has no hold on disk. */
    void surveyed(int member, long applied, boolean halted, long held, long against, long nowTick) {
        heardTick[member] = nowTick;
        appliedIndex[member] = applied;
        isHalted[member] = halted;
        heldAt[member] = held;
        heldAgainst[member] = against;
    }

    /**
     * Whether somebody else could take commands: one that answered lately, goes on, and has applied
     * a slot.
     */
    boolean hasSuccessor(long slot, int members, long nowTick) {
        for (int i = 0; i < members; i++) {
            boolean isHeard = nowTick - heardTick[i] <= patienceTicks;
            if (isHeard && !isHalted[i] && appliedIndex[i] >= slot) {
                return true;
            }
        }
        return false;
    }

    /**
     * Why a slot must not be skipped: the first member that does not hold right below it, on the
     * strength of the latest decision.
     *
     * @return one line for people, or null when all of them do
     */
    String whyNotSkipped(long slot, long latest, Membership membership) {
        for (int i = 0; i < membership.size(); i++) {
            String node = "node " + MemberId.node(membership.member(i));
            if (heardTick[i] == NEVER) {
                return node + " has not said where its state machine is: it must be up and hold";
            }
            if (heldAt[i] != slot) {
                return node + " does not hold at slot " + slot + ": " + standing(i);
            }
            if (heldAgainst[i] != latest) {
                return node
                        + " has not yet tried slot "
                        + slot
                        + " since the decision at slot "
                        + latest
                        + ": ask again";
            }
        }
        return null;
    }

    private String standing(int member) {
        return heldAt[member] == 0
                ? "it has applied up to slot " + appliedIndex[member]
                : "it holds at slot " + heldAt[member];
    }
}
