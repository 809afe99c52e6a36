package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five nodes bear the loss of two. */
@Tag("process")
class FiveNodesTest {

    @Test
    void goOnWithTwoDeadAndTheLeaderAmongThem(@TempDir Path directory) {
        try (ClusterProcesses cluster = Processes.cluster(5, directory)) {
            cluster.start();
            try (NumberedLoad load = NumberedLoad.connect(cluster.addresses(), 200)) {
                Processes.loadMore(load, 1_000);
                Processes.loadUntil(load, () -> load.leader() != 0);
                int leader = load.leader();
                cluster.node(leader).kill();
                cluster.node(leader % 5 + 1).kill();
                Processes.loadMore(load, 2_000);
                load.drain();
                cluster.start(leader, leader % 5 + 1);
                cluster.awaitCaughtUp();
                cluster.stop();
                assertThat(JournalCheck.of(cluster.directories(), load).problems()).isEmpty();
            }
        }
    }
}
