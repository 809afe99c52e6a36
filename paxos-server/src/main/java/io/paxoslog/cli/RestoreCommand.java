package io.paxoslog.cli;

import io.paxoslog.log.Remains;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the directory of a node of a new cluster of a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header = "Makes the directory of a node of a new cluster of a backup.",
        description = {
            "Once for each node of the new cluster, of one and the same backup. It holds the"
                    + " backup's snapshot and the slots that the backup knows chosen. The cluster is"
                    + " founded right behind them when all its nodes have been started, under an id"
                    + " of its own: sessions of the old cluster end there, and their clients are"
                    + " told that they have expired.",
            "",
            "What the backup does not know chosen is not in it. Where several nodes are left, and"
                    + " too few for the cluster to go on, see recover."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the directory is there, and whole",
            "1:the backup is damaged, or the directory cannot be made; there is none",
            "2:wrong use, or no backup"
        },
        footer = {
            "",
            "Examples:",
            "  M=1=10.0.0.1:9010,2=10.0.0.2:9010,3=10.0.0.3:9010",
            "  ./paxos restore --from /backups/monday --dir data/1 --id 1 --members $M"
        })
final class RestoreCommand extends FoundCommand {
    @Option(
            names = "--from",
            paramLabel = "BACKUP",
            required = true,
            description = "the backup, or the directory of a node that does not run")
    private Path from;

    RestoreCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Remains read() {
        return Remains.ofBackup(from);
    }

    @Override
    void look(Remains remains) {
        // It holds what it holds.
    }
}
