package io.paxoslog.cli;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosDecisions;
import io.paxoslog.core.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the log raise what is agreed. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Has the log raise what is agreed.",
        description = {
            "What is not named stays as it is. Refused while a member does not know it, is down, or"
                    + " a change of the members is on its way, and when somebody else raised it in"
                    + " between; asking for what is agreed already changes nothing.",
            "",
            "There is no way back: from then on a node of a build that lacks it does not start, and"
                    + " one that runs stops, before it applies anything under it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:agreed, now or before",
            "1:refused; the line says why",
            "2:wrong use",
            "3:no leader, or not in time: it may be agreed or not, and asking again does no harm"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos version set --system 2 --members 127.0.0.1:9010,127.0.0.1:9020",
            "  ./paxos version set --app 3 --members 127.0.0.1:9010 --json"
        })
final class VersionSetCommand implements Callable<Integer> {
    @Option(names = "--system", paramLabel = "N", description = "of PaxosLog's own rules")
    private Integer system;

    @Option(names = "--app", paramLabel = "N", description = "of the state machine")
    private Integer application;

    @Mixin private MembersOption members;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description =
                    "how long to wait for a leader and its answer (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    VersionSetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        requireNumber("--system", system);
        requireNumber("--app", application);
        if (system == null && application == null) {
            throw CommandFailure.wrongUse("give --system N, --app N, or both");
        }
        VersionsRead read = VersionsRead.ask(members.addresses(terminal.environment()), timeoutMs);
        Version wanted = wanted(read.agreed());
        boolean isAgreed = wanted.equals(read.agreed());
        PaxosDecisions.Outcome outcome =
                isAgreed
                        ? new PaxosDecisions.Outcome(true, true, read.latest().agreedAt(), "")
                        : decide(read, wanted, timeoutMs);
        tell(wanted, outcome);
        terminal.flush();
        return 0;
    }

    private static void requireNumber(String option, Integer number) {
        if (number != null && (number < 1 || number > Version.MAX)) {
            throw CommandFailure.wrongUse(
                    option + ": a version from 1 to " + Version.MAX + ", not " + number);
        }
    }

    private Version wanted(Version agreed) {
        return new Version(
                system == null ? agreed.system() : system,
                application == null ? agreed.application() : application);
    }

    private PaxosDecisions.Outcome decide(VersionsRead read, Version wanted, int timeoutMs) {
        String lacking = read.whoLacks(wanted);
        if (!lacking.isEmpty()) {
            // A leader of an earlier build would not even know what it is asked.
            return new PaxosDecisions.Outcome(
                    false, false, 0, "not all members know " + wanted + ": " + lacking);
        }
        if (!isJson) {
            terminal.println("from " + read.agreed());
            terminal.println("to   " + wanted);
            terminal.println(
                    "once it is agreed there is no way back: builds that lack it do not start on"
                            + " these directories any more");
            terminal.flush();
        }
        try {
            return PaxosDecisions.version(
                    read.nodes(), wanted, read.latest().agreedAt(), timeoutMs);
        } catch (ClientException e) {
            throw CommandFailure.notInTime(
                    e.getMessage() + "; it may be agreed or not, and asking again does no harm");
        }
    }

    private void tell(Version wanted, PaxosDecisions.Outcome outcome) {
        if (isJson) {
            terminal.println(
                    VersionsRead.json(wanted, outcome.slot())
                            .put("agreed", outcome.isInForce())
                            .put("wasAgreed", outcome.wasInForce())
                            .put("reason", outcome.reason())
                            .toString());
        }
        if (!outcome.isInForce()) {
            terminal.flush();
            throw CommandFailure.failed(outcome.reason());
        }
        if (!isJson) {
            terminal.println(
                    (outcome.wasInForce() ? "before already: " : "")
                            + VersionsRead.text(wanted, outcome.slot()));
        }
    }
}
