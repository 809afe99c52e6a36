package io.paxoslog.cli;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosSnapshots;
import io.paxoslog.client.SnapshotReport;
import io.paxoslog.client.SnapshotReport.State;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has nodes take a snapshot. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Has nodes take a snapshot now.",
        description = {
            "Asks each node given, or the one of --node, to take a snapshot of what it has applied,"
                    + " and waits until it is complete and forced. Nodes take snapshots by"
                    + " themselves, too, and go on with one when nobody waits any more."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every node asked has taken one",
            "1:a node takes none, or could not write it",
            "2:wrong use",
            "3:a node did not answer, or nothing moved on in time"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos snapshot --members 127.0.0.1:9010,127.0.0.1:9020,127.0.0.1:9030",
            "  ./paxos snapshot --node 2 --json"
        })
final class SnapshotCommand implements Callable<Integer> {
    private static final long PROGRESS_NS = TimeUnit.SECONDS.toNanos(1);

    @Mixin private MembersOption members;

    @Option(names = "--node", paramLabel = "ID", description = "only the node of this id")
    private Integer node;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long to wait while nothing moves on (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;
    private long toldNs;

    SnapshotCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        if (node != null && node < 1) {
            throw CommandFailure.wrongUse("--node: ids count from 1, not " + node);
        }
        List<SnapshotReport> reports = take(timeoutMs);
        if (isJson) {
            terminal.println(
                    new Json()
                            .put("nodes", reports.stream().map(SnapshotCommand::json).toList())
                            .toString());
        } else {
            reports.stream()
                    .filter(report -> report.state() == State.TAKEN)
                    .forEach(report -> terminal.println(taken(report)));
        }
        terminal.flush();
        requireTaken(reports);
        return 0;
    }

    private List<SnapshotReport> take(int timeoutMs) {
        toldNs = System.nanoTime();
        try {
            return PaxosSnapshots.take(
                    members.addresses(terminal.environment()),
                    node == null ? PaxosSnapshots.ALL : node,
                    timeoutMs,
                    this::tell);
        } catch (ClientException e) {
            throw CommandFailure.notInTime(e.getMessage());
        }
    }

    /** Only what takes long is told of while it is going on. */
    private void tell(SnapshotReport report) {
        boolean isDue = System.nanoTime() - toldNs >= PROGRESS_NS;
        if (report.state() == State.WRITING && isDue) {
            toldNs = System.nanoTime();
            terminal.err().println(writing(report));
        }
    }

    private static String writing(SnapshotReport report) {
        return String.format(
                Locale.ROOT,
                "node %d: at slot %,d, %,d bytes so far",
                report.node(),
                report.slot(),
                report.bytes());
    }

    private static String taken(SnapshotReport report) {
        return String.format(
                Locale.ROOT,
                "node %d: snapshot at slot %,d, %,d bytes, %.3f s",
                report.node(),
                report.slot(),
                report.bytes(),
                seconds(report));
    }

    private static double seconds(SnapshotReport report) {
        return report.ms() / (double) TimeUnit.SECONDS.toMillis(1);
    }

    private static Json json(SnapshotReport report) {
        Json json = new Json();
        if (report.state() == State.NO_ANSWER) {
            json.putNull("id");
        } else {
            json.put("id", report.node());
        }
        return json.put("address", report.address())
                .put("state", report.state().name().toLowerCase(Locale.ROOT))
                .put("slot", report.slot())
                .put("bytes", report.bytes())
                .put("seconds", seconds(report))
                .put("reason", report.reason());
    }

    private void requireTaken(List<SnapshotReport> reports) {
        List<String> without =
                reports.stream()
                        .filter(SnapshotReport::isSettled)
                        .filter(report -> report.state() != State.TAKEN)
                        .map(report -> "node " + report.node() + ": " + report.reason())
                        .toList();
        List<String> late =
                reports.stream().filter(report -> !report.isSettled()).map(this::late).toList();
        if (!without.isEmpty()) {
            throw CommandFailure.failed(String.join("; ", without));
        }
        if (!late.isEmpty()) {
            throw CommandFailure.notInTime(String.join("; ", late));
        }
    }

    private String late(SnapshotReport report) {
        if (report.state() == State.NO_ANSWER) {
            return node == null
                    ? report.address() + " does not answer, or is of an earlier build"
                    : report.address() + " is not node " + node + ", or does not answer";
        }
        return "node %d goes on with its snapshot, %d bytes so far: ask again"
                .formatted(report.node(), report.bytes());
    }
}
