package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with the directory of its namesake in another cluster takes no part. */
@Tag("process")
class ForeignDirectoryTest {

    @Test
    void aNodeThatMeetsAnotherClusterSaysSoAndWaits(@TempDir Path directory)
            throws InterruptedException {
        List<Integer> ports = FreePorts.find(3);
        Path elsewhere = directory.resolve("elsewhere");
        try (ClusterProcesses other = cluster(ports, elsewhere)) {
            other.start();
            assertAppends(other, "in the other cluster");
            other.stop();
        }
        try (ClusterProcesses cluster = cluster(ports, directory.resolve("here"))) {
            cluster.start();
            assertAppends(cluster, "in this cluster");
            cluster.node(3).kill();
            NodeProcess stranger =
                    Processes.node(3, cluster.members(), elsewhere.resolve("node-3"));
            try (stranger) {
                stranger.start();
                awaitLine(stranger, "start each node on its own directory");
                assertAppends(cluster, "goes on");
                assertThat(stranger.isAlive()).isTrue();
                stranger.kill();
            }
            cluster.start(3);
            cluster.awaitCaughtUp();
        }
    }

    private static void awaitLine(NodeProcess node, String words) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (node.output().stream().noneMatch(line -> line.contains(words))) {
            assertThat(System.nanoTime()).as(node.output().toString()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static ClusterProcesses cluster(List<Integer> ports, Path directory) {
        return new ClusterProcesses(ports, directory, Processes.FLAGS, Processes.SETTINGS);
    }

    private static void assertAppends(ClusterProcesses cluster, String word) {
        Cli appended =
                Cli.run(
                        "append",
                        "--timeout",
                        "60",
                        "--members",
                        String.join(",", cluster.addresses()),
                        word);
        assertThat(appended.err()).isEmpty();
        assertThat(appended.exitCode()).isZero();
    }
}
