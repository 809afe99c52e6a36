package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All nodes die at once under load. */
@Tag("process")
class RestartTest {

    @Test
    void nothingAcknowledgedIsLostWhenAllNodesAreKilled(@TempDir Path directory) {
        try (ClusterProcesses cluster = Processes.cluster(3, directory)) {
            cluster.start();
            try (NumberedLoad load = NumberedLoad.connect(cluster.addresses(), 500)) {
                Processes.loadMore(load, 5_000);
                cluster.nodes().forEach(NodeProcess::kill);
                int acknowledged = load.acknowledged();
                cluster.start();
                Processes.loadMore(load, 5_000);
                assertThat(load.acknowledged()).isGreaterThan(acknowledged);
                load.drain();
                cluster.awaitCaughtUp();
                cluster.stop();
                assertThat(JournalCheck.of(cluster.directories(), load).problems()).isEmpty();
            }
        }
    }
}
