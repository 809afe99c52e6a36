package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the leader under load, as {@code kill -9} does, again and again; prints how long the client
 * went without a reply each time; then compares the journals of all nodes.
 *
 * <p>The long run: {@code mvn verify -pl paxos-server -am -Dtest=LeaderKillTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfailover.kills=20}
 */
@Tag("process")
class LeaderKillTest {

    private static final int KILLS = Integer.getInteger("failover.kills", 2);
    private static final int COMMANDS_BETWEEN = 2_000;
    private static final int WINDOW = 200;

    private final List<Double> gapsMs = new ArrayList<>();

    @Test
    void everyAcknowledgedCommandIsInEveryJournalOnce(@TempDir Path directory) {
        try (ClusterProcesses cluster = Processes.cluster(3, directory)) {
            cluster.start();
            try (NumberedLoad load = NumberedLoad.connect(cluster.addresses(), WINDOW)) {
                for (int i = 1; i <= KILLS; i++) {
                    killLeader(cluster, load, i);
                }
                load.drain();
                cluster.awaitCaughtUp();
                cluster.stop();
                report(load);
                JournalCheck check = JournalCheck.of(cluster.directories(), load);
                assertThat(check.problems()).isEmpty();
                assertThat(check.slots()).isGreaterThanOrEqualTo(load.acknowledged());
            }
        }
    }

    private void killLeader(ClusterProcesses cluster, NumberedLoad load, int number) {
        Processes.loadMore(load, COMMANDS_BETWEEN);
        Processes.loadUntil(load, () -> load.leader() != 0);
        NodeProcess leader = cluster.node(load.leader());
        load.beginGap();
        leader.kill();
        Processes.loadMore(load, COMMANDS_BETWEEN);
        double gapMs = load.longestGapNs() / (double) TimeUnit.MILLISECONDS.toNanos(1);
        gapsMs.add(gapMs);
        System.out.printf(
                Locale.ROOT,
                "kill %d, of node %d: %.0f ms without a reply%n",
                number,
                leader.id(),
                gapMs);
        leader.start();
        Processes.loadUntil(load, () -> !leader.isStarting());
        leader.awaitReady();
        // A node that lags could not take part in the next election.
        load.drain();
        cluster.awaitCaughtUp();
    }

    private void report(NumberedLoad load) {
        System.out.printf(
                Locale.ROOT,
                "%d kills, %,d commands, gaps in ms: %s, longest %.0f%n",
                KILLS,
                load.acknowledged(),
                gapsMs.stream().map(gap -> String.format(Locale.ROOT, "%.0f", gap)).toList(),
                gapsMs.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    }
}
