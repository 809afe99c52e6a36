package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Role;
import io.paxoslog.media.HostNames;
import io.paxoslog.media.ScriptedLookup;
import io.paxoslog.service.LogStateMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members by names that are not there yet, are asked of a silent server, or move. */
@Timeout(120)
class NamesTest {
    @TempDir private Path directory;

    private final List<PaxosNode> nodes = new ArrayList<>();
    private final String members =
            TestNodes.freeMembers(3)
                    .replaceFirst("localhost", "one")
                    .replaceFirst("localhost", "two")
                    .replaceFirst("localhost", "three");

    @AfterEach
    void close() {
        nodes.forEach(PaxosNode::close);
    }

    private static ScriptedLookup lookupKnowing(String... hosts) {
        ScriptedLookup lookup = new ScriptedLookup();
        for (String host : hosts) {
            lookup.answer(host, "127.0.0.1");
        }
        return lookup;
    }

    private PaxosNode start(int id, ScriptedLookup lookup) {
        // Time flies, so that what is asked again is asked soon.
        HostNames names = new HostNames(lookup, () -> 100 * System.nanoTime());
        PaxosNode node =
                NodeBuilder.launch(
                        config(id, members),
                        new LogStateMachine(),
                        new NodeLog(System.err, id),
                        names);
        nodes.add(node);
        return node;
    }

    private NodeConfig config(int id, String of) {
        return NodeConfig.builder()
                .set(Settings.ID, id)
                .set(Settings.MEMBERS, of)
                .set(Settings.DIR, directory.resolve("node-" + id))
                .set(Settings.SEGMENT_BYTES, 4 << 20)
                .build();
    }

    private static void await(String what, BooleanSupplier isSo) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private boolean isAgreedUpTo(long slot) {
        return nodes.stream().filter(node -> node.role() == Role.LEADING).count() == 1
                && nodes.stream().allMatch(node -> node.leader() != 0)
                && nodes.stream().allMatch(node -> node.appliedIndex() >= slot);
    }

    @Test
    void startsWithoutItsPeersNamesAndMeetsThemOnceTheyAreThere() {
        ScriptedLookup lookup = lookupKnowing("one");
        lookup.hang("three");
        PaxosNode first = start(1, lookup);
        start(2, lookupKnowing("one", "two", "three"));
        start(3, lookupKnowing("one", "two", "three"));
        assertThat(first.isRunning()).isTrue();
        lookup.answer("two", "127.0.0.1");
        lookup.answer("three", "127.0.0.1");
        await("all agree", () -> isAgreedUpTo(1));
    }

    @Test
    void goesOnWhileNamesAreAskedOfASilentServer() {
        ScriptedLookup lookup = lookupKnowing("one", "two", "three");
        start(1, lookup);
        start(2, lookup);
        start(3, lookup);
        await("all agree", () -> isAgreedUpTo(1));
        lookup.hang("one");
        lookup.hang("two");
        lookup.hang("three");
        int asked = lookup.asked();
        nodes.remove(2).close();
        // The others look for the one that fell silent, and wait for the answer in vain.
        lookup.awaitAsked(asked + 1);
        await("the others agree", () -> isAgreedUpTo(1));
        assertThat(nodes).allMatch(PaxosNode::isRunning);
    }

    @Test
    void findsAPeerThatMoved() {
        ScriptedLookup lookup = lookupKnowing("one", "two", "three");
        start(1, lookup);
        start(2, lookup);
        PaxosNode third = start(3, lookup);
        await("all agree", () -> isAgreedUpTo(1));
        third.close();
        nodes.remove(third);
        lookup.answer("three", "127.0.0.2");
        start(3, lookup);
        await("all agree again", () -> isAgreedUpTo(1));
    }

    @Test
    void refusesAMemberThatIsSpelledInTwoWays() {
        String port = members.replaceFirst("1=one:(\\d+),.*", "$1");
        NodeConfig config = config(1, "1=127.0.0.1:" + port + ",2=localhost:" + port);
        assertThatThrownBy(() -> PaxosLog.launch(config, new LogStateMachine()))
                .isInstanceOfSatisfying(
                        StartException.class,
                        e -> assertThat(e.reason()).isEqualTo(StartException.Reason.MEMBERSHIP))
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("localhost:" + port);
    }
}
