package io.paxoslog.cli;

import io.paxoslog.client.PaxosDecisions;
import java.util.List;
import picocli.CommandLine.Command;

/** Has the log skip a command that the state machine cannot take. */
@Command(
        name = "skip",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Has the log skip a command that the state machine cannot take.",
        description = {
            "For a slot at which the state machines of all nodes are halted. The command there"
                    + " takes no effect on any node, its client is told so, and everything behind it"
                    + " goes on. It cannot be undone.",
            "",
            "Refused unless every member is up and holds below the slot: a node that has applied"
                    + " it, or could before it hears of the decision, would hold another state. Nodes"
                    + " embedded with one state machine go on once they are restarted."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:decided, now or before",
            "1:refused; the line says why",
            "2:wrong use",
            "3:no leader, or not in time: it may be decided or not, and asking again does no harm"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos skip 41 --members 127.0.0.1:9010,127.0.0.1:9020,127.0.0.1:9030",
            "  ./paxos skip 41 --members 127.0.0.1:9010 --json"
        })
final class SkipCommand extends DecisionCommand {
    SkipCommand(Terminal terminal) {
        super(terminal, "skipped");
    }

    @Override
    PaxosDecisions.Outcome ask(List<String> addresses, long aboutSlot, int timeoutMs) {
        return PaxosDecisions.skip(addresses, aboutSlot, timeoutMs);
    }
}
