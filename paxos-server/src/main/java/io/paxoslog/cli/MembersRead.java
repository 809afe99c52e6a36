package io.paxoslog.cli;

import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The members as the node says them that knows the latest entry.
 *
 * @param nodes where to ask from now on: who was named, and all members
 */
record MembersRead(MembersReport latest, List<String> nodes) {

    static MembersRead ask(List<String> addresses, int timeoutMs) {
        List<MembersReport> reports = PaxosMembers.ask(addresses, timeoutMs);
        MembersReport latest =
                reports.stream()
                        .filter(report -> report.clusterId() != 0)
                        .max(
                                Comparator.comparingLong(MembersReport::slot)
                                        .thenComparingLong(MembersReport::commit))
                        .orElseThrow(() -> CommandFailure.notInTime(whyNone(reports)));
        List<String> nodes = new ArrayList<>(addresses);
        latest.members().stream()
                .map(Change.Member::address)
                .filter(address -> !nodes.contains(address))
                .forEach(nodes::add);
        return new MembersRead(latest, nodes);
    }

    private static String whyNone(List<MembersReport> reports) {
        return reports.isEmpty()
                ? "no node answers, or none that knows of members"
                : "no node that answers is a member of a cluster yet";
    }

    /** As members are configured. */
    static String text(List<Change.Member> members) {
        return members.stream()
                .map(member -> MemberId.node(member.identity()) + "=" + member.address())
                .collect(Collectors.joining(","));
    }

    /** The member with an id; null when there is none. */
    Change.Member member(int node) {
        return latest.members().stream()
                .filter(member -> MemberId.node(member.identity()) == node)
                .findFirst()
                .orElse(null);
    }

    /** Whether both quorums are majorities. */
    boolean hasMajorities() {
        int majority = latest.members().size() / 2 + 1;
        return latest.prepareQuorum() == majority && latest.acceptQuorum() == majority;
    }
}
