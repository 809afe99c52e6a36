package io.paxoslog.gateway;

import io.paxoslog.codecs.client.TransferState;
import io.paxoslog.core.Role;

/**
 * The member that operators want to lead: whoever asks again is told how far it is, and that it was
 * given up.
 */
final class Transferring {
    private final Proposals proposals;
    private final NodeStatus node;
    private long begun;

    Transferring(Proposals proposals, NodeStatus node) {
        this.proposals = proposals;
        this.node = node;
    }

    /** An operator wants a node to lead: begins that, or looks how far it is. */
    TransferAnswer ask(long correlation, int toNode) {
        if (toNode == node.node() && proposals.role() == Role.LEADING) {
            return new TransferAnswer(correlation, TransferState.LEADS, "");
        }
        boolean isUnderWay = proposals.transfersTo() == toNode && toNode != 0;
        if (!isUnderWay && correlation == begun && !proposals.transferGivenUp().isEmpty()) {
            return new TransferAnswer(
                    correlation, TransferState.GIVEN_UP, proposals.transferGivenUp());
        }
        if (proposals.isUnsettled()) {
            return new TransferAnswer(correlation, TransferState.WAITING, Proposals.UNSETTLED);
        }
        // Asked for again, it is waited for longer.
        if (!proposals.transfer(toNode)) {
            return new TransferAnswer(
                    correlation, TransferState.REFUSED, proposals.transferRefusal());
        }
        begun = isUnderWay ? begun : correlation;
        return new TransferAnswer(correlation, TransferState.WAITING, proposals.transferWaitsFor());
    }
}
