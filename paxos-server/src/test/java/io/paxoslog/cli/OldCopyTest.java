package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.log.JournalInspector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory is put back from a copy, while another node that knows better is away. */
@Tag("process")
class OldCopyTest {
    private static final long DEADLINE_NS = TimeUnit.MINUTES.toNanos(1);

    @Test
    void anOldCopyIsNotHeardAndChoosesNothing(@TempDir Path directory) throws IOException {
        Path yesterday = directory.resolve("yesterday");
        try (ClusterProcesses cluster = Processes.cluster(3, directory.resolve("data"))) {
            cluster.start();
            Processes.append(cluster, "before");
            cluster.awaitCaughtUp();
            cluster.stop();
            Processes.copy(cluster.node(2).directory(), yesterday);

            cluster.start();
            for (int i = 0; i < 10; i++) {
                Processes.append(cluster, "since " + i);
            }
            awaitRemembered(cluster.node(3), 2, 2);
            stop(cluster.node(3));
            Processes.append(cluster, "the third lacks this");
            Processes.append(cluster, "and this");
            stop(cluster.node(1));
            stop(cluster.node(2));

            Processes.delete(cluster.node(2).directory());
            Processes.copy(yesterday, cluster.node(2).directory());
            cluster.node(2).start();
            cluster.node(3).start();
            cluster.node(3).awaitLine("not heard: node 2 runs on an old copy of its directory");
            cluster.node(2).awaitLine("node 3 does not hear this node");

            cluster.node(1).start();
            Processes.append(cluster, "chosen by one and three");
            cluster.node(1).awaitLine("not heard: node 2 runs on an old copy of its directory");
            assertThat(cluster.node(2).isAlive()).isTrue();
            stop(cluster.node(2));
            stop(cluster.node(3));
            stop(cluster.node(1));
            Cli diff =
                    Cli.run(
                            "log",
                            "diff",
                            cluster.node(1).directory().toString(),
                            cluster.node(3).directory().toString());
            assertThat(diff.exitCode()).as(diff.out() + diff.err()).isZero();
        }
    }

    private static void stop(NodeProcess node) {
        node.askToStop();
        assertThat(node.awaitExit()).isZero();
    }

    private static void awaitRemembered(NodeProcess node, int of, int run) throws IOException {
        String words = "node " + of + " in its run " + run + " ";
        long deadline = System.nanoTime() + DEADLINE_NS;
        boolean[] isThere = new boolean[1];
        while (!isThere[0]) {
            JournalInspector.inspect(
                    node.directory(),
                    (entry, batch) -> isThere[0] |= entry.decided().startsWith(words));
            assertThat(System.nanoTime()).as(words).isLessThan(deadline);
            Pause.ms(100);
        }
    }
}
