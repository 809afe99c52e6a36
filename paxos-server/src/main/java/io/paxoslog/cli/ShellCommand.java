package io.paxoslog.cli;

import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.SharedClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/**
 * Speaks to a state machine of nodes: a line at a time from standard input, or the one that is
 * given as words.
 */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; without WORDs, whatever the answers said",
            "1:the command that was given failed, and had no effect",
            "2:wrong use",
            "3:no leader, or not in time: the outcome of the command that was given may be unknown"
        })
final class ShellCommand implements Callable<Integer> {
    private static final int LONGEST_DEADLINE_MS = 3_600_000;

    /** So often it is looked whether what has no end is to end. */
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    @Mixin private MembersOption members;

    @Option(
            names = "--read",
            paramLabel = "MODE",
            defaultValue = "read-index",
            converter = ModeConverter.class,
            description =
                    "how a get reads: log, read-index, lease, follower, quorum, at-least (all that"
                            + " this command has seen before) or stale; see docs/reads.md"
                            + " (default: ${DEFAULT-VALUE})")
    private ReadMode mode;

    @Option(
            names = "--deadline",
            paramLabel = "MS",
            defaultValue = "5000",
            description =
                    "longest time for one command, in milliseconds (default: ${DEFAULT-VALUE})")
    private int deadlineMs;

    @Option(
            names = "--from",
            paramLabel = "HOST:PORT",
            description =
                    "the one node that answers reads which any node may answer (default: one that"
                            + " is there)")
    private String from;

    @Option(names = "--json", description = "answers each command with a JSON object on one line")
    private boolean isJson;

    @Parameters(
            paramLabel = "WORD",
            arity = "0..*",
            description = "one command; without it, commands are read from standard input")
    private List<String> words = List.of();

    private final ShellLanguage language;
    private final Terminal terminal;
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
    private ClientConfig config;
    private PaxosClient client;
    private long seen;

    private ShellCommand(Terminal terminal, ShellLanguage language) {
        this.terminal = terminal;
        this.language = language;
    }

