package io.paxoslog.bench.cluster;

import io.paxoslog.bench.contender.ClusterSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One node of a run, until its parent lets go of it. */
@Command(name = "node", hidden = true)
final class NodeCommand implements Callable<Integer> {
    @Mixin private ChildOptions options;

    @Option(names = "--node", required = true)
    private int node;

    @Override
    public Integer call() throws Exception {
        Cell cell = options.cell();
        ClusterSettings cluster = options.cluster(cell);
        AutoCloseable running = cell.contender().contender().startNode(cluster, node);
        Words.say(Words.READY);
        Words.awaitLeave(System.in);
        running.close();
        return 0;
    }
}
