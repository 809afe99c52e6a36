package io.paxoslog.core;

import java.util.Arrays;

/**
 * What the members said about their state machines, under this leader's ballot. Asked for only
 * while the leader's own state machine is halted: then somebody else may have to lead, or the slot
 * to be passed.
 */
final class ServiceSurvey implements Roster.Keeper {
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final long[] heardTick = new long[Roster.MAX];
    private final long[] appliedIndex = new long[Roster.MAX];
    private final long[] heldAt = new long[Roster.MAX];
    private final long[] heldAgainst = new long[Roster.MAX];
    private final boolean[] isHalted = new boolean[Roster.MAX];
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

    @Override
    public void left(int number, long member) {
        heardTick[number] = NEVER;
        heldAt[number] = 0;
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
     * Those of these members that could take commands: they answered lately, go on, and have
     * applied a slot.
     */
    int successors(long slot, int members, long nowTick) {
        return Roster.only(
                members,
                i ->
                        nowTick - heardTick[i] <= patienceTicks
                                && !isHalted[i]
                                && appliedIndex[i] >= slot);
    }

    /**
     * Why a slot must not be skipped: the first node that does not hold right below it, on the
     * strength of the latest decision.
     *
     * @return one line for people, or null when all of them do
     */
    String whyNotSkipped(long slot, long latest, Memberships memberships) {
        for (int left = memberships.members(); left != 0; left &= left - 1) {
            int i = Integer.numberOfTrailingZeros(left);
            String node = "node " + memberships.node(i);
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
