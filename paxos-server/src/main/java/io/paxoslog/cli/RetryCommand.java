package io.paxoslog.cli;

import io.paxoslog.client.PaxosDecisions;
import java.util.List;
import picocli.CommandLine.Command;

/** Has halted state machines try a command again. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Has halted state machines try a command again.",
        description = {
            "For a slot at which state machines are halted. After nodes were restarted with a state"
                    + " machine that can take the command, or when a node lacked memory at the time.",
            "",
            "A node that was halted at a slot does not try it again by itself, not after a restart"
                    + " either: in between the others may have been told to skip it."
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
            "  ./paxos retry 41 --members 127.0.0.1:9010,127.0.0.1:9020,127.0.0.1:9030",
            "  ./paxos retry 41 --members 127.0.0.1:9010 --json"
        })
final class RetryCommand extends DecisionCommand {
    RetryCommand(Terminal terminal) {
        super(terminal, "to be tried again");
    }

    @Override
    PaxosDecisions.Outcome ask(List<String> addresses, long aboutSlot, int timeoutMs) {
        return PaxosDecisions.retry(addresses, aboutSlot, timeoutMs);
    }
}
