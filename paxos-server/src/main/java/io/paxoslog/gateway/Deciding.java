package io.paxoslog.gateway;

import io.paxoslog.codecs.client.DecisionResult;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Role;

/**
 * One operator's decision on its way: proposed by this node, and answered once it is chosen under
 * the same ballot. When the ballot is lost meanwhile nobody here knows what became of it: the
 * operator asks whoever leads then, which does no harm.
 */
final class Deciding {
    private final Proposals proposals;
    private long correlation;
    private long ballot;
    private long slot;
    private boolean isOpen;

    DecisionResult result;
    long decidedAt;
    String reason = "";

    Deciding(Proposals proposals) {
        this.proposals = proposals;
    }

    /** An operator decides; asking the same again while it is on its way changes nothing. */
    void decide(long newCorrelation, Decision decision) {
        if (isOpen && newCorrelation == correlation && ballot == proposals.ballot()) {
            return;
        }
        correlation = newCorrelation;
        isOpen = false;
        if (decision.kind() == Decision.Kind.SKIP && proposals.isSkipped(decision.slot())) {
            answer(DecisionResult.WAS_IN_FORCE, 0, "");
        } else if (proposals.decide(decision)) {
            ballot = proposals.ballot();
            slot = proposals.lastSlot();
            isOpen = true;
        } else {
            answer(DecisionResult.REFUSED, 0, proposals.refusal());
        }
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
