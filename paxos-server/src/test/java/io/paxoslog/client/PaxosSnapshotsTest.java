package io.paxoslog.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.SnapshotReport.State;
import io.paxoslog.gateway.FakeSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asking nodes for snapshots, over real gateways. */
class PaxosSnapshotsTest {
    private static final int LONG_MS = 20_000;

    private final FakeCluster cluster = new FakeCluster(3);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final List<SnapshotReport> progress = new ArrayList<>();

    @AfterEach
    void close() {
        executor.shutdownNow();
        cluster.close();
    }

    private FakeSnapshots snapshots(int node) {
        return cluster.node(node).snapshots;
    }

    private Future<List<SnapshotReport>> ask(int node, int timeoutMs) {
        return executor.submit(
                () -> PaxosSnapshots.take(cluster.addresses(), node, timeoutMs, progress::add));
    }

    private List<SnapshotReport> await(Future<List<SnapshotReport>> asked) throws Exception {
        cluster.runUntil(asked::isDone);
        return asked.get();
    }

    private void taken(int node, long bytes) {
        snapshots(node).newestSlot = cluster.lastSlot();
        snapshots(node).newestBytes = bytes;
        snapshots(node).newestMs = 5;
    }

    @Test
    void everyNodeTakesOne() throws Exception {
        Future<List<SnapshotReport>> asked = ask(PaxosSnapshots.ALL, LONG_MS);
        cluster.runUntil(() -> snapshots(1).requests > 0);
        snapshots(1).slotInWork = 1;
        snapshots(1).writtenBytes = 7;
        cluster.runUntil(() -> snapshots(2).requests > 0 && snapshots(3).requests > 0);
        taken(1, 10);
        taken(2, 20);
        taken(3, 30);
        List<SnapshotReport> reports = await(asked);
        assertThat(reports).extracting(SnapshotReport::address).isEqualTo(cluster.addresses());
        assertThat(reports).extracting(SnapshotReport::state).containsOnly(State.TAKEN);
        assertThat(reports).extracting(SnapshotReport::node).containsExactly(1, 2, 3);
        assertThat(reports).extracting(SnapshotReport::bytes).containsExactly(10L, 20L, 30L);
        assertThat(reports).extracting(SnapshotReport::ms).containsOnly(5L);
        assertThat(reports).extracting(SnapshotReport::slot).containsOnly(cluster.lastSlot());
        assertThat(progress).containsAll(reports);
    }

    @Test
    void onlyTheNodeThatIsNamed() throws Exception {
        Future<List<SnapshotReport>> asked = ask(2, LONG_MS);
        cluster.runUntil(() -> snapshots(2).requests > 0);
        taken(2, 20);
        assertThat(await(asked)).extracting(SnapshotReport::node).containsExactly(2);
        assertThat(snapshots(1).requests + snapshots(3).requests).isZero();
    }

    @Test
    void whatFailsOrIsRefusedSettlesIt() throws Exception {
        snapshots(1).refusal = "takes none";
        taken(2, 20);
        Future<List<SnapshotReport>> asked = ask(PaxosSnapshots.ALL, LONG_MS);
        cluster.runUntil(() -> snapshots(3).requests > 0);
        snapshots(3).failures = 1;
        snapshots(3).lastFailure = "full";
        List<SnapshotReport> reports = await(asked);
        assertThat(reports)
                .extracting(SnapshotReport::state)
                .containsExactly(State.REFUSED, State.TAKEN, State.FAILED);
        assertThat(reports)
                .extracting(SnapshotReport::reason)
                .containsExactly("takes none", "", "full");
    }

    @Test
    void nobodyWaitsForEverForANodeThatIsGone() throws Exception {
        cluster.node(3).close();
        taken(1, 10);
        taken(2, 20);
        assertThat(await(ask(PaxosSnapshots.ALL, 3_000)))
                .extracting(SnapshotReport::state)
                .containsExactly(State.TAKEN, State.TAKEN, State.NO_ANSWER);
    }
}
