package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosStatus;
import java.util.List;

/** Who leads, as the nodes say. */
final class Leaders {
    private Leaders() {}

    /** Node id of the leader; 0 when nobody answers in that time who knows of one. */
    static int of(List<String> addresses, int answerMs) {
        return PaxosStatus.ask(addresses, answerMs).stream()
                .mapToInt(NodeReport::leader)
                .max()
                .orElse(0);
    }
}
