package io.paxoslog.cli;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosDecisions;
import io.paxoslog.core.Decision;
import io.paxoslog.service.SessionLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has the log change what sessions may hold. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Has the log change what sessions may hold.",
        description = {
            "Limits that are not named stay as they are. Refused when somebody else changed them in"
                    + " between; asking for what is in force already changes nothing.",
            "",
            "Fewer sessions than are open close none: no other is opened before there is room."
                    + " Replies that are kept stay. A state machine whose reply is larger than"
                    + " reply-bytes halts at that slot: lower it only below what none of yours gives."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:in force, now or before",
            "1:refused; the line says why",
            "2:wrong use",
            "3:no leader, or not in time: it may be decided or not, and asking again does no harm"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos limits set sessions=20000 --members 127.0.0.1:9010,127.0.0.1:9020",
            "  ./paxos limits set in-flight=1000 cached-bytes=1048576 --members 127.0.0.1:9010"
                    + " --json"
        })
final class LimitsSetCommand implements Callable<Integer> {
    private static final String NAMES = "sessions, in-flight, reply-bytes, cached-bytes";

    @Parameters(paramLabel = "NAME=N", arity = "1..4", description = NAMES)
    private List<String> changes;

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

    LimitsSetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        // What is wrong whatever is in force is said before anybody is asked.
        requireInRange(changed(SessionLimits.DEFAULT.toDecide()));
        List<String> addresses = members.addresses(terminal.environment());
        LimitsRead read = LimitsRead.ask(addresses, timeoutMs);
        Decision.Limits wanted = sound(changed(read.limits()));
        PaxosDecisions.Outcome outcome =
                wanted.equals(read.limits())
                        ? new PaxosDecisions.Outcome(true, true, read.decidedAt(), "")
                        : decide(addresses, wanted, read.decidedAt(), timeoutMs);
        tell(wanted, outcome);
        terminal.flush();
        return 0;
    }

    private void tell(Decision.Limits wanted, PaxosDecisions.Outcome outcome) {
        if (isJson) {
            terminal.println(
                    LimitsRead.json(wanted)
                            .put("inForce", outcome.isInForce())
                            .put("wasInForce", outcome.wasInForce())
                            .put("decision", outcome.slot())
                            .put("reason", outcome.reason())
                            .toString());
        }
        if (!outcome.isInForce()) {
            terminal.flush();
            throw CommandFailure.failed(outcome.reason());
        }
        if (!isJson) {
            LimitsRead now = new LimitsRead(wanted, outcome.slot(), List.of());
            terminal.println(
                    now.text()
                            + (outcome.wasInForce() ? " were in force before, " : ", ")
                            + now.since());
        }
    }

    private PaxosDecisions.Outcome decide(
            List<String> addresses, Decision.Limits wanted, long previous, int timeoutMs) {
        try {
            return PaxosDecisions.limits(addresses, wanted, previous, timeoutMs);
        } catch (ClientException e) {
            throw CommandFailure.notInTime(
                    e.getMessage() + "; it may be decided or not, and asking again does no harm");
        }
    }

    private Decision.Limits changed(Decision.Limits limits) {
        Decision.Limits changed = limits;
        Set<String> named = new HashSet<>();
        for (String change : changes) {
            int equals = change.indexOf('=');
            String name = equals < 0 ? change : change.substring(0, equals);
            if (!named.add(name)) {
                throw CommandFailure.wrongUse(name + ": is given twice");
            }
            changed = with(changed, name, valueOf(change, equals));
        }
        return changed;
    }

    private static int valueOf(String change, int equals) {
        String text = equals < 0 ? "" : change.substring(equals + 1);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw CommandFailure.wrongUse(
                    "'" + change + "': give NAME=N, N a whole number, NAME one of " + NAMES);
        }
    }

    private static Decision.Limits with(Decision.Limits old, String name, int value) {
        return switch (name) {
            case "sessions" ->
                    new Decision.Limits(value, old.inFlight(), old.replyBytes(), old.cachedBytes());
            case "in-flight" ->
                    new Decision.Limits(old.sessions(), value, old.replyBytes(), old.cachedBytes());
            case "reply-bytes" ->
                    new Decision.Limits(old.sessions(), old.inFlight(), value, old.cachedBytes());
            case "cached-bytes" ->
                    new Decision.Limits(old.sessions(), old.inFlight(), old.replyBytes(), value);
            default ->
                    throw CommandFailure.wrongUse(
                            "there is no limit '" + name + "', only " + NAMES);
        };
    }

    private static void requireInRange(Decision.Limits limits) {
        // With room for every reply: what is kept may have been changed before.
        sound(
                new Decision.Limits(
                        limits.sessions(),
                        limits.inFlight(),
                        limits.replyBytes(),
                        SessionLimits.MOST_CACHED_BYTES));
    }

    private static Decision.Limits sound(Decision.Limits limits) {
        try {
            return SessionLimits.of(limits).toDecide();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
    }
}
