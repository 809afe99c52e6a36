package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.PaxosClient;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.server.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What restore and recover say, and what they refuse. */
class FoundCommandsTest {
    @TempDir private Path directory;

    private final String address = "127.0.0.1:" + FreePorts.find(1).get(0);
    private final String members = "1=" + address;
    private Path node;

    @BeforeEach
    void runANode() {
        node = directory.resolve("node");
        NodeConfig config =
                NodeConfig.builder()
                        .set(Settings.ID, 1)
                        .set(Settings.MEMBERS, members)
                        .set(Settings.DIR, node)
                        .build();
        try (PaxosNode running = PaxosLog.launch(config, (entry, reply) -> {});
                PaxosClient client = PaxosClient.connect(List.of(address))) {
            client.append("apple".getBytes(StandardCharsets.US_ASCII), 60_000);
            assertThat(running.isRunning()).isTrue();
        }
    }

    private Path made(String name) {
        return directory.resolve(name);
    }

    private Cli restore(Path from, String to, String id) {
        return Cli.run(
                "restore",
                "--from",
                from.toString(),
                "--dir",
                made(to).toString(),
                "--id",
                id,
                "--members",
                members);
    }

    private String[] recover(String to, String... more) {
        String[] words = {
            "recover",
            "--from",
            node.toString(),
            "--dir",
            made(to).toString(),
            "--id",
            "1",
            "--members",
            members
        };
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    @Test
    void restoreSaysWhatWasMadeAndWhatComesNext() {
        Cli restored = restore(node, "new", "1");

        assertThat(restored.errLines()).isEmpty();
        assertThat(restored.exitCode()).isZero();
        assertThat(restored.outLines()).hasSize(2);
        assertThat(restored.outLines().get(0))
                .startsWith("node 1 of a new cluster, in " + made("new") + ": slots up to ")
                .contains(" of cluster ", "; ballots go on above ", "; base ");
        assertThat(restored.outLines().get(1))
                .endsWith("./paxos node --id 1 --members " + members + " --dir " + made("new"));
        assertThat(Cli.run("log", "verify", made("new").toString()).exitCode()).isZero();
    }

    @Test
    void whatIsWrongIsOneLineAndLeavesNothing() {
        Cli stranger = restore(node, "new", "2");
        assertThat(stranger.exitCode()).isEqualTo(2);
        assertThat(stranger.errLines()).hasSize(1);
        Cli nothing = restore(made("nothing"), "new", "1");
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.errLines())
                .singleElement()
                .asString()
                .startsWith("paxos restore: " + made("nothing") + " is no directory of a node");
        Cli inside = restore(node, "node/new", "1");
        assertThat(inside.exitCode()).isEqualTo(1);
        assertThat(made("new")).doesNotExist();
        assertThat(made("node/new")).doesNotExist();
    }

    @Test
    void recoverSaysWhatIsTakenAndAsksFirst() {
        Cli refused = Cli.run(recover("new"));
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("Type yes", "nothing was made");
        assertThat(refused.out())
                .contains("directory of node 1 in " + node, "known chosen", "the last slot is ");
        assertThat(Files.exists(made("new"))).isFalse();

        assertThat(Cli.runWithInput("no\n", recover("new")).exitCode()).isEqualTo(2);
        assertThat(Cli.runWithInput("yes\n", recover("new")).exitCode()).isZero();
        Cli agreed = Cli.run(recover("other", "--yes"));
        assertThat(agreed.exitCode()).isZero();
        assertThat(agreed.err()).isEmpty();
        assertThat(Cli.run("log", "diff", made("new").toString(), node.toString()).exitCode())
                .isZero();
    }

    @Test
    void recoverTellsProgramsWhatWasTaken() {
        assertThat(Cli.run(recover("new", "--yes", "--json")).out())
                .startsWith("{\"directory\":")
                .contains("\"node\":1,", "\"snapshot\":0,", "\"chosen\":true}", "\"losses\":[]}");
    }
}