    static CommandLine commandLine(Terminal terminal, ShellLanguage language) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new ShellCommand(terminal, language));
        List<String> description = new ArrayList<>();
        description.add(
                "Does the command that is given, or reads one a line from standard input, does it,"
                        + " and answers it with one line, before it looks at the next:");
        description.add("");
        description.addAll(language.usage());
        description.add("");
        description.add(
                "On a line, a word with blanks stands in double quotes. What fails is answered,"
                        + " too, and the next line is read; the command ends with its input. With"
                        + " --json each answer is an object: ok is true, false (it had no effect) or"
                        + " \"unknown\" (it may have had, or may have later), and error and message"
                        + " say why where it is not true.");
        List<String> footer = new ArrayList<>(List.of("", "Examples:"));
        footer.addAll(language.examples());
        spec.name(language.name());
        spec.usageMessage()
                .header(language.header())
                .description(description.toArray(String[]::new))
                .footer(footer.toArray(String[]::new));
        // Words of a command may look like options of ours.
        return new CommandLine(spec).setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() {
        if (deadlineMs < 1 || deadlineMs > LONGEST_DEADLINE_MS) {
            throw CommandFailure.wrongUse(
                    "--deadline: 1 to %d ms, not %d".formatted(LONGEST_DEADLINE_MS, deadlineMs));
        }
        config = Clients.config(members.addresses(terminal.environment()), deadlineMs);
        return words.isEmpty() ? answerLines() : answerWords();
    }

    private int answerWords() {
        ShellTask task;
        ShellRequest request;
        try {
            task = task();
            request = task == null ? language.read(bytesOfWords()) : null;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
        if (task != null) {
            return run(task);
        }
        connect();
        try {
            ShellAnswer answer = answerOf(request);
            if (answer.isDone() && request instanceof ShellStream) {
                return 0;
            }
            if (answer.isDone() || isJson) {
                answer.print(terminal, isJson);
                return exitCodeOf(answer);
            }
            throw isInTime(answer)
                    ? CommandFailure.failed(answer.why())
                    : CommandFailure.notInTime(answer.why());
        } finally {
            letGo();
        }
    }

    /** Null: the words are a line. */
    private ShellTask task() {
        for (ShellTasks tasks : ServiceLoader.load(ShellTasks.class)) {
            ShellTask task = tasks.language().equals(language.name()) ? tasks.read(words) : null;
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    private List<byte[]> bytesOfWords() {
        return words.stream().map(Arguments::bytes).toList();
    }

    private int run(ShellTask task) {
        try (SharedClient shared = SharedClient.connect(config)) {
            return task.run(shared, new TaskHost());
        } catch (ClientException e) {
            throw Clients.failure(e, String.join(",", config.members()));
        }
    }

    private final class TaskHost implements ShellTask.Host {
        @Override
        public boolean isStopping() {
            return terminal.stop().isRaised() || terminal.isOutLost();
        }

        @Override
        public void say(String text, Json json) {
            terminal.println(isJson ? json.toString() : text);
            terminal.flush();
        }

        @Override
        public void warn(String line) {
            terminal.err().println("paxos %s: %s".formatted(language.name(), line));
        }
    }

    private static int exitCodeOf(ShellAnswer answer) {
        if (answer.isDone()) {
            return 0;
        }
        return isInTime(answer) ? CommandFailure.FAILED : CommandFailure.NOT_IN_TIME;
    }

    private static boolean isInTime(ShellAnswer answer) {
        return !answer.isUnknown()
                && !answer.error().equals(ClientError.NO_LEADER.name())
                && !answer.error().equals(ClientError.READ_TIMED_OUT.name());
    }

    private int answerLines() {
        connect();
        CommandLines lines = CommandLines.of(terminal.in());
        try {
            while (!terminal.isOutLost() && await(lines)) {
                byte[] line = lines.peek();
                lines.remove();
                answer(line);
                terminal.flush();
            }
        } finally {
            letGo();
        }
        terminal.requireOut();
        if (lines.problem() != null) {
            throw CommandFailure.failed(lines.problem());
        }
        return 0;
    }

    private void connect() {
        client = PaxosClient.start(config, (sequence, slot, reply, offset, length) -> {});
        if (from != null) {
            try {
                client.readFrom(from);
            } catch (IllegalArgumentException e) {
                letGo();
                throw CommandFailure.wrongUse("--from: " + e.getMessage());
            }
        }
    }

    /** What a client throws on its way out is no reason not to go on with another one. */
    private void letGo() {
        PaxosClient old = client;
        client = null;
        if (old != null) {
            try {
                old.close();
            } catch (RuntimeException e) {
                terminal.err().println("while a client was closed: " + e);
            }
        }
    }

    /** Keeps the session alive meanwhile; false when there is nothing more. */
    private boolean await(CommandLines lines) {
        while (lines.peek() == null) {
            if (lines.hasEnded() || terminal.stop().isRaised()) {
                return false;
            }
            int work = 0;
            try {
                work = client == null ? 0 : client.poll();
            } catch (RuntimeException e) {
                letGo();
            }
            idle.idle(work);
        }
        idle.reset();
        return !terminal.stop().isRaised();
    }

    private void answer(byte[] line) {
        ShellRequest request;
        try {
            List<byte[]> typed = ShellWords.of(line);
            request = typed.isEmpty() ? null : language.read(typed);
        } catch (IllegalArgumentException e) {
            ShellAnswer.bad(e.getMessage()).print(terminal, isJson);
            return;
        }
        if (request != null) {
            answerOf(request).print(terminal, isJson);
        }
    }

    private ShellAnswer answerOf(ShellRequest request) {
        try {
            if (client == null || client.hasEnded()) {
                letGo();
                connect();
            }
            if (request instanceof ShellStream stream) {
                return follow(stream);
            }
            return request.isRead() ? read(request) : write(request);
        } catch (ClientException e) {
            return failed(request, e);
        } catch (CommandFailure e) {
            throw e;
        } catch (RuntimeException e) {
            letGo();
            return ShellAnswer.failed(request, request.isRead(), "FAILED", e.toString());
        }
    }

    /** What is asked in pieces shows one state: no piece comes from a node that is behind. */
    private ShellAnswer read(ShellRequest request) {
        long slot = mode == ReadMode.AT_LEAST ? seen : 0;
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(deadlineMs);
        ShellRequest.Outcome outcome = null;
        while (outcome == null) {
            Duration left = Duration.ofNanos(Math.max(1, endNs - System.nanoTime()));
            ReadAnswer answer = client.read(mode, slot, request.bytes(), left);
            slot = Math.max(slot, answer.slot());
            seen = Math.max(seen, slot);
            outcome = request.take(answer.slot(), answer.bytes());
        }
        return ShellAnswer.of(request, outcome);
    }

    /** Says what is new, as long as somebody wants to hear it. */
    private ShellAnswer follow(ShellStream stream) {
        boolean isEndless = !words.isEmpty();
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(deadlineMs);
        ShellRequest.Outcome outcome = null;
        while (outcome == null && !terminal.stop().isRaised() && !terminal.isOutLost()) {
            long leftNs = isEndless ? LOOK_NS : Math.min(LOOK_NS, endNs - System.nanoTime());
            if (leftNs <= 0) {
                break;
            }
            outcome = askOnce(stream, Duration.ofNanos(leftNs));
            stream.news(isJson).forEach(terminal::println);
            terminal.flush();
            if (stream.isToPause()) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
        return ShellAnswer.of(stream, outcome == null ? ShellRequest.Outcome.DONE : outcome);
    }

    /** Null: it goes on. */
    private ShellRequest.Outcome askOnce(ShellStream stream, Duration timeout) {
        try {
            ReadAnswer answer = client.read(stream.mode(), stream.slot(), stream.bytes(), timeout);
            return stream.take(answer.slot(), answer.bytes());
        } catch (ClientException e) {
            if (e.error() == ClientError.READ_TIMED_OUT) {
                return null;
            }
            throw e;
        }
    }

    private ShellAnswer write(ShellRequest request) {
        Appended appended = client.append(request.bytes(), deadlineMs);
        seen = Math.max(seen, appended.slot());
        return ShellAnswer.of(request, request.take(appended.slot(), appended.reply()));
    }

    /** A command that was never sent can be kept from being sent later; no other one can. */
    private ShellAnswer failed(ShellRequest request, ClientException e) {
        boolean hadNoEffect =
                switch (e.error()) {
                    case TIMED_OUT, INTERRUPTED, SESSION_EXPIRED, CLOSED -> e.token() == null;
                    default -> true;
                };
        boolean isToBeKept = e.error() == ClientError.TIMED_OUT && hadNoEffect;
        if (isToBeKept || (client != null && client.hasEnded())) {
            letGo();
        }
        String name = isToBeKept ? ClientError.NO_LEADER.name() : e.error().name();
        String message = isToBeKept ? ClientError.NO_LEADER.advice() : e.getMessage();
        return ShellAnswer.failed(request, hadNoEffect || request.isRead(), name, message);
    }

    /** Names of modes as they are typed. */
    static final class ModeConverter implements ITypeConverter<ReadMode> {
        @Override
        public ReadMode convert(String text) {
            for (ReadMode mode : ReadMode.values()) {
                if (nameOf(mode).equals(text)) {
                    return mode;
                }
            }
            throw new TypeConversionException(
                    "'%s' is none of log, read-index, lease, follower, quorum, at-least, stale"
                            .formatted(text));
        }

        static String nameOf(ReadMode mode) {
            return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
