package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosDecisions;
import io.paxoslog.client.PaxosVersions;
import io.paxoslog.client.VersionReport;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.Version;
import io.paxoslog.media.HostNames;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A cluster under load goes from this build to one that knows more, node by node, and back, and up
 * again; then the new is switched on.
 */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class UpgradedNodesTest {
    private static final int TIMEOUT_MS = 60_000;
    private static final int NODES = 3;

    /** What this build is to the one that comes after it. */
    private static final KnownVersions NOW = KnownVersions.OF_BUILD;

    private static final KnownVersions NEXT =
            new KnownVersions(1, KnownVersions.NEWEST_SYSTEM + 1, 1);

    @TempDir Path directory;

    private final Map<Integer, PaxosNode> running = new TreeMap<>();
    private final Map<Integer, Counting> machines = new TreeMap<>();
    private TestNodes nodes;

    // The client's, and so of one thread at a time.
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[] {1});
    private final List<Long> replies = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private PaxosClient client;
    private long offered;

    /** Counts; the next version of it counts in a reply that says so. */
    private static final class Counting implements StateMachine {
        private final int newest;
        private final AtomicLong count = new AtomicLong();

        /** First slot at which the second version was agreed. */
        private volatile long firstOfSecond;

        Counting(int newest) {
            this.newest = newest;
        }

        @Override
        public int newestVersion() {
            return newest;
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            long now = count.incrementAndGet();
            boolean isSecond = entry.version() >= 2;
            firstOfSecond = isSecond && firstOfSecond == 0 ? entry.slot() : firstOfSecond;
            reply.resize(Long.BYTES).putLong(0, isSecond ? -now : now);
        }

        @Override
        public StateView view() {
            long seen = count.get();
            long first = firstOfSecond;
            return out -> {
                DataOutputStream data = new DataOutputStream(out);
                data.writeLong(seen);
                data.writeLong(first);
            };
        }

        @Override
        public void restore(InputStream in) throws IOException {
            DataInputStream data = new DataInputStream(in);
            count.set(data.readLong());
            firstOfSecond = data.readLong();
        }
    }

    @AfterEach
    void closeAll() {
        if (client != null) {
            client.close();
        }
        running.values().forEach(PaxosNode::close);
    }

    private void start(int id, KnownVersions build, int newestApplication) {
        Counting machine = new Counting(newestApplication);
        NodeLog log = new NodeLog(new PrintStream(System.err, true, StandardCharsets.UTF_8), id);
        running.put(
                id,
                NodeBuilder.launch(nodes.config(id), machine, null, build, log, new HostNames()));
        machines.put(id, machine);
    }

    /** One node after the other: a majority serves all the time, and the load goes on. */
    private void turnTo(KnownVersions build, int newestApplication) {
        for (int id = 1; id <= NODES; id++) {
            running.remove(id).close();
            load(20);
            start(id, build, newestApplication);
            long level = offered;
            PaxosNode node = running.get(id);
            await("node " + id + " is level", () -> node.appliedIndex() >= level);
            load(20);
        }
    }

    private void load(int commands) {
        long upTo = offered + commands;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (answered.get() < upTo) {
            if (offered < upTo && client.offer(command, 0, 1) > 0) {
                offered++;
            }
            client.poll();
            assertThat(System.nanoTime()).as(answered + " of " + upTo).isLessThan(deadline);
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (!condition.getAsBoolean()) {
            client.poll();
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private PaxosDecisions.Outcome set(Version version, long previous) {
        return PaxosDecisions.version(nodes.addresses(), version, previous, TIMEOUT_MS);
    }

    @Test
    void goesUpAndBackAndUpUnderLoadAndSwitches() {
        nodes = new TestNodes(directory, NODES, TestNodes.SMALL_FILES);
        for (int id = 1; id <= NODES; id++) {
            start(id, NOW, 1);
        }
        client =
                PaxosClient.connect(
                        ClientConfig.of(nodes.addresses())
                                .withConnectTimeout(Duration.ofMillis(TIMEOUT_MS)),
                        (sequence, slot, reply, offset, length) -> {
                            replies.add(reply.getLong(offset));
                            answered.incrementAndGet();
                        });
        load(50);
        turnTo(NEXT, 2);
        turnTo(NOW, 1);

        Version before = new Version(NOW.newestSystem(), 1);
        Version after = new Version(NEXT.newestSystem(), 2);
        PaxosDecisions.Outcome refused = set(after, 1);
        assertThat(refused.isInForce()).isFalse();
        assertThat(refused.reason()).startsWith("not all members know " + after + ": node ");

        turnTo(NEXT, 2);
        long agreedAt = agreedAt(before);
        PaxosDecisions.Outcome outcome = set(after, agreedAt);
        assertThat(outcome.isInForce()).as(outcome.reason()).isTrue();
        assertThat(set(after, agreedAt).wasInForce()).isTrue();
        load(50);

        requireOneSlot(outcome.slot());
        requireReplies();
        requireThatTheBuildBeforeIsRefused(outcome.slot());
    }

    private long agreedAt(Version expected) {
        List<VersionReport> reports = PaxosVersions.ask(nodes.addresses(), TIMEOUT_MS);
        assertThat(reports).allMatch(report -> report.agreed().equals(expected));
        assertThat(reports).allMatch(report -> report.knows().newestApplication() == 2);
        return reports.get(0).agreedAt();
    }

    private void requireOneSlot(long decidedAt) {
        long all = offered;
        for (int id = 1; id <= NODES; id++) {
            Counting machine = machines.get(id);
            await("all applied on node " + machines, () -> machine.count.get() >= all);
            assertThat(machine.count.get()).isEqualTo(all);
            assertThat(machine.firstOfSecond).isGreaterThan(decidedAt);
            assertThat(machine.firstOfSecond).isEqualTo(machines.get(1).firstOfSecond);
        }
    }

    /** Each command took effect once, and replies changed once, for good. */
    private void requireReplies() {
        assertThat(replies).hasSize((int) offered);
        boolean isSecond = false;
        for (int i = 0; i < replies.size(); i++) {
            isSecond |= replies.get(i) < 0;
            assertThat(replies.get(i)).isEqualTo(isSecond ? -(i + 1) : i + 1);
        }
        assertThat(isSecond).isTrue();
    }

    private void requireThatTheBuildBeforeIsRefused(long decidedAt) {
        running.remove(2).close();

        assertThatThrownBy(() -> start(2, NOW, 1))
                .isInstanceOfSatisfying(
                        StartException.class,
                        refusal -> {
                            assertThat(refusal.needsOperator()).isTrue();
                            assertThat(refusal.reason())
                                    .isEqualTo(StartException.Reason.NEWER_FORMAT);
                        })
                .hasMessageEndingWith(
                        "the cluster agreed on system version %d at slot %d; this build knows 1 to %d: start a newer build"
                                .formatted(NEXT.newestSystem(), decidedAt, NOW.newestSystem()));
        start(2, NEXT, 2);
        load(10);
    }
}
