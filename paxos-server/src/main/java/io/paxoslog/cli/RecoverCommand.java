package io.paxoslog.cli;

import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.log.Remains;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the directory of a node of a new cluster of all that is left of an old one. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        header =
                "Makes the directory of a node of a new cluster of all that is left of an old one.",
        description = {
            "For a cluster that lost so many nodes for good that it cannot go on. Once for each"
                    + " node of the new cluster, of the same survivors: the directories of ALL nodes"
                    + " that are left, stopped, or backups of them. Of each slot it takes what any of"
                    + " them knows chosen, else what was accepted under the highest ballot.",
            "",
            "What only the lost nodes held is lost, acknowledged commands too. What is damaged on"
                    + " the survivors themselves, and chosen on none, is named and refused unless"
                    + " the loss is accepted.",
            "",
            "The new cluster is founded when all its nodes have been started, under an id of its"
                    + " own: sessions of the old one end there. Start no node of the old cluster"
                    + " again."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the directory is there, and whole",
            "1:refused, or it cannot be made; there is none",
            "2:wrong use, no directory of a node, or not agreed to"
        },
        footer = {
            "",
            "Examples:",
            "  M=1=10.0.0.1:9010,2=10.0.0.2:9010,3=10.0.0.3:9010",
            "  ./paxos recover --from old/2 --from old/5 --dir data/1 --id 1 --members $M"
        })
final class RecoverCommand extends FoundCommand {
    @Option(
            names = "--from",
            paramLabel = "DIR",
            required = true,
            description = "directory of a survivor that does not run, or a backup; once for each")
    private List<Path> from;

    @Option(
            names = "--accept-loss",
            description = "go on though something of the survivors themselves may be lost")
    private boolean isLossAccepted;

    @Option(
            names = "--yes",
            description =
                    "do not ask: all other nodes of the old cluster are stopped for good, and what is"
                            + " named may be lost")
    private boolean isAgreed;

    RecoverCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Remains read() {
        return Remains.ofSurvivors(from, isLossAccepted);
    }

    @Override
    void look(Remains remains) {
        if (!isJson()) {
            lines(remains).forEach(terminal()::println);
            terminal().flush();
        }
        if (!isAgreed) {
            requireAgreement();
        }
    }

    private void requireAgreement() {
        if (!terminal()
                .agrees(
                        "Are all other nodes of the old cluster stopped, never to be started again,"
                                + " and may what is named be lost? Type yes: ")) {
            throw CommandFailure.wrongUse(
                    "nothing was made: yes, or the flag --yes, says that all other nodes are stopped"
                            + " for good, and agrees to what may be lost");
        }
    }

    private static List<String> lines(Remains remains) {
        List<String> lines = new ArrayList<>();
        remains.sources().forEach(source -> lines.add(line(source)));
        lines.add(members(remains));
        if (remains.snapshotSlot() > 0) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "taken: the snapshot of slot %,d",
                            remains.snapshotSlot()));
        }
        remains.runs().forEach(run -> lines.add(line(run)));
        remains.losses().forEach(loss -> lines.add("may be lost: " + loss));
        String missing = missing(remains);
        if (!missing.isEmpty()) {
            lines.add(
                    "may be lost: whatever only "
                            + missing
                            + " held, commands that were acknowledged too");
        }
        lines.add(
                String.format(
                        Locale.ROOT,
                        "the last slot is %,d; a new cluster begins behind it, and all sessions end",
                        remains.lastSlot()));
        return lines;
    }

    private static String line(Remains.Source source) {
        return String.format(
                Locale.ROOT,
                "%s of node %d in %s: knows slots up to %,d chosen, holds some up to %,d%s%s",
                source.isBackup() ? "backup" : "directory",
                source.node(),
                source.directory(),
                source.commitIndex(),
                source.highestSlot(),
                source.mayHaveForgotten() ? "; votes of it may be lost" : "",
                source.damage() > 0 ? "; damaged, see paxos log verify" : "");
    }

    private static String line(Remains.Run run) {
        return String.format(
                Locale.ROOT,
                "taken: slots %,d to %,d from %s, %s",
                run.first(),
                run.last(),
                run.from(),
                run.isChosen() ? "known chosen" : "accepted; whether chosen is not known");
    }

    private static String members(Remains remains) {
        return "members of the old cluster, by the entry at slot %,d: %s"
                .formatted(
                        remains.membershipSlot(),
                        remains.membership().members().stream()
                                .map(RecoverCommand::member)
                                .collect(Collectors.joining(", ")));
    }

    private static String member(Change.Member member) {
        return MemberId.node(member.identity())
                + (member.seat().votes() ? "" : " (" + MembersRead.seat(member) + ")");
    }

    /** The members of the old cluster whose files are not here. */
    private static String missing(Remains remains) {
        List<String> missing = new ArrayList<>();
        for (int node : remains.members()) {
            if (remains.sources().stream().noneMatch(source -> source.node() == node)) {
                missing.add(String.valueOf(node));
            }
        }
        return missing.isEmpty()
                ? ""
                : (missing.size() == 1 ? "node " : "nodes ") + String.join(", ", missing);
    }
}
