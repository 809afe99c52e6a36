package io.paxoslog.cli;

import io.paxoslog.log.Backup;
import io.paxoslog.log.JournalException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a checked copy of the files of a node. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Makes a checked copy of the files of a node.",
        description = {
            "Copies what a node on this machine, running or not, holds at this moment: its newest"
                    + " snapshot and the log behind it; then verifies the copy. Takes no lock and"
                    + " changes nothing at the node. A node does not start on a backup; log"
                    + " inspect, log verify and log diff read it.",
            "",
            "The newest slots may be known chosen at other nodes only: take the node that status"
                    + " shows with the highest commit index."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the copy is there, and whole",
            "1:the node's files are damaged, or the copy cannot be written; there is none",
            "2:wrong use, or no directory of a node"
        },
        footer = {
            "",
            "Examples:",
            "  ./paxos backup --from data/1 --to /backups/monday",
            "  ./paxos snapshot --node 1 && ./paxos backup --from data/1 --to /backups/monday"
        })
final class BackupCommand implements Callable<Integer> {
    @Option(
            names = "--from",
            paramLabel = "DIR",
            required = true,
            description = "directory of the node, as its --dir says")
    private Path from;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "where the copy goes: an empty directory, or none yet")
    private Path to;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    BackupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Backup.Taken taken = take();
        terminal.println(isJson ? json(taken).toString() : text(taken));
        terminal.flush();
        return 0;
    }

    private Backup.Taken take() {
        try {
            return Backup.take(from, to);
        } catch (JournalException e) {
            throw CommandFailure.of(e);
        }
    }

    private String text(Backup.Taken taken) {
        return String.format(
                Locale.ROOT,
                "node %d up to slot %,d: %s and the log from slot %,d on, %,d bytes in %s, verified",
                taken.report().node(),
                taken.report().commitIndex(),
                snapshot(taken.report().snapshots()),
                taken.report().firstKept(),
                taken.bytes(),
                to);
    }

    private static String snapshot(List<Long> slots) {
        return slots.isEmpty()
                ? "no snapshot"
                : String.format(Locale.ROOT, "the snapshot of slot %,d", slots.get(0));
    }

    private Json json(Backup.Taken taken) {
        return new Json()
                .put("directory", to.toString())
                .put("node", taken.report().node())
                .put("first", taken.report().firstKept())
                .put("commit", taken.report().commitIndex())
                .put("snapshot", taken.report().snapshots().stream().findFirst().orElse(0L))
                .put("bytes", taken.bytes());
    }
}
