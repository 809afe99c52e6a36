package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.CommandHeader;
import io.paxoslog.client.PaxosTail;
import io.paxoslog.client.Subscription;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.LocalTail;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the committed log. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Prints the committed log.",
        description = {
            "Prints the commands that took effect, one a line: its slot, a tab, its bytes as they"
                    + " are, except that a line feed in a command shows as \\n. Ends at the"
                    + " leader's commit index of the moment it was asked; with --follow it goes on"
                    + " until Ctrl-C, whatever becomes of single nodes.",
            "",
            "Given one address, that node serves it; given more, another one goes on when one"
                    + " falls silent. With --follow the other members of the cluster are found, too."
                    + " Some slots hold no command and are left out.",
            "",
            "With --dir the files of a node of this machine are read instead, without a word to"
                    + " it: up to what it has applied."
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos tail --members 127.0.0.1:9010,127.0.0.1:9020",
            "  ./paxos tail --members 127.0.0.1:9030 --from 1000 --follow",
            "  ./paxos tail --members 127.0.0.1:9010 --json | jq -r .command",
            "  ./paxos tail --dir data/1 --follow"
        })
final class TailCommand implements Callable<Integer> {
    private static final int SLOTS_AT_ONCE = 1_000;
    private static final int HEX = 16;

    @Mixin private MembersOption members;

    @Option(
            names = "--from",
            paramLabel = "N",
            defaultValue = "1",
            description = "first slot (default: ${DEFAULT-VALUE})")
    private long fromSlot;

    @Option(names = "--follow", description = "go on with what is committed from now on")
    private boolean isFollowing;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            description =
                    "with --follow: the cluster whose slots are meant, as --json and members list"
                            + " show it; any other is refused")
    private String cluster;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "read the files of the node that has this directory, on this machine")
    private Path directory;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "longest time to wait for the next commands (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Option(
            names = "--json",
            description =
                    "print {\"slot\":N,\"command\":\"text\"} a line; a command that is not UTF-8"
                            + " text comes as \"base64\" instead; with --follow or --dir also"
                            + " \"cluster\", \"session\", \"sequence\" and \"timeNs\"")
    private boolean isJson;

    private final Terminal terminal;
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);
    private final UnsafeBuffer command = new UnsafeBuffer(0, 0);
    private LogLines lines;

    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (fromSlot < 1) {
            throw CommandFailure.wrongUse("--from: at least 1, not " + fromSlot);
        }
        if (cluster != null && (!isFollowing || directory != null)) {
            throw CommandFailure.wrongUse("--cluster: only with --follow, and without --dir");
        }
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        lines = new LogLines(terminal, isJson);
        try {
            return directory == null ? read(timeoutMs) : readFiles();
        } finally {
            terminal.flush();
        }
    }

    private int read(int timeoutMs) {
        List<String> addresses = members.addresses(terminal.environment());
        ClientConfig config = Clients.config(addresses, timeoutMs);
        try {
            return isFollowing ? follow(config) : printAll(config);
        } catch (ClientException e) {
            throw Clients.failure(e, String.join(",", addresses));
        }
    }

    private int follow(ClientConfig config) {
        try (Subscription subscription =
                Subscription.open(config, clusterId(), fromSlot, this::onCommand)) {
            return untilStopped(() -> poll(subscription));
        }
    }

    private long clusterId() {
        try {
            return cluster == null
                    ? Subscription.ANY_CLUSTER
                    : Long.parseUnsignedLong(cluster, HEX);
        } catch (NumberFormatException e) {
            throw CommandFailure.wrongUse(
                    "--cluster: 1 to 16 hexadecimal digits, not '%s'".formatted(cluster));
        }
    }

    private int poll(Subscription subscription) {
        try {
            return subscription.poll();
        } catch (ClientException e) {
            throw e.error() == ClientError.COMPACTED
                    ? notKept(subscription.nextSlot(), subscription.firstKept())
                    : e;
        }
    }

    private int readFiles() {
        try (LocalTail tail = LocalTail.open(directory, fromSlot)) {
            return isFollowing ? untilStopped(() -> poll(tail)) : printAll(tail);
        } catch (JournalException e) {
            throw CommandFailure.of(e);
        }
    }

    private int poll(LocalTail tail) {
        try {
            return tail.poll(
                    (slot, session, sequence, timestampNs, buffer, offset, length) -> {
                        command.wrap(buffer, offset, length);
                        lines.print(
                                slot, tail.clusterId(), session, sequence, timestampNs, command);
                    },
                    SLOTS_AT_ONCE);
        } catch (JournalException e) {
            throw e.kind() == JournalException.Kind.COMPACTED
                    ? notKept(tail.nextSlot(), tail.firstKept())
                    : e;
        }
    }

    private int untilStopped(IntSupplier poll) {
        while (!terminal.isOutLost()) {
            if (terminal.stop().isRaised()) {
                return 0;
            }
            int work = poll.getAsInt();
            if (work == 0) {
                terminal.flush();
            }
            idle.idle(work);
        }
        return 0;
    }

    private int printAll(LocalTail tail) {
        long last = tail.applied();
        Deadline deadline = new Deadline(timeoutSeconds);
        while (tail.nextSlot() <= last && !terminal.isOutLost()) {
            if (terminal.stop().isRaised()) {
                return CommandFailure.FAILED;
            }
            int work = poll(tail);
            if (work > 0) {
                deadline.renew();
            } else if (deadline.isOver()) {
                throw late(tail.nextSlot());
            }
            idle.idle(work);
        }
        return 0;
    }

    private int printAll(ClientConfig config) {
        try (PaxosTail tail = PaxosTail.open(config, fromSlot, false, lines::print)) {
            return print(tail);
        }
    }

    private int print(PaxosTail tail) {
        try {
            return printAll(tail);
        } catch (ClientException e) {
            throw e.error() == ClientError.COMPACTED
                    ? notKept(tail.nextSlot(), tail.firstKept())
                    : e;
        }
    }

    private static CommandFailure notKept(long nextSlot, long firstKept) {
        return CommandFailure.failed(
                "slot %d is no longer kept; the first kept slot is %d: use --from %2$d"
                        .formatted(nextSlot, firstKept));
    }

    private int printAll(PaxosTail tail) {
        Deadline deadline = new Deadline(timeoutSeconds);
        long reached = tail.nextSlot();
        while (!tail.isDone() && !terminal.isOutLost()) {
            if (terminal.stop().isRaised()) {
                return CommandFailure.FAILED;
            }
            int work = tail.poll();
            if (work == 0) {
                terminal.flush();
            }
            if (tail.nextSlot() != reached) {
                reached = tail.nextSlot();
                deadline.renew();
            }
            if (deadline.isOver() && !tail.isDone()) {
                throw tail.firstKept() != 0
                        ? notKept(tail.nextSlot(), tail.firstKept())
                        : late(tail.nextSlot());
            }
            idle.idle(work);
        }
        return 0;
    }

    private CommandFailure late(long nextSlot) {
        return CommandFailure.notInTime(
                "nothing came for %s s; go on with --from %d".formatted(timeoutSeconds, nextSlot));
    }

    private void onCommand(DirectBuffer buffer, int offset, int length, CommandHeader header) {
        command.wrap(buffer, offset, length);
        lines.print(
                header.slot(),
                header.clusterId(),
                header.session(),
                header.sequence(),
                header.timestampNs(),
                command);
    }
}
