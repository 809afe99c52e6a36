package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.codecs.client.DecisionResult;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Role;
import io.paxoslog.service.SessionLimits;

/**
 * One operator's decision on its way: proposed by this node, and answered once it is chosen under
 * the same ballot. When the ballot is lost meanwhile nobody here knows what became of it: the
 * operator asks whoever leads then, which does no harm.
 */
final class Deciding {
    /** More than a client counts with each command it keeps. */
    private static final int COMMAND_HEAD_BYTES = 64;

    private final Proposals proposals;
    private final Applied applied;
    private final int maxCommandBytes;
    private long correlation;
    private long ballot;
    private long slot;
    private boolean isOpen;

    DecisionResult result;
    long decidedAt;
    String reason = "";

    Deciding(Proposals proposals, Applied applied, int maxCommandBytes) {
        this.proposals = proposals;
        this.applied = applied;
        this.maxCommandBytes = maxCommandBytes;
    }

    /** An operator decides; asking the same again while it is on its way changes nothing. */
    void decide(long newCorrelation, Decision decision) {
        if (isOpen && newCorrelation == correlation && ballot == proposals.ballot()) {
            return;
        }
        correlation = newCorrelation;
        isOpen = false;
        String whyNot = decision.kind() == Decision.Kind.LIMITS ? whyNo(decision.limits()) : null;
        if (whyNot != null) {
            answer(DecisionResult.REFUSED, 0, whyNot);
        } else if (decision.kind() == Decision.Kind.SKIP && proposals.isSkipped(decision.slot())) {
            answer(DecisionResult.WAS_IN_FORCE, 0, "");
        } else if (proposals.decide(decision)) {
            ballot = proposals.ballot();
            slot = proposals.lastSlot();
            isOpen = true;
        } else if (wasDecided(decision)) {
            boolean isVersion = decision.kind() == Decision.Kind.VERSION;
            long at = isVersion ? proposals.versionAt() : applied.limitsDecidedAt();
            answer(DecisionResult.WAS_IN_FORCE, at, "");
        } else {
            answer(DecisionResult.REFUSED, 0, proposals.refusal());
        }
    }

    /** What a cluster could not live with does not get into the log. */
    private String whyNo(Decision.Limits limits) {
        try {
            int room = SessionLimits.of(limits).maxInFlightBytes();
            int needed = maxCommandBytes + COMMAND_HEAD_BYTES;
            return room >= needed
                    ? null
                    : "cached-bytes: at least %d, as half of it is for commands, which may have %d"
                                    .formatted(2 * needed, maxCommandBytes)
                            + " bytes each; not "
                            + limits.cachedBytes();
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Asked again after the first answer got lost: the same is in force, and was the last word. */
    private boolean wasDecided(Decision decision) {
        if (decision.kind() == Decision.Kind.VERSION) {
            return proposals.version().equals(decision.version());
        }
        return decision.kind() == Decision.Kind.LIMITS
                && applied.limitsDecidedAt() > decision.previous()
                && applied.limitsDecidedAt() == proposals.limitsDecidedAt()
                && applied.limits().toDecide().equals(decision.limits());
    }

    /** Looks whether the decision is chosen. */
    void look() {
        if (!isOpen) {
            return;
        }
        if (proposals.role() != Role.LEADING || proposals.ballot() != ballot) {
            isOpen = false;
        } else if (proposals.commitIndex() >= slot) {
            isOpen = false;
            boolean isInForce = proposals.isInForce(slot);
            answer(
                    isInForce ? DecisionResult.IN_FORCE : DecisionResult.VOID,
                    slot,
                    isInForce ? "" : "another decision about the same came first");
        }
    }

    private void answer(DecisionResult newResult, long at, String why) {
        result = newResult;
        decidedAt = at;
        reason = why;
    }

    long correlation() {
        return correlation;
    }
}
