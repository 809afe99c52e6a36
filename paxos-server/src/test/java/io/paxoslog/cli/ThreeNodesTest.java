package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line against three nodes that stay up from test to test. */
@Tag("process")
class ThreeNodesTest {

    @TempDir private static Path directory;
    private static ClusterProcesses cluster;
    private static String members;

    @BeforeAll
    static void startNodes() {
        cluster = Processes.cluster(3, directory);
        members = String.join(",", cluster.addresses());
        cluster.start();
    }

    @AfterAll
    static void killNodes() {
        cluster.close();
    }

    @BeforeEach
    void allNodesRun() {
        assertThat(cluster.nodes()).allMatch(NodeProcess::isAlive);
    }

    @Test
    void appendsArgumentsAndTailsThemFromEveryNode() {
        Cli appended = Cli.run("append", "--members", members, "pear", "two words", "");
        assertThat(appended.err()).isEmpty();
        assertThat(appended.exitCode()).isZero();
        List<String> slots = appended.outLines();
        assertThat(slots).hasSize(3);
        cluster.awaitCaughtUp();
        for (String address : cluster.addresses()) {
            Cli tail = Cli.run("tail", "--members", address, "--from", slots.get(0));
            assertThat(tail.outLines())
                    .containsExactly(
                            slots.get(0) + "\tpear",
                            slots.get(1) + "\ttwo words",
                            slots.get(2) + "\t");
            assertThat(tail.exitCode()).isZero();
        }
    }

    @Test
    void appendsLinesAndPrintsTheirSlotsInOrder() {
        List<String> lines = IntStream.range(0, 20_000).mapToObj(i -> "line " + i).toList();
        Cli appended =
                Cli.runWithInput(String.join("\n", lines) + "\n", "append", "--members", members);
        assertThat(appended.exitCode()).isZero();
        List<Long> slots = appended.outLines().stream().map(Long::valueOf).toList();
        assertThat(slots).hasSameSizeAs(lines).isSorted().doesNotHaveDuplicates();
        Cli tail = Cli.run("tail", "--members", members, "--from", slots.get(0).toString());
        assertThat(tail.out())
                .isEqualTo(
                        IntStream.range(0, lines.size())
                                .mapToObj(i -> slots.get(i) + "\t" + lines.get(i) + "\n")
                                .collect(Collectors.joining()));
    }

    @Test
    void aCommandThatIsTooLargeIsNamedAndWhatWentBeforeStays() {
        String large = "x".repeat(200_000);
        Cli appended = Cli.run("append", "--members", members, "small", large, "never sent");
        assertThat(appended.exitCode()).isEqualTo(1);
        assertThat(appended.outLines()).hasSize(1);
        assertThat(appended.errLines())
                .singleElement()
                .asString()
                .contains("argument 1 in the log, argument 2 of 200000 bytes", "make it smaller");
    }

    @Test
    void tailShowsLineFeedsAndJsonShowsBytes() {
        String slot = Cli.run("append", "--members", members, "a\nb").out().strip();
        assertThat(Cli.run("tail", "--members", members, "--from", slot).out())
                .isEqualTo(slot + "\ta\\nb\n");
        assertThat(Cli.run("tail", "--members", members, "--from", slot, "--json").out())
                .isEqualTo("{\"slot\":" + slot + ",\"command\":\"a\\u000ab\"}\n");
    }

    @Test
    void tailReadsTheFilesOfANode() {
        String slot = Cli.run("append", "--members", members, "a\nb").out().strip();
        cluster.awaitCaughtUp();
        for (int id = 1; id <= 3; id++) {
            String node = directory.resolve("node-" + id).toString();
            Cli tail = Cli.run("tail", "--dir", node, "--from", slot);
            assertThat(tail.out()).isEqualTo(slot + "\ta\\nb\n");
            assertThat(Cli.run("tail", "--dir", node, "--from", slot, "--json").out())
                    .matches(
                            "\\{\"slot\":%s,\"cluster\":\"[0-9a-f]+\",\"session\":\\d+,"
                                            .formatted(slot)
                                    + "\"sequence\":1,\"timeNs\":\\d+,"
                                    + "\"command\":\"a\\\\u000ab\"}\n");
        }
    }

