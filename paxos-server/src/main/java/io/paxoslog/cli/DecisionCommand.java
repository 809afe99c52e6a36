package io.paxoslog.cli;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosDecisions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has the log decide about a slot that state machines cannot take. */
abstract class DecisionCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SLOT", description = "the slot, as status shows it")
    private long slot;

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
    private final String done;

    /**
     * @param done what has become of the slot, for people
     */
    DecisionCommand(Terminal terminal, String done) {
        this.terminal = terminal;
        this.done = done;
    }

    abstract PaxosDecisions.Outcome ask(List<String> addresses, long aboutSlot, int timeoutMs);

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        if (slot < 1) {
            throw CommandFailure.wrongUse("SLOT: slots count from 1, not " + slot);
        }
        PaxosDecisions.Outcome outcome = ask(timeoutMs);
        if (isJson) {
            terminal.println(json(outcome).toString());
        }
        if (!outcome.isInForce()) {
            terminal.flush();
            throw CommandFailure.failed(outcome.reason());
        }
        if (!isJson) {
            terminal.println(
                    outcome.wasInForce()
                            ? "slot %d was %s before".formatted(slot, done)
                            : "slot %d is %s, by the decision at slot %d"
                                    .formatted(slot, done, outcome.slot()));
        }
        terminal.flush();
        return 0;
    }

    private PaxosDecisions.Outcome ask(int timeoutMs) {
        try {
            return ask(members.addresses(terminal.environment()), slot, timeoutMs);
        } catch (ClientException e) {
            throw CommandFailure.notInTime(
                    e.getMessage() + "; it may be decided or not, and asking again does no harm");
        }
    }

    private Json json(PaxosDecisions.Outcome outcome) {
        return new Json()
                .put("slot", slot)
                .put("inForce", outcome.isInForce())
                .put("wasInForce", outcome.wasInForce())
                .put("decision", outcome.slot())
                .put("reason", outcome.reason());
    }
}
