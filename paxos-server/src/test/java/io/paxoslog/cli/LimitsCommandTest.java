package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.core.Decision;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.server.Settings;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator changes limits, and real nodes and clients live by them. */
class LimitsCommandTest {
    private static final int TIMEOUT_MS = 30_000;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir Path directory;

    private final List<Integer> ports = FreePorts.find(2);
    private final List<PaxosNode> nodes = new ArrayList<>();

    private String address(int id) {
        return "127.0.0.1:" + ports.get(id - 1);
    }

    private String addresses() {
        return address(1) + "," + address(2);
    }

    /** Replies as many bytes as the command says. */
    private static void apply(Entry entry, Reply reply) {
        reply.resize(
                Integer.parseInt(
                        entry.buffer()
                                .getStringWithoutLengthAscii(entry.offset(), entry.length())));
    }

    private void launch() {
        for (int id = 1; id <= 2; id++) {
            NodeConfig config =
                    NodeConfig.builder()
                            .set(Settings.ID, id)
                            .set(Settings.MEMBERS, "1=" + address(1) + ",2=" + address(2))
                            .set(Settings.DIR, directory.resolve("node-" + id))
                            .build();
            nodes.add(PaxosLog.launch(config, LimitsCommandTest::apply));
        }
    }

    @AfterEach
    void stop() {
        nodes.forEach(PaxosNode::close);
        nodes.clear();
    }

    private PaxosClient connect() {
        return PaxosClient.connect(
                ClientConfig.of(List.of(address(1), address(2))),
                (sequence, slot, reply, offset, length) -> {});
    }

    private static byte[] append(PaxosClient client, String command) {
        return client.append(command.getBytes(StandardCharsets.US_ASCII), TIMEOUT_MS).reply();
    }

    private Cli limits(String... args) {
        List<String> all = new ArrayList<>(List.of("limits"));
        all.addAll(List.of(args));
        all.addAll(List.of("--members", addresses(), "--timeout", "20"));
        return Cli.run(all.toArray(String[]::new));
    }

    private List<NodeReport> awaitLevel() {
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (true) {
            List<NodeReport> reports = PaxosStatus.ask(List.of(address(1), address(2)), TIMEOUT_MS);
            if (reports.stream().map(NodeReport::applied).distinct().count() == 1
                    && reports.stream().allMatch(r -> r.leader() != 0 && r.applied() > 1)) {
                return reports;
            }
            assertThat(System.nanoTime()).as("level in time").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void limitsThatAnOperatorSetsHoldForClientsOnAllNodesAndAfterRestarts() {
        launch();
        try (PaxosClient client = connect()) {
            assertThat(limits().out()).startsWith("limits, as in every new cluster");

            Cli set = limits("set", "sessions=1", "reply-bytes=491520");

            String text =
                    "limits sessions=1 in-flight=16384 reply-bytes=491520"
                            + " cached-bytes=4194304, by the decision at slot ";
            assertThat(set.errLines()).isEmpty();
            assertThat(set.out()).startsWith(text);
            // Between the two stands what is said of sessions that live.
            long slot = Long.parseLong(set.out().substring(text.length()).strip());
            assertThat(slot).isGreaterThan(client.sessionId());
            assertThat(append(client, "491520")).hasSize(SessionLimits.MOST_REPLY_BYTES);
            assertThat(append(client, "7")).hasSize(7);
            assertThatThrownBy(this::connect)
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e -> assertThat(e.error()).isEqualTo(ClientError.SESSION_REFUSED));
            assertThat(limits("set", "sessions=1").out())
                    .contains(" were in force before, by the decision at slot " + slot);
            assertThat(limits("--json").out())
                    .contains("\"sessions\":1,", "\"replyBytes\":491520,")
                    .contains("\"decision\":" + slot);
        }
        List<NodeReport> before = awaitLevel();
        assertThat(before).extracting(NodeReport::appliedHash).doesNotContain(0L);
        stop();
        assertThat(Cli.run("log", "inspect", directory + "/node-1", "--records").out())
                .containsPattern("decision .* ok  limits sessions=1 in-flight=16384");
        launch();

        // Played again from the journals: the large reply passed, the second session did not.
        List<NodeReport> after = awaitLevel();
        assertThat(after).extracting(NodeReport::haltedAt).containsOnly(0L);
        assertThat(after)
                .extracting(NodeReport::limits)
                .containsOnly(new Decision.Limits(1, 16384, 491520, 4194304));
        assertThat(after.get(0).appliedHash()).isEqualTo(after.get(1).appliedHash());
    }

    @Test
    void whatIsWrongIsOneLine() {
        assertWrong("there is no limit 'clients', only sessions, in-flight,", "clients=3");
        assertWrong("'sessions': give NAME=N, N a whole number, NAME one of", "sessions");
        assertWrong("'sessions=9999999999': give NAME=N, N a whole", "sessions=9999999999");
        assertWrong("sessions: is given twice", "sessions=1", "sessions=2");
        assertWrong("sessions: 1 to 1048576, not 0", "sessions=0");
        assertWrong("reply-bytes: 0 to 491520, not 491521", "reply-bytes=491521");
    }

    /** Said before anybody is asked: nobody is there. */
    private void assertWrong(String message, String... changes) {
        List<String> all = new ArrayList<>(List.of("limits", "set"));
        all.addAll(List.of(changes));
        all.addAll(List.of("--members", addresses(), "--timeout", "0.1"));
        Cli wrong = Cli.run(all.toArray(String[]::new));
        assertThat(wrong.errLines()).hasSize(1);
        assertThat(wrong.errLines().get(0)).startsWith("paxos limits set: " + message);
        assertThat(wrong.exitCode()).isEqualTo(2);
    }

    @Test
    void whereNobodyAnswersThatIsSaid() {
        Cli nobody = Cli.run("limits", "--members", addresses(), "--timeout", "0.1");
        assertThat(nobody.errLines())
                .containsExactly("paxos limits: no node answers, or none that knows of limits");
        assertThat(nobody.exitCode()).isEqualTo(3);
    }
}