    @Test
    void statusListsEveryNodeAndWhoIsNotThere() {
        assertThat(leader()).isPositive();
        String stranger = "127.0.0.1:" + FreePorts.find(1).get(0);
        Cli status = Cli.run("status", "--json", "--members", members + "," + stranger);
        assertThat(status.exitCode()).isEqualTo(4);
        assertThat(status.errLines())
                .containsExactly("paxos status: " + stranger + " does not answer");
        assertThat(status.outLines()).hasSize(1);
        assertThat(status.out())
                .containsOnlyOnce("\"role\":\"leader\"")
                .contains("{\"id\":1,\"address\":\"" + cluster.addresses().get(0))
                .contains("{\"id\":3,\"address\":\"" + cluster.addresses().get(2))
                .contains("{\"id\":null,\"address\":\"" + stranger + "\",\"reachable\":false");
        Cli well = Cli.run("status", "--members", members, "--timeout", "30");
        assertThat(well.err()).isEmpty();
        assertThat(well.exitCode()).isZero();
        assertThat(well.outLines())
                .hasSize(8)
                .filteredOn(line -> line.startsWith("      log from slot 1 on, "))
                .hasSize(3);
        assertThat(well.outLines())
                .filteredOn(line -> line.matches("[123] .* leader .*"))
                .hasSize(1);
    }

    @Test
    void benchCountsWhatItSends() {
        Cli bench =
                Cli.run(
                        "bench",
                        "--members",
                        members,
                        "--seconds",
                        "1",
                        "--warmup",
                        "0",
                        "--rate",
                        "500",
                        "--sessions",
                        "2",
                        "--payload",
                        "32",
                        "--json");
        assertThat(bench.err()).isEmpty();
        assertThat(bench.out())
                .startsWith("{\"ops\":500,\"seconds\":")
                .contains("\"errors\":0,", "\"payload\":32,", "\"sessions\":2");
        assertThat(bench.exitCode()).isZero();
    }

    @Test
    void inspectShowsTheJournalOfARunningNode() {
        Cli.run("append", "--members", members, "seen");
        Cli inspected = Cli.run("log", "inspect", cluster.node(1).directory().toString());
        assertThat(inspected.exitCode()).isZero();
        assertThat(inspected.out()).contains("node             1", "commit index");
        Cli records =
                Cli.run(
                        "log",
                        "inspect",
                        "--records",
                        "--json",
                        "--from",
                        "1",
                        cluster.node(1).directory().toString());
        assertThat(records.out()).contains("\"type\":\"membership\"", "\"type\":\"accepted\"");
    }

    @Test
    void aStoppedFollowerCostsTheOthersNothingAndComesBackByItself() throws Exception {
        try (NumberedLoad load = NumberedLoad.connect(cluster.addresses(), 200)) {
            Processes.loadMore(load, 500);
            Processes.loadUntil(load, () -> load.leader() != 0);
            NodeProcess follower = cluster.node(load.leader() % 3 + 1);
            Processes.signal("STOP", follower.pid());
            Processes.loadMore(load, 5_000);
            Processes.signal("CONT", follower.pid());
            load.drain();
        }
        cluster.awaitCaughtUp();
        assertThat(PaxosStatus.ask(cluster.addresses(), 10_000))
                .allMatch(NodeReport::isReachable)
                .extracting(NodeReport::commit)
                .hasSize(3);
    }

    @Test
    void withoutAMajorityNothingCommitsAndItGoesOnWhenTheyReturn() {
        Cli.run("append", "--members", members, "before");
        int leader = leader();
        cluster.node(leader % 3 + 1).kill();
        cluster.node((leader + 1) % 3 + 1).kill();
        Cli refused = Cli.run("append", "--members", members, "--timeout", "2", "lost?");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.errLines())
                .singleElement()
                .asString()
                .contains("more than half of the nodes are up");
        Cli status = Cli.run("status", "--members", members, "--timeout", "1");
        assertThat(status.exitCode()).isEqualTo(3);
        assertThat(status.err()).contains("there is no leader", "does not answer");
        cluster.start(leader % 3 + 1, (leader + 1) % 3 + 1);
        Cli again = Cli.run("append", "--members", members, "--timeout", "60", "after");
        assertThat(again.err()).isEmpty();
        assertThat(again.exitCode()).isZero();
        cluster.awaitCaughtUp();
    }

    @Test
    void anEmptiedDirectoryUnderAKnownIdIsRefused() throws IOException {
        Cli.run("append", "--members", members, "before");
        NodeProcess node = cluster.node(leader() % 3 + 1);
        node.kill();
        Path aside = directory.resolve("aside");
        Files.move(node.directory(), aside);
        node.start();
        assertThat(node.awaitExit()).isEqualTo(5);
        node.awaitEndOfOutput();
        assertThat(node.output()).anyMatch(line -> line.contains("incarnation"));
        assertThat(Cli.run("append", "--members", members, "goes on").exitCode()).isZero();
        Processes.delete(node.directory());
        Files.move(aside, node.directory());
        node.start();
        node.awaitReady();
        cluster.awaitCaughtUp();
    }

    private static int leader() {
        Deadline deadline = new Deadline(60);
        while (!deadline.isOver()) {
            for (NodeReport report : PaxosStatus.ask(cluster.addresses(), 1_000)) {
                if (report.isReachable() && report.role().equals("leader")) {
                    return report.node();
                }
            }
        }
        throw new AssertionError("no leader");
    }
}
