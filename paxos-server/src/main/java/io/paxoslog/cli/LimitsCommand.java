package io.paxoslog.cli;

import io.paxoslog.client.NodeReport;
import io.paxoslog.core.Decision;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what sessions may hold. */
@Command(
        name = "limits",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Shows what sessions may hold, or changes it.",
        description = {
            "The limits are part of the log: equal on all nodes, changed by an entry only, and in"
                    + " force from its slot on."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "2:wrong use", "3:no node answers"},
        footer = {
            "",
            "Examples:",
            "  ./paxos limits --members 127.0.0.1:9010,127.0.0.1:9020,127.0.0.1:9030",
            "  ./paxos limits --members 127.0.0.1:9010 --json",
            "  ./paxos limits set sessions=20000 --members 127.0.0.1:9010,127.0.0.1:9020"
        })
final class LimitsCommand implements Callable<Integer> {
    private static final String ROW = "  %-13s%,12d  %s";

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

    LimitsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        LimitsRead read = LimitsRead.ask(members.addresses(terminal.environment()), timeoutMs);
        if (isJson) {
            terminal.println(read.json().toString());
        } else {
            print(read);
        }
        terminal.flush();
        return 0;
    }

    private void print(LimitsRead read) {
        Decision.Limits limits = read.limits();
        terminal.println("limits, " + read.since());
        row("sessions", limits.sessions(), "open at once");
        row("in-flight", limits.inFlight(), "commands of a session whose reply is not taken");
        row("reply-bytes", limits.replyBytes(), "of one reply");
        row("cached-bytes", limits.cachedBytes(), "of replies kept for a session");
        for (NodeReport report : read.behind()) {
            terminal.println(
                    "node %d has applied up to slot %d, and has not come to that decision"
                            .formatted(report.node(), report.applied()));
        }
    }

    private void row(String name, int value, String meaning) {
        terminal.println(ROW.formatted(name, value, meaning));
    }
}
