package io.paxoslog.cli;

import io.paxoslog.core.Ballot;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.Remains;
import io.paxoslog.server.ConfigException;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.Settings;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** Makes the directory of a node whose cluster is founded on what is left of another one. */
abstract class FoundCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            paramLabel = "NEW",
            required = true,
            description = "directory to make for the node: an empty one, or none yet")
    private Path directory;

    @Option(
            names = "--id",
            paramLabel = "N",
            required = true,
            description = "the node's id in the new cluster")
    private String id;

    @Option(
            names = "--members",
            paramLabel = "N=HOST:PORT,...",
            required = true,
            description = "all nodes of the new cluster, as they will be started")
    private String members;

    @Option(names = "--json", description = "print one JSON object")
    private boolean isJson;

    private final Terminal terminal;

    FoundCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What is left. */
    abstract Remains read();

    /** Looks at what is left before anything is made of it; the first line is not said yet. */
    abstract void look(Remains remains);

    final boolean isJson() {
        return isJson;
    }

    final Terminal terminal() {
        return terminal;
    }

    @Override
    public Integer call() {
        NodeConfig config = config();
        try (Remains remains = read()) {
            look(remains);
            remains.found(directory, config.id());
            terminal.println(isJson ? json(remains, config).toString() : text(remains, config));
        } catch (JournalException e) {
            throw CommandFailure.of(e);
        }
        terminal.flush();
        return 0;
    }

    private NodeConfig config() {
        try {
            return NodeConfig.builder()
                    .flag(Settings.ID, id)
                    .flag(Settings.MEMBERS, members)
                    .flag(Settings.DIR, directory.toString())
                    .build();
        } catch (ConfigException e) {
            throw CommandFailure.wrongUse(e.getMessage());
        }
    }

    private String text(Remains remains, NodeConfig config) {
        return String.format(
                        Locale.ROOT,
                        "node %d of a new cluster, in %s: %sslots up to %,d of cluster %s; %s; base %s%n",
                        config.id(),
                        directory,
                        remains.snapshotSlot() == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "the snapshot of slot %,d and ",
                                        remains.snapshotSlot()),
                        remains.lastSlot(),
                        Long.toHexString(remains.clusterId()),
                        ballots(remains),
                        Long.toHexString(remains.base().id()))
                + "make the directories of all members of the same, then start all: ./paxos node --id %d --members %s --dir %s"
                        .formatted(config.id(), members, directory);
    }

    private static String ballots(Remains remains) {
        return remains.highestBallot() == Ballot.NONE
                ? "ballots, and fencing tokens, begin with round 1 again"
                : "ballots go on above " + Ballot.text(remains.highestBallot());
    }

    private Json json(Remains remains, NodeConfig config) {
        return new Json()
                .put("directory", directory.toString())
                .put("node", config.id())
                .put("from", Long.toHexString(remains.clusterId()))
                .put("snapshot", remains.snapshotSlot())
                .put("last", remains.lastSlot())
                .put("ballotsAbove", remains.highestBallot())
                .put("base", Long.toHexString(remains.base().id()))
                .put("runs", remains.runs().stream().map(FoundCommand::json).toList())
                .putTexts("losses", remains.losses());
    }

    private static Json json(Remains.Run run) {
        return new Json()
                .put("first", run.first())
                .put("last", run.last())
                .put("directory", run.from().toString())
                .put("chosen", run.isChosen());
    }
}
