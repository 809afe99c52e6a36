package io.paxoslog.cli;

import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosTail;
import io.paxoslog.client.TailListener;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
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
                    + " until Ctrl-C.",
            "",
            "Given one address, that node serves it; given more, another one goes on when one"
                    + " falls silent. Some slots hold no command and are left out."
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos tail --members 127.0.0.1:9010,127.0.0.1:9020",
            "  ./paxos tail --members 127.0.0.1:9030 --from 1000 --follow",
            "  ./paxos tail --members 127.0.0.1:9010 --json | jq -r .command"
        })
final class TailCommand implements Callable<Integer>, TailListener {
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
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "longest time to wait for the next commands (default: ${DEFAULT-VALUE})")
    private double timeoutSeconds;

    @Option(
            names = "--json",
            description =
                    "print {\"slot\":N,\"command\":\"text\"} a line; a command that is not UTF-8"
                            + " text comes as \"base64\" instead")
    private boolean isJson;

    private final Terminal terminal;
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 1_000_000);

    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (fromSlot < 1) {
            throw CommandFailure.wrongUse("--from: at least 1, not " + fromSlot);
        }
        int timeoutMs = Clients.toMs("--timeout", timeoutSeconds);
        List<String> addresses = members.addresses(terminal.environment());
        try (PaxosTail tail =
                PaxosTail.open(Clients.config(addresses, timeoutMs), fromSlot, isFollowing, this)) {
            return print(tail);
        } catch (ClientException e) {
            throw Clients.failure(e, String.join(",", addresses));
        } finally {
            terminal.flush();
        }
    }

    private int print(PaxosTail tail) {
        try {
            return printAll(tail);
        } catch (ClientException e) {
            if (e.error() != ClientError.COMPACTED) {
                throw e;
            }
            throw notKept(tail);
        }
    }

    private static CommandFailure notKept(PaxosTail tail) {
        return CommandFailure.failed(
                "slot %d is no longer kept; the first kept slot is %d: use --from %2$d"
                        .formatted(tail.nextSlot(), tail.firstKept()));
    }

    private int printAll(PaxosTail tail) {
        Deadline deadline = new Deadline(timeoutSeconds);
        long reached = tail.nextSlot();
        while (!tail.isDone() && !terminal.isOutLost()) {
            if (terminal.stop().isRaised()) {
                return isFollowing ? 0 : CommandFailure.FAILED;
            }
            int work = tail.poll();
            if (work == 0) {
                terminal.flush();
            }
            if (tail.nextSlot() != reached || isFollowing) {
                reached = tail.nextSlot();
                deadline.renew();
            }
            if (deadline.isOver() && !tail.isDone()) {
                throw late(tail);
            }
            idle.idle(work);
        }
        return 0;
    }

    private CommandFailure late(PaxosTail tail) {
        return tail.firstKept() != 0
                ? notKept(tail)
                : CommandFailure.notInTime(
                        "nothing came for %s s; go on with --from %d"
                                .formatted(timeoutSeconds, tail.nextSlot()));
    }

    @Override
    public void onCommand(long slot, DirectBuffer buffer, int offset, int length) {
        byte[] command = new byte[length];
        buffer.getBytes(offset, command);
        if (isJson) {
            terminal.println(json(slot, command).toString());
            return;
        }
        terminal.write((slot + "\t").getBytes(StandardCharsets.US_ASCII));
        for (byte one : command) {
            if (one == '\n') {
                terminal.write('\\');
                terminal.write('n');
            } else {
                terminal.write(one);
            }
        }
        terminal.write('\n');
    }

    private static Json json(long slot, byte[] command) {
        Json json = new Json().put("slot", slot);
        try {
            return json.put(
                    "command",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(command))
                            .toString());
        } catch (CharacterCodingException e) {
            return json.put("base64", Base64.getEncoder().encodeToString(command));
        }
    }
}
