package io.paxoslog.cli;

import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The members as the node says them that knows the latest entry.
 *
 * @param preparing what the leader says that prepares a change; null when none was heard
 * @param nodes where to ask from now on: who was named, and all members
 */
record MembersRead(MembersReport latest, MembersReport preparing, List<String> nodes) {

    static MembersRead ask(List<String> addresses, int timeoutMs) {
        List<MembersReport> reports = PaxosMembers.ask(addresses, timeoutMs);
        MembersReport latest = MembersReport.latestOf(reports);
        if (latest == null) {
            throw CommandFailure.notInTime(whyNone(reports));
        }
        List<String> nodes = new ArrayList<>(addresses);
        latest.members().stream()
                .map(Change.Member::address)
                .filter(address -> !nodes.contains(address))
                .forEach(nodes::add);
        MembersReport preparing =
                reports.stream().filter(MembersReport::isPreparing).findFirst().orElse(null);
        return new MembersRead(latest, preparing, nodes);
    }

    private static String whyNone(List<MembersReport> reports) {
        return reports.isEmpty()
                ? "no node answers, or none that knows of members"
                : "no node that answers is a member of a cluster yet";
    }

    /** The members as most of them know them: those that were asked named others. */
    static MembersRead askAll(List<String> addresses, int timeoutMs) {
        MembersRead first = ask(addresses, timeoutMs);
        boolean areAllAsked = first.nodes().size() == addresses.size();
        return areAllAsked ? first : ask(first.nodes(), timeoutMs);
    }

    /** As members are configured, who of them does not vote, and where they stand. */
    static String text(List<Change.Member> members) {
        return members.stream().map(MembersRead::text).collect(Collectors.joining(","));
    }

    private static String text(Change.Member member) {
        String seat = member.seat().votes() ? "" : seat(member);
        String zone = member.zone().isEmpty() ? "" : "in " + member.zone();
        String more = (seat + " " + zone).strip();
        return MemberId.node(member.identity())
                + "="
                + member.address()
                + (more.isEmpty() ? "" : " (" + more + ")");
    }

    static String seat(Change.Member member) {
        return member.seat().name().toLowerCase(Locale.ROOT);
    }

    /** All members but these nodes. */
    List<Change.Member> but(int... nodes) {
        return latest.members().stream()
                .filter(
                        member ->
                                IntStream.of(nodes)
                                        .noneMatch(i -> i == MemberId.node(member.identity())))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** All members, this one in the place of whoever has its id. */
    List<Change.Member> with(Change.Member member) {
        List<Change.Member> all = but(MemberId.node(member.identity()));
        all.add(member);
        return all;
    }

    /** The member with an id; there must be one. */
    Change.Member required(int node) {
        Change.Member member = member(node);
        if (member == null) {
            throw CommandFailure.failed("node " + node + " is no member");
        }
        return member;
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
        int majority = latest.voters() / 2 + 1;
        return latest.prepareQuorum() == majority && latest.acceptQuorum() == majority;
    }
}
