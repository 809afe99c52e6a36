package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node with the directory of its namesake in another cluster takes no part. */
@Tag("process")
class ForeignDirectoryTest {

    @Test
    void aNodeThatMeetsAnotherClusterSaysSoAndWaits(@TempDir Path directory) {
        List<Integer> ports = FreePorts.find(3);
        Path elsewhere = directory.resolve("elsewhere");
        try (ClusterProcesses other = cluster(ports, elsewhere)) {
            other.start();
            Processes.append(other, "in the other cluster");
            other.stop();
        }
        try (ClusterProcesses cluster = cluster(ports, directory.resolve("here"))) {
            cluster.start();
            Processes.append(cluster, "in this cluster");
            cluster.node(3).kill();
            NodeProcess stranger =
                    Processes.node(3, cluster.members(), elsewhere.resolve("node-3"));
            try (stranger) {
                stranger.start();
                stranger.awaitLine("start each node on its own directory");
                Processes.append(cluster, "goes on");
                assertThat(stranger.isAlive()).isTrue();
                stranger.kill();
            }
            cluster.start(3);
            cluster.awaitCaughtUp();
        }
    }

    private static ClusterProcesses cluster(List<Integer> ports, Path directory) {
        return new ClusterProcesses(ports, directory, Processes.FLAGS, Processes.SETTINGS);
    }
}
