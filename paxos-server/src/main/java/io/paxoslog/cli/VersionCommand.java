package io.paxoslog.cli;

import io.paxoslog.client.VersionReport;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.Version;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows which versions nodes know, and what is agreed. */
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Shows which versions the nodes know, and what is agreed; or raises that.",
        description = {
            "What is agreed is part of the log: equal on all nodes, raised by an entry only, and in"
                    + " force from its slot on. The system version is that of PaxosLog's own rules,"
                    + " the application version that of your state machine. Until it is raised all"
                    + " nodes do what the builds before did, and each may go back to them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "2:wrong use", "3:no node answers"},
        footer = {
            "",
            "Examples:",
            "  ./paxos version --members 127.0.0.1:9010,127.0.0.1:9020,127.0.0.1:9030",
            "  ./paxos version --members 127.0.0.1:9010 --json",
            "  ./paxos version set --system 2 --members 127.0.0.1:9010,127.0.0.1:9020"
        })
final class VersionCommand implements Callable<Integer> {
    private static final String ROW = "%-5s %-22s %-18s %-8s %-12s %-6s %s";

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

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        VersionsRead read = VersionsRead.ask(members.addresses(terminal.environment()), timeoutMs);
        if (isJson) {
            terminal.println(json(read).toString());
        } else {
            print(read);
        }
        terminal.flush();
        return 0;
    }

    private void print(VersionsRead read) {
        terminal.println(VersionsRead.text(read.agreed(), read.latest().agreedAt()));
        terminal.println(
                ROW.formatted(
                        "node", "address", "build", "system", "application", "wire", "files"));
        for (VersionReport report : read.reports()) {
            terminal.println(row(report).stripTrailing());
        }
        Version known = read.knownToAll();
        if (known.covers(read.agreed()) && !known.equals(read.agreed())) {
            terminal.println("all nodes know more: " + known + "; see paxos version set");
        }
    }

    private static String row(VersionReport report) {
        if (!report.isReachable()) {
            return ROW.formatted("", report.address(), "unreachable", "", "", "", "");
        }
        KnownVersions knows = report.knows();
        return knows == null
                ? ROW.formatted(report.node(), report.address(), "an earlier one", "1", "1", "", "")
                : ROW.formatted(
                        report.node(),
                        report.address(),
                        report.build(),
                        upTo(knows.oldestSystem(), knows.newestSystem()),
                        upTo(1, knows.newestApplication()),
                        report.peerSchema(),
                        report.journalSchema());
    }

    private static String upTo(int oldest, int newest) {
        return oldest == newest ? String.valueOf(newest) : oldest + " to " + newest;
    }

    private static Json json(VersionsRead read) {
        List<Json> nodes = read.reports().stream().map(VersionCommand::json).toList();
        return new Json()
                .put("agreed", VersionsRead.json(read.agreed(), read.latest().agreedAt()))
                .put("nodes", nodes);
    }

    private static Json json(VersionReport report) {
        Json json =
                new Json()
                        .put("address", report.address())
                        .put("reachable", report.isReachable())
                        .put("id", report.node());
        KnownVersions knows = report.knows();
        if (knows == null) {
            return json.putNull("build").putNull("knows").putNull("agreed");
        }
        return json.put("build", report.build())
                .put(
                        "knows",
                        new Json()
                                .put("oldestSystem", knows.oldestSystem())
                                .put("newestSystem", knows.newestSystem())
                                .put("newestApplication", knows.newestApplication())
                                .put("wire", report.peerSchema())
                                .put("files", report.journalSchema()))
                .put("agreed", VersionsRead.json(report.agreed(), report.agreedAt()));
    }
}
