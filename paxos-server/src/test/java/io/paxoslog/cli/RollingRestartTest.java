package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leadership is handed over, and all nodes are restarted one by one, while a client goes on. */
@Tag("process")
class RollingRestartTest {
    private static final int COMMANDS_BETWEEN = 1_000;

    /** A busy machine may take longer than nodes usually try. */
    private static final List<String> SETTINGS =
            List.of("--segment-bytes", "4194304", "--hand-over-ms", "30000");

    @Test
    void noCommandFailsInARollingRestart(@TempDir Path directory) {
        try (ClusterProcesses cluster =
                new ClusterProcesses(3, directory, Processes.FLAGS, SETTINGS)) {
            cluster.start();
            try (NumberedLoad load = NumberedLoad.connect(cluster.addresses(), 100)) {
                Processes.loadMore(load, COMMANDS_BETWEEN);
                transfer(cluster, load, load.leader() % 3 + 1);
                // The leader comes first and then whoever leads by then: all hand over.
                for (int i = 0; i < 3; i++) {
                    restart(cluster, load, cluster.node(load.leader()));
                }
                load.drain();
                cluster.awaitCaughtUp();
                cluster.stop();
                assertThat(JournalCheck.of(cluster.directories(), load).problems()).isEmpty();
            }
        }
    }

    private void transfer(ClusterProcesses cluster, NumberedLoad load, int to) {
        String members = String.join(",", cluster.addresses());
        CompletableFuture<Cli> command =
                CompletableFuture.supplyAsync(
                        () ->
                                Cli.run(
                                        "members",
                                        "transfer",
                                        Integer.toString(to),
                                        "--members",
                                        members));
        Processes.loadUntil(load, command::isDone);
        Cli done = command.join();
        assertThat(done.err()).isEmpty();
        assertThat(done.exitCode()).isZero();
        assertThat(done.out()).contains("node " + to + " leads");
        Processes.loadUntil(load, () -> load.leader() == to);
        Processes.loadMore(load, COMMANDS_BETWEEN);
    }

    private void restart(ClusterProcesses cluster, NumberedLoad load, NodeProcess leader) {
        leader.askToStop();
        Processes.loadUntil(load, () -> !leader.isAlive());
        leader.awaitEndOfOutput();
        assertThat(leader.awaitExit()).isZero();
        assertThat(leader.output())
                .anyMatch(line -> line.contains("hands over to node"))
                .anyMatch(line -> line.contains("takes over"))
                .anyMatch(line -> line.endsWith("stopped"));
        Processes.loadMore(load, COMMANDS_BETWEEN);
        leader.start();
        Processes.loadUntil(load, () -> !leader.isStarting());
        leader.awaitReady();
        load.drain();
        cluster.awaitCaughtUp();
        Processes.loadUntil(load, () -> load.leader() != 0);
    }
}
