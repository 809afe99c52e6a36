package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import io.paxoslog.core.Ballot;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how nodes stand. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Shows how nodes stand.",
        description = {
            "Asks each node given how it stands. A node that does not answer is listed as"
                    + " unreachable. A node is behind when it has not applied, by the end of the"
                    + " time-out, what was committed when the first answers came.",
            "",
            "The hash covers slot, value, outcome and reply of everything applied: where two nodes"
                    + " show the same applied index and another hash, their states have parted."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:there is a leader; every node given answers, is not behind and agrees",
            "3:no node that answers knows a leader",
            "4:there is a leader, but a node is missing, behind, returning, halted or of another"
                    + " state"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos status --members 127.0.0.1:9010,127.0.0.1:9020,127.0.0.1:9030",
            "  ./paxos status --members 127.0.0.1:9010 --json"
        })
final class StatusCommand implements Callable<Integer> {
    private static final String ROW = "%-5s %-22s %-12s %-12s %-7s %14s %14s %14s  %s";
    private static final List<String> UNKNOWN =
            List.of(
                    "role",
                    "ballot",
                    "leader",
                    "commit",
                    "applied",
                    "synced",
                    "hash",
                    "haltedAt",
                    "needsRestart",
                    "slotInWork",
                    "inWorkMs",
                    "limits",
                    "firstKept",
                    "snapshot",
                    "journalBytes",
                    "snapshotBytes",
                    "freeBytes",
                    "floorBytes",
                    "room",
                    "unknownSlots",
                    "repairedSlots",
                    "scrubbedMs",
                    "changing",
                    "changeFirstSlot",
                    "behind",
                    "leaseMs",
                    "holdsLease");
    private static final List<String> STORAGE =
            UNKNOWN.subList(UNKNOWN.indexOf("firstKept"), UNKNOWN.indexOf("changing"));

