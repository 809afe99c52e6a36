package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.server.Settings;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of a node whose state machine takes no snapshots, and of nobody. */
class SnapshotCommandTest {
    @TempDir private Path directory;

    private final String address = "127.0.0.1:" + FreePorts.find(1).get(0);

    @Test
    void aNodeThatTakesNoneSaysSo() {
        NodeConfig config =
                NodeConfig.builder()
                        .set(Settings.ID, 1)
                        .set(Settings.MEMBERS, "1=" + address)
                        .set(Settings.DIR, directory.resolve("node"))
                        .build();
        try (PaxosNode node = PaxosLog.launch(config, (entry, reply) -> {})) {
            awaitApplied(node);
            Cli refused = Cli.run("snapshot", "--members", address);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("paxos snapshot: node 1: ");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(Cli.run("snapshot", "--members", address, "--json").out())
                    .contains("\"id\":1,", "\"state\":\"refused\"");
            Cli other =
                    Cli.run("snapshot", "--members", address, "--node", "2", "--timeout", "0.5");
            assertThat(other.errLines())
                    .containsExactly(
                            "paxos snapshot: " + address + " is not node 2, or does not answer");
            assertThat(other.exitCode()).isEqualTo(3);
        }
    }

    private void awaitApplied(PaxosNode node) {
        Deadline deadline = new Deadline(60);
        while (node.appliedIndex() == 0) {
            assertThat(deadline.isOver()).isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void whereNobodyAnswersThatIsSaid() {
        Cli nobody = Cli.run("snapshot", "--members", address, "--timeout", "0.1");
        assertThat(nobody.errLines())
                .containsExactly(
                        "paxos snapshot: "
                                + address
                                + " does not answer, or is of an earlier build");
        assertThat(nobody.exitCode()).isEqualTo(3);
    }

    @Test
    void anIdThatIsNoneIsWrongUse() {
        Cli wrong = Cli.run("snapshot", "--members", address, "--node", "0");
        assertThat(wrong.errLines())
                .containsExactly("paxos snapshot: --node: ids count from 1, not 0");
        assertThat(wrong.exitCode()).isEqualTo(2);
    }
}
