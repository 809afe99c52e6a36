package io.paxoslog.cli;

import io.paxoslog.client.ClientError;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Appends commands and prints the slot of each. */
@Command(
        name = "append",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Appends commands to the log and prints their slots.",
        description = {
            "Appends each argument, or without arguments each line of standard input, as one"
                    + " command and prints its slot, one a line, in order, as each commits. Many"
                    + " commands are in flight at a time.",
            "",
            "When standard output cannot be written, nothing more is sent, what is in flight is"
                    + " waited for, and the message says how far it came.",
            "",
            "Exit code 3 means that some commands have no answer: the message says which, and each"
                    + " of those may be in the log or not."
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos append --members 127.0.0.1:9010,127.0.0.1:9020 'buy 100' 'sell 50'",
            "  ./paxos append --members 127.0.0.1:9010 < orders.txt > slots.txt"
        })
final class AppendCommand implements Callable<Integer>, ReplyListener {
    @Mixin private MembersOption members;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description =
                    "longest time to look for a leader, and to wait for the next slot"
                            + " (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "commands; none: each line of standard input is one")
    private List<String> words = List.of();

    private final Terminal terminal;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
    private PaxosClient client;
    private CommandLines commands;
    private long sent;
    private long answered;
    private long progressNs;
    private ClientError failure;

    AppendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        client =
                Clients.connect(
                        Clients.config(members.addresses(terminal.environment()), timeoutMs), this);
        try {
            commands = words.isEmpty() ? CommandLines.of(terminal.in()) : CommandLines.of(words);
            run();
        } finally {
            close();
        }
        return conclude();
    }

    /** Whoever closes is told what is unanswered, which is no failure of its own. */
    private void close() {
        ClientError why = failure;
        client.close();
        failure = why;
        terminal.flush();
    }

    private void run() {
        progressNs = System.nanoTime();
        while (failure == null && !isDone() && !terminal.stop().isRaised()) {
            int work = send() + client.poll();
            terminal.flush();
            if (isOverdue()) {
                failure = ClientError.TIMED_OUT;
            }
            idle.idle(work);
        }
    }

    private boolean isDone() {
        return answered == sent && (terminal.isOutLost() || isAllTaken());
    }

    private boolean isAllTaken() {
        return commands.peek() == null && commands.hasEnded();
    }

    private int send() {
        int count = 0;
        if (terminal.isOutLost()) {
            return count;
        }
        for (byte[] command = commands.peek(); command != null; command = commands.peek()) {
            buffer.wrap(command);
            long result = client.offer(buffer, 0, command.length);
            if (result < 0) {
                noteRefused(ClientError.of(result));
                return count;
            }
            commands.remove();
            progressNs = answered == sent ? System.nanoTime() : progressNs;
            sent++;
            count++;
        }
        return count;
    }

    private void noteRefused(ClientError error) {
        if (error == ClientError.WINDOW_FULL) {
            return;
        }
        // What went before it may still be answered.
        boolean isOfThisOne = error == ClientError.TOO_LARGE || error == ClientError.DISK_FULL;
        if (!isOfThisOne || answered == sent) {
            failure = error;
        }
    }

    private boolean isOverdue() {
        return answered < sent
                && System.nanoTime() - progressNs > timeoutSeconds * TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void onReply(long sequence, long slot, DirectBuffer reply, int offset, int length) {
        answered++;
        progressNs = System.nanoTime();
        terminal.println(Long.toString(slot));
    }

    @Override
    public void onUnknown(long firstSequence, long lastSequence, ClientError why) {
        failure = why;
    }

    private int conclude() {
        if (answered < sent) {
            throw CommandFailure.notInTime(
                    why() + "; " + linesUpTo(answered) + numbers(answered + 1, sent) + " unknown");
        }
        if (failure != null) {
            throw Clients.failure(
                    failure,
                    "%s%s %d of %d bytes"
                            .formatted(linesUpTo(sent), noun(), sent + 1, buffer.capacity()));
        }
        if (terminal.isOutLost()) {
            throw outputLost();
        }
        if (commands.problem() != null) {
            throw CommandFailure.failed(
                    commands.problem() + "; " + linesUpTo(answered) + "no more");
        }
        if (!commands.hasEnded()) {
            throw CommandFailure.failed("stopped; " + linesUpTo(answered) + "no more");
        }
        return 0;
    }

    private String why() {
        if (failure != null) {
            return failure.advice();
        }
        return terminal.isOutLost() ? terminal.out().problem() : "stopped";
    }

    private CommandFailure outputLost() {
        NotedOutput out = terminal.out();
        return out.isPipeBroken()
                ? CommandFailure.outputLost(out)
                : CommandFailure.failed(out.problem() + "; " + linesUpTo(answered) + "no more");
    }

    private String linesUpTo(long last) {
        return last == 0 ? "" : numbers(1, last) + " in the log, ";
    }

    private String numbers(long first, long last) {
        return first == last
                ? "%s %d".formatted(noun(), first)
                : "%ss %d to %d".formatted(noun(), first, last);
    }

    private String noun() {
        return words.isEmpty() ? "line" : "argument";
    }
}
