package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members come and go while a client goes on, until none of the first is left. */
@Tag("process")
class ChangedMembersTest {
    private static final double PATIENCE_SECONDS = 120;
    private static final List<String> SETTINGS =
            List.of(
                    "--segment-bytes",
                    "4194304",
                    "--app",
                    "sequencer",
                    "--open-slots",
                    "4096",
                    "--clients",
                    "64");

    @TempDir Path directory;

    private final List<Integer> ports = FreePorts.find(8);
    private final Map<Integer, FaultyNode> nodes = new TreeMap<>();

    private String address(int id) {
        return "127.0.0.1:" + ports.get(id - 1);
    }

    private String addresses(int... ids) {
        List<String> all = new ArrayList<>();
        for (int id : ids) {
            all.add(address(id));
        }
        return String.join(",", all);
    }

    private String member(int id) {
        return id + "=" + address(id);
    }

    private void found() {
        String members = member(1) + "," + member(2) + "," + member(3);
        for (int id = 1; id <= 3; id++) {
            start(new FaultyNode(id, members, directory, SETTINGS));
        }
    }

    private void join(int id, String asked) {
        start(FaultyNode.joining(id, address(id), asked, directory, SETTINGS));
    }

    private void start(FaultyNode node) {
        nodes.put(node.id(), node);
        node.start();
    }

    private void awaitReady(int id) {
        await("node " + id + " ready", nodes.get(id)::wasReady);
    }

    private void await(String what, BooleanSupplier isSo) {
        Deadline deadline = new Deadline(PATIENCE_SECONDS);
        while (!isSo.getAsBoolean()) {
            assertThat(deadline.isOver()).as(what + " in time").isFalse();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Cli members(String asked, String... words) {
        List<String> all = new ArrayList<>(List.of("members"));
        all.addAll(List.of(words));
        all.addAll(List.of("--members", asked));
        if (!words[0].equals("list")) {
            all.addAll(List.of("--timeout", "120", "--force"));
        }
        Cli done = Cli.run(all.toArray(String[]::new));
        assertThat(done.exitCode()).as(all + ": " + done.out() + done.err()).isZero();
        return done;
    }

    private void awaitRemoved(int id) {
        await("node " + id + " gone", () -> !nodes.get(id).isAlive());
        assertThat(nodes.get(id).exitCode()).isEqualTo(CommandFailure.REMOVED);
    }

    private void awaitMore(SteadyClient client) {
        long goal = client.replies() + 200;
        await("more replies", () -> client.replies() >= goal || !client.problems().isEmpty());
        assertThat(client.problems()).isEmpty();
    }

    @AfterEach
    void end() {
        nodes.values().forEach(FaultyNode::close);
    }

    @Test
    void aClusterMovesToOtherNodesUnderLoad() {
        found();
        try (SteadyClient client =
                new SteadyClient(0, List.of(address(1), address(2), address(3)))) {
            awaitMore(client);
            addAFourth();
            awaitMore(client);
            replaceADeadOne();
            awaitMore(client);
            moveToOthers();
            awaitMore(client);
        }
        String left = addresses(6, 7, 8);
        assertThat(members(left, "list").out()).contains("node").doesNotContain(address(1));
        for (int id = 6; id <= 8; id++) {
            assertThat(nodes.get(id).stop()).isZero();
        }
        requireEqual(6, 7);
        requireEqual(6, 8);
        requireEqual(6, 1);
    }

    private void addAFourth() {
        join(4, addresses(1, 2, 3));
        awaitReady(4);
        nodes.get(4).kill();
        nodes.get(4).start();
        awaitReady(4);
        assertThat(Cli.run("status", "--members", address(4)).out()).contains("observer");
        assertThat(members(addresses(1, 2, 3), "add", member(4)).out())
                .contains("node 4 at " + address(4) + " has the incarnation ");
        assertThat(members(addresses(3), "add", member(4)).out()).startsWith("the members are so");
        nodes.get(4).kill();
        nodes.get(4).start();
        awaitReady(4);
    }

    private void replaceADeadOne() {
        nodes.get(2).kill();
        join(5, addresses(3));
        awaitReady(5);
        members(addresses(1, 3), "replace", "2", member(5));
    }

    private void moveToOthers() {
        for (int id = 6; id <= 8; id++) {
            join(id, addresses(1, 3, 4));
            awaitReady(id);
        }
        members(addresses(1, 3, 4), "set", member(6) + "," + member(7) + "," + member(8));
        for (int id : new int[] {1, 3, 4, 5}) {
            awaitRemoved(id);
        }
    }

    private void requireEqual(int one, int other) {
        Cli diff =
                Cli.run(
                        "log",
                        "diff",
                        nodes.get(one).directory().toString(),
                        nodes.get(other).directory().toString());
        assertThat(diff.exitCode()).as(diff.out() + diff.err()).isZero();
    }
}
