package io.paxoslog.cli;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosLeadership;
import io.paxoslog.client.TransferReport;
import io.paxoslog.core.Ballot;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has the leader hand over to another member. */
@Command(
        name = "transfer",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Hands leadership over to a member.",
        description = {
            "The leader goes on until that member is near; then it takes no commands for as long as"
                    + " the other one needs to lead, which is milliseconds. No command fails."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:that member leads, now or before",
            "1:refused or given up; the line says why",
            "2:wrong use",
            "3:no leader, or not in time: the same command may be given again"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos members transfer 3 --members 127.0.0.1:9010,127.0.0.1:9020",
            "  ./paxos members transfer 3 --members 127.0.0.1:9010 --json"
        })
final class MembersTransferCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "node id of the member that is to lead")
    private int node;

    @Mixin private MembersOption members;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "how long to wait for a member that is behind (default: ${DEFAULT-VALUE});"
                            + " soon afterwards the leader waits no more")
    private double timeoutSeconds;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    MembersTransferCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        if (node < 1 || node > Ballot.MAX_NODE) {
            throw CommandFailure.wrongUse(
                    "ID: node ids are 1 to " + Ballot.MAX_NODE + ", not " + node);
        }
        List<String> addresses = members.addresses(terminal.environment());
        long beganNs = System.nanoTime();
        try {
            TransferReport report =
                    PaxosLeadership.transfer(addresses, node, timeoutMs, this::tellProgress);
            return tell(report, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs));
        } catch (ClientException e) {
            throw CommandFailure.notInTime(
                    e.getMessage() + "; it may be under way or not, and asking again does no harm");
        } finally {
            terminal.flush();
        }
    }

    private void tellProgress(TransferReport report) {
        if (!isJson && report.state() == TransferReport.State.WAITING) {
            terminal.println("not yet: " + report.reason());
            terminal.flush();
        }
    }

    private int tell(TransferReport report, long ms) {
        if (isJson) {
            terminal.println(
                    new Json()
                            .put("node", node)
                            .put("leads", report.state() == TransferReport.State.LEADS)
                            .put("ms", ms)
                            .put("reason", report.reason())
                            .toString());
        }
        switch (report.state()) {
            case LEADS -> {
                if (!isJson) {
                    terminal.println("node %d leads".formatted(node));
                }
                return 0;
            }
            case REFUSED -> throw CommandFailure.failed(report.reason());
            case GIVEN_UP -> throw CommandFailure.failed("given up: " + report.reason());
            default ->
                    throw CommandFailure.notInTime(
                            "node %d does not lead in time (%s): the same command may be given again"
                                    .formatted(node, report.reason()));
        }
    }
}
