package io.paxoslog.cli;

import io.paxoslog.client.Appended;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.ReadMode;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Speaks to the map that nodes keep with {@code --app map}, a line at a time. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Reads and changes the map of nodes that run with --app map.",
        description = {
            "Reads one command a line from standard input, does it, and answers it with one line,"
                    + " before it looks at the next:",
            "",
            "  put KEY VALUE      get KEY      cas KEY OLD NEW      del KEY",
            "",
            "A word with blanks stands in double quotes. What fails is answered, too, and the next"
                    + " line is read; the command ends with its input. With --json each answer is an"
                    + " object: ok is true, false (it had no effect) or \"unknown\" (it may have"
                    + " had, or may have later); value, swapped and slot as they apply; error and"
                    + " message where it is not true."
        },
        footer = {
            "",
            "Examples:",
            "  printf 'put pear 7\\nget pear\\ncas pear 7 8\\n' | ./paxos map --members 127.0.0.1:9010",
            "  ./paxos map --members 127.0.0.1:9010,127.0.0.1:9020 --read follower --json < commands"
        })
final class MapCommand implements Callable<Integer> {
    private static final int LONGEST_DEADLINE_MS = 3_600_000;

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

    private final Terminal terminal;
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
    private ClientConfig config;
    private PaxosClient client;
    private long seen;

    MapCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (deadlineMs < 1 || deadlineMs > LONGEST_DEADLINE_MS) {
            throw CommandFailure.wrongUse(
                    "--deadline: 1 to %d ms, not %d".formatted(LONGEST_DEADLINE_MS, deadlineMs));
        }
        config = Clients.config(members.addresses(terminal.environment()), deadlineMs);
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

    private void answer(byte[] text) {
        MapLine line;
        try {
            line = MapLine.read(text);
        } catch (IllegalArgumentException e) {
            MapAnswer.bad(e.getMessage()).print(terminal, isJson);
            return;
        }
        if (line != null) {
            answerOf(line).print(terminal, isJson);
        }
    }

    private MapAnswer answerOf(MapLine line) {
        try {
            if (client == null || client.hasEnded()) {
                letGo();
                connect();
            }
            return line.op() == MapLine.Op.GET ? read(line) : write(line);
        } catch (ClientException e) {
            return failed(line, e);
        } catch (CommandFailure e) {
            throw e;
        } catch (RuntimeException e) {
            letGo();
            boolean isRead = line.op() == MapLine.Op.GET;
            return MapAnswer.failed(line, isRead, "FAILED", e.toString());
        }
    }

    private MapAnswer read(MapLine line) {
        long slot = mode == ReadMode.AT_LEAST ? seen : 0;
        ReadAnswer answer = client.read(mode, slot, line.bytes(), Duration.ofMillis(deadlineMs));
        seen = Math.max(seen, answer.slot());
        return MapAnswer.of(line, answer.slot(), answer.bytes());
    }

    private MapAnswer write(MapLine line) {
        Appended appended = client.append(line.bytes(), deadlineMs);
        seen = Math.max(seen, appended.slot());
        return MapAnswer.of(line, appended.slot(), appended.reply());
    }

    /** A command that was never sent can be kept from being sent later; no other one can. */
    private MapAnswer failed(MapLine line, ClientException e) {
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
        return MapAnswer.failed(line, hadNoEffect || line.op() == MapLine.Op.GET, name, message);
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
