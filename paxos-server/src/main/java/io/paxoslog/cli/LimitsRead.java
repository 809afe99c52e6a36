package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.core.Decision;
import java.util.Comparator;
import java.util.List;

/**
 * The limits of sessions as nodes say them: those of the node that has applied most.
 *
 * @param limits what sessions may hold
 * @param decidedAt slot of the decision that set them; 0 when none did
 * @param behind nodes that have not applied that decision yet
 */
record LimitsRead(Decision.Limits limits, long decidedAt, List<NodeReport> behind) {
    static LimitsRead ask(List<String> members, int timeoutMs) {
        return of(PaxosStatus.ask(members, timeoutMs));
    }

    static LimitsRead of(List<NodeReport> reports) {
        List<NodeReport> said = reports.stream().filter(report -> report.limits() != null).toList();
        NodeReport latest =
                said.stream()
                        .max(
                                Comparator.comparingLong(NodeReport::limitsDecidedAt)
                                        .thenComparingLong(NodeReport::applied))
                        .orElseThrow(
                                () ->
                                        CommandFailure.notInTime(
                                                "no node answers, or none that knows of limits"));
        List<NodeReport> behind =
                said.stream()
                        .filter(report -> report.limitsDecidedAt() < latest.limitsDecidedAt())
                        .toList();
        return new LimitsRead(latest.limits(), latest.limitsDecidedAt(), behind);
    }

    /** All of them in one line. */
    String text() {
        return Decision.limits(limits, 0).toString();
    }

    /** Since when these hold, for people. */
    String since() {
        return decidedAt == 0 ? "as in every new cluster" : "by the decision at slot " + decidedAt;
    }

    Json json() {
        return json(limits).put("decision", decidedAt);
    }

    static Json json(Decision.Limits limits) {
        return new Json()
                .put("sessions", limits.sessions())
                .put("inFlight", limits.inFlight())
                .put("replyBytes", limits.replyBytes())
                .put("cachedBytes", limits.cachedBytes());
    }
}
