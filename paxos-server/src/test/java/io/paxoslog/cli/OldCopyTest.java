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
    void anOldCopyIsNotHeardAndChoosesNothing(@TempDir Path directory)
            throws IOException, InterruptedException {
        Path yesterday = directory.resolve("yesterday");
        try (ClusterProcesses cluster = Processes.cluster(3, directory.resolve("data"))) {
            cluster.start();
            append(cluster, "before");
            cluster.awaitCaughtUp();
            cluster.stop();
            Processes.copy(cluster.node(2).directory(), yesterday);

            cluster.start();
            for (int i = 0; i < 10; i++) {
                append(cluster, "since " + i);
            }
            awaitRemembered(cluster.node(3), 2, 2);
            stop(cluster.node(3));
            append(cluster, "the third lacks this");
            append(cluster, "and this");
            stop(cluster.node(1));
            stop(cluster.node(2));

            Processes.delete(cluster.node(2).directory());
            Processes.copy(yesterday, cluster.node(2).directory());
            cluster.node(2).start();
            cluster.node(3).start();
            awaitLine(cluster.node(3), "not heard: node 2 runs on an old copy of its directory");
            awaitLine(cluster.node(2), "node 3 does not hear this node");

            cluster.node(1).start();
            append(cluster, "chosen by one and three");
            awaitLine(cluster.node(1), "not heard: node 2 runs on an old copy of its directory");
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

    private static void append(ClusterProcesses cluster, String word) {
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

    private static void stop(NodeProcess node) {
        node.askToStop();
        assertThat(node.awaitExit()).isZero();
    }

    private static void awaitRemembered(NodeProcess node, int of, int run)
            throws IOException, InterruptedException {
        String words = "node " + of + " in its run " + run + " ";
        long deadline = System.nanoTime() + DEADLINE_NS;
        boolean[] isThere = new boolean[1];
        while (!isThere[0]) {
            JournalInspector.inspect(
                    node.directory(),
                    (entry, batch) -> isThere[0] |= entry.decided().startsWith(words));
            assertThat(System.nanoTime()).as(words).isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    private static void awaitLine(NodeProcess node, String words) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (node.output().stream().noneMatch(line -> line.contains(words))) {
            assertThat(System.nanoTime()).as(node.output().toString()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