    @Mixin private MembersOption members;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description =
                    "how long to wait for answers, and for nodes that are behind"
                            + " (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        ClusterHealth health =
                ClusterHealth.ask(members.addresses(terminal.environment()), timeoutMs);
        if (isJson) {
            terminal.println(json(health.reports()).toString());
        } else {
            printTable(health.reports());
        }
        terminal.flush();
        if (!health.hasLeader()) {
            throw CommandFailure.notInTime(health.problems());
        }
        if (!health.problems().isEmpty()) {
            throw CommandFailure.incomplete(health.problems());
        }
        return 0;
    }

    private static Json json(List<NodeReport> reports) {
        return new Json()
                .put("cluster", clusterOf(reports))
                .put("nodes", reports.stream().map(StatusCommand::json).toList());
    }

    /** The cluster's id as far as some node knows it; empty before there is one. */
    private static String clusterOf(List<NodeReport> reports) {
        return reports.stream()
                .filter(report -> report.isReachable() && report.clusterId() != 0)
                .map(report -> Long.toHexString(report.clusterId()))
                .findFirst()
                .orElse("");
    }

    /** How far a change of members is, in one line; empty when there is none. */
    private static String changeOf(List<NodeReport> reports) {
        long firstSlot =
                reports.stream()
                        .mapToLong(report -> report.membership().changeFirstSlot())
                        .max()
                        .orElse(0);
        if (firstSlot != 0) {
            return "a change of members is chosen, and in force from slot " + firstSlot;
        }
        return reports.stream().anyMatch(report -> report.membership().isChanging())
                ? "a change of members is under way: see paxos members list"
                : "";
    }

    private static Json json(NodeReport report) {
        Json json = new Json();
        if (!report.isReachable()) {
            json.putNull("id").put("address", report.address()).put("reachable", false);
            UNKNOWN.forEach(json::putNull);
            return json;
        }
        json.put("id", report.node()).put("address", report.address()).put("reachable", true);
        json.put("role", report.role()).put("ballot", report.ballot());
        putOrNull(json, "leader", report.leader());
        json.put("commit", report.commit())
                .put("applied", report.applied())
                .put("synced", report.synced())
                .put("hash", Long.toHexString(report.appliedHash()))
                .put("haltedAt", report.haltedAt())
                .put("needsRestart", report.needsRestart())
                .put("slotInWork", report.slotInWork())
                .put("inWorkMs", report.inWorkMs());
        if (report.limits() == null) {
            json.putNull("limits");
        } else {
            json.put(
                    "limits",
                    LimitsRead.json(report.limits()).put("decision", report.limitsDecidedAt()));
        }
        putStorage(json, report.storage());
        json.put("changing", report.membership().isChanging())
                .put("changeFirstSlot", report.membership().changeFirstSlot())
                .put("behind", report.membership().behind())
                .put("leaseMs", report.leases().ms())
                .put("holdsLease", report.leases().isHeld());
        return json;
    }

    private static void putStorage(Json json, NodeReport.Storage storage) {
        if (storage == null) {
            STORAGE.forEach(json::putNull);
            return;
        }
        json.put("firstKept", storage.firstKept())
                .put("snapshot", storage.snapshotSlot())
                .put("journalBytes", storage.journalBytes())
                .put("snapshotBytes", storage.snapshotBytes())
                .put("freeBytes", storage.freeBytes())
                .put("floorBytes", storage.floorBytes())
                .put("room", storage.room())
                .put("unknownSlots", storage.unknownSlots())
                .put("repairedSlots", storage.repairedSlots())
                .put("scrubbedMs", storage.scrubbedMs());
    }

    private static void putOrNull(Json json, String name, int node) {
        if (node == 0) {
            json.putNull(name);
        } else {
            json.put(name, node);
        }
    }

    private void printTable(List<NodeReport> reports) {
        String cluster = clusterOf(reports);
        terminal.println("cluster " + (cluster.isEmpty() ? "not known" : cluster));
        String change = changeOf(reports);
        if (!change.isEmpty()) {
            terminal.println(change);
        }
        if (reports.stream().anyMatch(report -> report.limitsDecidedAt() != 0)) {
            LimitsRead limits = LimitsRead.of(reports);
            terminal.println(limits.text() + ", " + limits.since());
        }
        terminal.println(
                ROW.formatted(
                                "node", "address", "role", "ballot", "leader", "commit", "applied",
                                "synced", "hash")
                        .stripTrailing());
        for (NodeReport report : reports) {
            terminal.println(row(report).stripTrailing());
            if (report.isReachable() && report.haltedAt() != 0) {
                terminal.println("      halted at slot " + report.haltedAt());
            }
            if (report.isReachable() && report.slotInWork() != 0) {
                terminal.println(
                        "      its state machine has been at slot %d for %,d ms"
                                .formatted(report.slotInWork(), report.inWorkMs()));
            }
            printLease(report);
            if (report.storage() != null) {
                terminal.println("      " + text(report.storage()));
                printRoom(report.storage());
                printDamage(report.storage());
            }
        }
    }

    private void printLease(NodeReport report) {
        if (report.isReachable() && report.node() == report.leader() && report.leases().ms() > 0) {
            terminal.println(
                    report.leases().isHeld()
                            ? "      reads by lease ask nobody"
                            : "      holds no lease: reads by lease ask others");
        }
    }

    private void printRoom(NodeReport.Storage storage) {
        if (!storage.votesOnCommands()) {
            terminal.println(
                    String.format(
                            Locale.ROOT,
                            "      short of room: %s until more than %,d bytes are free",
                            storage.room().equals("reported")
                                    ? "votes on no new commands"
                                    : "promises only",
                            storage.floorBytes()));
        }
    }

    private static String text(NodeReport.Storage storage) {
        return String.format(
                Locale.ROOT,
                "log from slot %,d on, %,d bytes; %s; %,d bytes free",
                storage.firstKept(),
                storage.journalBytes(),
                storage.snapshotSlot() == 0
                        ? "no snapshot"
                        : String.format(
                                Locale.ROOT,
                                "snapshot at slot %,d, %,d bytes with older ones",
                                storage.snapshotSlot(),
                                storage.snapshotBytes()),
                storage.freeBytes());
    }

    private void printDamage(NodeReport.Storage storage) {
        if (storage.unknownSlots() + storage.repairedSlots() > 0) {
            terminal.println(
                    String.format(
                            Locale.ROOT,
                            "      damaged: %,d slots unknown, %,d repaired; %s",
                            storage.unknownSlots(),
                            storage.repairedSlots(),
                            storage.scrubbedMs() == 0
                                    ? "not scrubbed since the start"
                                    : "last scrubbed "
                                            + Instant.ofEpochMilli(storage.scrubbedMs())));
        }
    }

    private static String row(NodeReport report) {
        if (!report.isReachable()) {
            return ROW.formatted("?", report.address(), "unreachable", "", "", "", "", "", "");
        }
        return ROW.formatted(
                report.node(),
                report.address(),
                report.role(),
                Ballot.text(report.ballot()),
                report.leader() == 0 ? "none" : report.leader(),
                report.commit(),
                report.applied(),
                report.synced(),
                Long.toHexString(report.appliedHash()));
    }
}
