package io.paxoslog.core;

/**
 * Leadership on its way to another member. The leader goes on until that one is near; then it takes
 * nothing new, has all that is open chosen, and once the other one holds everything tells it so:
 * from then on this ballot proposes nothing any more (I34).
 */
final class Transfer implements Roster.Keeper {
    private static final int WAITING_TIMEOUTS = 10;
    private static final int NOBODY = Roster.NOBODY;

    private enum Stage {
        NONE,
        /** Takes commands, until the other one is near. */
        WAITING,
        /** Takes nothing new, until the other one holds everything. */
        CLOSED,
        /** The other one was told. */
        OFFERED
    }

    private final ReplicaConfig config;
    private final Memberships memberships;
    private final Leadership leadership;
    private final int timeoutTicks;
    private Stage stage = Stage.NONE;
    private int target = NOBODY;
    private int node;
    private boolean stepsDown;
    private long endTick;
    private long offerTick;
    private int failed;
    private String ended = "";

    /**
     * @param timeoutTicks the longest election time-out
     */
    Transfer(
            ReplicaConfig config,
            Memberships memberships,
            Leadership leadership,
            int timeoutTicks) {
        this.config = config;
        this.memberships = memberships;
        this.leadership = leadership;
        this.timeoutTicks = timeoutTicks;
        memberships.roster().keptBy(this);
    }

    @Override
    public void left(int number, long member) {
        failed &= ~(1 << number);
        target = target == number ? NOBODY : target;
    }

    boolean isUnderWay() {
        return stage != Stage.NONE;
    }

    /** Whether nothing new is taken any more, told to the other one or not. */
    boolean isClosed() {
        return stage == Stage.CLOSED || stage == Stage.OFFERED;
    }

    /** Node id of the member that is to lead; 0 while no transfer is under way. */
    int node() {
        return isUnderWay() ? node : 0;
    }

    /** Whether the leadership ends in any case, taken over or not. */
    boolean stepsDown() {
        return stepsDown;
    }

    /** Whether the other one was told to lead: this ballot proposes nothing any more. */
    boolean isOffered() {
        return stage == Stage.OFFERED;
    }

    /** Members that did not take over when this leader wanted them to, as a set. */
    int failed() {
        return failed;
    }

    /**
     * Begins one.
     *
     * @param finallyDown whether the leader gives up the leadership also if it is not taken over
     */
    void begin(int member, boolean finallyDown, long nowTick) {
        stage = Stage.WAITING;
        target = member;
        node = memberships.node(member);
        stepsDown = finallyDown;
        ended = "";
        keepOn(nowTick);
        goOn(nowTick);
    }

    /** Somebody still wants it: the patience with a member that is far begins anew. */
    void keepOn(long nowTick) {
        if (stage == Stage.WAITING) {
            endTick = nowTick + (long) WAITING_TIMEOUTS * timeoutTicks;
        }
    }

    /** Does what can be done by now. Called whenever something has moved. */
    void goOn(long nowTick) {
        if (target == NOBODY) {
            return;
        }
        if (stage == Stage.WAITING && leadership.isNear(target, nowTick)) {
            stage = Stage.CLOSED;
            leadership.close();
            endTick = nowTick + timeoutTicks;
        }
        boolean isHeld = leadership.isAllChosen() && leadership.hasVotedForAll(target);
        if (stage == Stage.CLOSED && isHeld) {
            stage = Stage.OFFERED;
            endTick = nowTick + timeoutTicks;
            offer(nowTick);
        }
    }

    void onTick(long nowTick) {
        goOn(nowTick);
        if (stage == Stage.OFFERED && nowTick >= offerTick) {
            offer(nowTick);
        }
    }

    private void offer(long nowTick) {
        offerTick = nowTick + config.heartbeatTicks();
        leadership.offer(node, nowTick);
    }

    /** Why it cannot be waited for any longer: one line for people; null while it can. */
    String failure(long nowTick) {
        if (isUnderWay() && target == NOBODY) {
            return "node " + node + " is no member any more";
        }
        if (!isUnderWay() || nowTick < endTick) {
            return null;
        }
        return switch (stage) {
            case WAITING ->
                    "node %d did not catch up within %d ms"
                            .formatted(node, WAITING_TIMEOUTS * timeoutTicks);
            case CLOSED ->
                    "node %d did not vote for all that was open within %d ms"
                            .formatted(node, timeoutTicks);
            default -> "node %d did not take over within %d ms".formatted(node, timeoutTicks);
        };
    }

    /** It was given up: the leader takes commands again, unless it was offered. */
    void giveUp(String why) {
        failed |= target == NOBODY ? 0 : 1 << target;
        if (stage == Stage.CLOSED) {
            leadership.reopen();
        }
        end(why);
    }

    /** The leadership has ended. */
    void leadershipEnded() {
        failed = 0;
        end("");
    }

    private void end(String why) {
        stage = Stage.NONE;
        target = NOBODY;
        ended = why;
    }

    /** Why the last one was given up; empty when it was not, or nobody knows. */
    String ended() {
        return ended;
    }

    /** What it waits for: one line for people; empty when none is under way. */
    String waitsFor() {
        return switch (stage) {
            case NONE -> "";
            case WAITING -> "node " + node + " is to catch up first";
            case CLOSED -> "what is open is chosen first";
            case OFFERED -> "node " + node + " takes over";
        };
    }
}
