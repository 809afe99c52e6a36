package io.paxoslog.cli;

import io.paxoslog.client.MembersReport;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows who the members are. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Shows who the members are, and how far behind each is.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "2:wrong use", "3:no node answers that knows of members"},
        footer = {
            "",
            "Examples:",
            "  ./paxos members list --members 127.0.0.1:9010,127.0.0.1:9020",
            "  ./paxos members list --members 127.0.0.1:9010 --json"
        })
final class MembersListCommand implements Callable<Integer> {
    private static final String ROW = "%-5s %-22s %-13s %-9s %-12s %14s %14s  %s";

    @Mixin private MembersOption members;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "how long to wait for answers (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    MembersListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        MembersRead now = MembersRead.askAll(members.addresses(terminal.environment()), timeoutMs);
        List<NodeReport> reports =
                PaxosStatus.ask(
                        now.latest().members().stream().map(Change.Member::address).toList(),
                        timeoutMs);
        if (isJson) {
            terminal.println(json(now, reports).toString());
        } else {
            print(now.latest(), reports);
            printChange(now);
        }
        terminal.flush();
        return 0;
    }

    private void print(MembersReport latest, List<NodeReport> reports) {
        terminal.println(
                "cluster %s, by the entry at slot %d, in force from slot %d; prepare quorum %d, accept quorum %d"
                        .formatted(
                                Long.toHexString(latest.clusterId()),
                                latest.slot(),
                                latest.firstSlot(),
                                latest.prepareQuorum(),
                                latest.acceptQuorum()));
        terminal.println(
                ROW.formatted(
                                "node",
                                "address",
                                "incarnation",
                                "seat",
                                "role",
                                "commit",
                                "behind",
                                hasZones(latest) ? "zone" : "")
                        .stripTrailing());
        for (int i = 0; i < reports.size(); i++) {
            terminal.println(row(latest.members().get(i), reports.get(i), reports).stripTrailing());
        }
    }

    private static boolean hasZones(MembersReport latest) {
        return latest.members().stream().anyMatch(member -> !member.zone().isEmpty());
    }

    private void printChange(MembersRead now) {
        MembersReport latest = now.latest();
        if (now.preparing() != null) {
            terminal.println(
                    "a change is prepared, and not proposed yet: "
                            + (now.preparing().waitsFor().isEmpty()
                                    ? "it will be now"
                                    : now.preparing().waitsFor()));
            terminal.println("  to " + MembersRead.text(now.preparing().coming()));
            now.preparing().coming().stream()
                    .filter(member -> now.member(MemberId.node(member.identity())) == null)
                    .forEach(
                            member ->
                                    terminal.println(
                                            "  learns: " + MembersRead.text(List.of(member))));
        } else if (latest.isPending()) {
            terminal.println(
                    "a change is chosen at slot %d, and pending: it is in force from slot %d"
                            .formatted(latest.slot(), latest.firstSlot()));
        } else if (latest.isChanging()) {
            terminal.println("a change is proposed");
        }
    }

    private static String row(Change.Member member, NodeReport report, List<NodeReport> reports) {
        return ROW.formatted(
                MemberId.node(member.identity()),
                member.address(),
                Long.toHexString(MemberId.incarnation(member.identity())),
                MembersRead.seat(member),
                report.isReachable() ? report.role() : "unreachable",
                report.isReachable() ? report.commit() : "",
                report.isReachable() ? behind(report, reports) : "",
                member.zone());
    }

    /** Slots that it lacks of what any member knows to be chosen. */
    private static long behind(NodeReport report, List<NodeReport> reports) {
        return reports.stream().mapToLong(NodeReport::commit).max().orElse(0) - report.commit();
    }

    private static Json json(MembersRead now, List<NodeReport> reports) {
        MembersReport latest = now.latest();
        MembersReport preparing = now.preparing();
        List<Json> all = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            all.add(json(latest.members().get(i), reports.get(i), reports));
        }
        return new Json()
                .put("cluster", Long.toHexString(latest.clusterId()))
                .put("version", latest.slot())
                .put("inForceFrom", latest.firstSlot())
                .put("prepareQuorum", latest.prepareQuorum())
                .put("acceptQuorum", latest.acceptQuorum())
                .put("openSlots", latest.openSlotLimit())
                .put("highestId", latest.highestNode())
                .put("changing", preparing != null || latest.isChanging())
                .put("pending", latest.isPending())
                .put("preparing", preparing != null)
                .put("waitsFor", preparing == null ? "" : preparing.waitsFor())
                .put(
                        "coming",
                        preparing == null
                                ? List.of()
                                : preparing.coming().stream()
                                        .map(MembersListCommand::json)
                                        .toList())
                .put("members", all);
    }

    private static Json json(Change.Member member) {
        return new Json()
                .put("id", MemberId.node(member.identity()))
                .put("address", member.address())
                .put("incarnation", Long.toHexString(MemberId.incarnation(member.identity())))
                .put("seat", MembersRead.seat(member))
                .put("zone", member.zone());
    }

    private static Json json(Change.Member member, NodeReport report, List<NodeReport> reports) {
        Json json = json(member).put("reachable", report.isReachable());
        return report.isReachable()
                ? json.put("role", report.role())
                        .put("commit", report.commit())
                        .put("behind", behind(report, reports))
                : json.putNull("role").putNull("commit").putNull("behind");
    }
}
