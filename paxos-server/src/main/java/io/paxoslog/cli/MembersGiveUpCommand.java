package io.paxoslog.cli;

import io.paxoslog.client.ChangeReport;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosMembers;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives up a change of members that is not proposed yet. */
@Command(
        name = "give-up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Gives up a change of members that is not proposed yet.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:given up", "1:there is none to give up", "2:wrong use", "3:no leader"},
        footer = {
            "",
            "Example:",
            "  ./paxos members give-up --members 127.0.0.1:9010,127.0.0.1:9020"
        })
final class MembersGiveUpCommand implements Callable<Integer> {
    @Mixin private MembersOption members;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "how long to wait for a leader (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    private final Terminal terminal;

    MembersGiveUpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        ChangeReport report = ask(timeoutMs);
        if (report.state() != ChangeReport.State.GIVEN_UP) {
            throw CommandFailure.failed(report.reason());
        }
        terminal.println("given up: the members are as before");
        terminal.flush();
        return 0;
    }

    private ChangeReport ask(int timeoutMs) {
        try {
            return PaxosMembers.giveUp(members.addresses(terminal.environment()), timeoutMs);
        } catch (ClientException e) {
            throw CommandFailure.notInTime(e.getMessage());
        }
    }
}
