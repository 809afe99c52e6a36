package io.paxoslog.core;

/** When a leader proposes a decision, and why not. Void ones are left to {@link Decisions}. */
final class DecisionRules {
    private final Learner learner;
    private final Memberships memberships;
    private final Decisions decisions;
    private final Holds holds;
    private final Leadership leadership;
    private final Preparation preparation;
    private String refusal = "";

    DecisionRules(
            Learner learner,
            Memberships memberships,
            Decisions decisions,
            Holds holds,
            Leadership leadership,
            Preparation preparation) {
        this.learner = learner;
        this.memberships = memberships;
        this.decisions = decisions;
        this.holds = holds;
        this.leadership = leadership;
        this.preparation = preparation;
    }

    /** Whether a leader may propose it now. */
    boolean allow(Decision decision, long nowTick) {
        String why = commonWhyNot();
        if (why == null) {
            why =
                    switch (decision.kind()) {
                        case SKIP, RETRY -> whyNotAbout(decision);
                        case LIMITS -> whyNoLimits(decision);
                        case VERSION -> whyNoVersion(decision, nowTick);
                    };
        }
        refuse(why == null ? "the leader has as many open slots as it may: ask again" : why);
        return why == null;
    }

    private String commonWhyNot() {
        if (!leadership.isSettled()) {
            return "the leader is not through with what was open at its election or a change: ask again";
        }
        if (leadership.isClosed()) {
            return "leadership is being handed over: ask again";
        }
        if (leadership.isDeciding()) {
            return "another decision is on its way: ask again";
        }
        return null;
    }

    private String whyNoLimits(Decision decision) {
        return decision.previous() == decisions.latestLimits()
                ? null
                : "the limits were changed at slot "
                        + decisions.latestLimits()
                        + " by somebody else: look at them again";
    }

    /**
     * Whoever is to go by a version must know it, the dead ones too, as they come back with the
     * build they had.
     */
    private String whyNoVersion(Decision decision, long nowTick) {
        Version wanted = decision.version();
        if (decision.previous() != decisions.latestVersion()) {
            return "the version was changed at slot %d by somebody else: look at it again"
                    .formatted(decisions.latestVersion());
        }
        if (!wanted.covers(decisions.version())) {
            return "agreed is %s, and what is agreed is never taken back"
                    .formatted(decisions.version());
        }
        if (wanted.equals(decisions.version())) {
            return wanted + " is agreed already";
        }
        if (preparation.isUnderWay() || leadership.isChanging()) {
            return "a change of the members is on its way: ask again once it is through";
        }
        String lacking = leadership.whoLacks(wanted, nowTick);
        return lacking.isEmpty() ? null : "not all members know " + wanted + ": " + lacking;
    }

    private String whyNotAbout(Decision decision) {
        long slot = decision.slot();
        if (slot > learner.commitIndex()) {
            return "slot %d is not chosen yet: the last one that is, is %d"
                    .formatted(slot, learner.commitIndex());
        }
        if (decisions.isSkipped(slot)) {
            return "slot %d is skipped already, by the decision at slot %d"
                    .formatted(slot, decisions.latestAbout(slot));
        }
        if (!decisions.hasRoomFor(slot)) {
            return "%d slots were decided about, and that is the most there may be"
                    .formatted(Decisions.MAX_SLOTS);
        }
        return decision.kind() == Decision.Kind.SKIP ? whyNotSkipped(slot) : null;
    }

    /**
     * A skip must find nobody who has applied the slot, or could before hearing of it: everybody's
     * forced word is needed, the dead ones' too, as they come back with the state machine they had.
     */
    private String whyNotSkipped(long slot) {
        if (holds.haltedAt() != slot) {
            return "node %d, the leader, does not hold at slot %d: it %s %d"
                    .formatted(
                            leadership.node(),
                            slot,
                            holds.isHalted() ? "is halted at slot" : "has applied up to slot",
                            holds.isHalted() ? holds.haltedAt() : holds.appliedIndex());
        }
        return leadership.survey().whyNotSkipped(slot, decisions.latestAbout(slot), memberships);
    }

    /** The decision as it is proposed: those about slots follow the latest one known here. */
    Decision completed(Decision decision) {
        return decision.kind().isAboutSlot()
                ? decision.behind(decisions.latestAbout(decision.slot()))
                : decision;
    }

    void refuse(String why) {
        refusal = why;
    }

    String refusal() {
        return refusal;
    }
}
