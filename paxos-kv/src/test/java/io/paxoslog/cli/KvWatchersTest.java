package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvCommands;
import io.paxoslog.kv.KvDelete;
import io.paxoslog.kv.KvEvent;
import io.paxoslog.kv.KvOperation;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvTxn;
import io.paxoslog.kv.KvWatch;
import io.paxoslog.kv.recipe.KvSession;
import io.paxoslog.kv.recipe.KvWatches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twelve watchers from revision 1 on over three real processes, of which the leader is killed with
 * {@code kill -9} and any one is frozen, again and again, while others write and compact: all see
 * each change once, in order. A lease that is kept alive keeps its key; one that is not loses it.
 *
 * <p>The long run: {@code mvn verify -pl paxos-kv -am -Dtest=KvWatchersTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dkv.seconds=600 -Dkv.clock=$PWD/other-clock.so}. What
 * {@code kv.clock} names is built from .ci/other-clock.c.
 */
@Tag("process")
class KvWatchersTest {
    private static final int SECONDS = Integer.getInteger("kv.seconds", 8);
    private static final String CLOCK = System.getProperty("kv.clock");
    private static final long SEED = Long.getLong("kv.seed", System.nanoTime());
    private static final int WATCHERS = 12;
    private static final int TTL_SECONDS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MS = 2;
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final List<String> SETTINGS =
            List.of("--app", "kv", "--segment-bytes", "4194304", "--snapshot-slots", "2000");

    private final Random random = new Random(SEED);
    private final List<Watcher> watchers = new ArrayList<>();
    private final AtomicLong lastRevision = new AtomicLong(1);
    private volatile boolean isEnding;
    private volatile boolean isWriting = true;
    private volatile Throwable failure;
    private int kills;
    private int freezes;
    private int clocks;
    private int compactions;

    /** Notes what it sees as a hash of all that came before. */
    private final class Watcher {
        final KvWatch watch = KvWatch.of(KeyRange.all()).from(1).withPrevious();
        final List<Integer> hashes = new ArrayList<>();
        long revision = 1;
        final AtomicLong leasedDeletions = new AtomicLong();
        int hash;

        void run(SharedClient client) {
            while (!isEnding || watch.progress() < lastRevision.get()) {
                KvWatches.next(client, watch, PATIENCE).forEach(this::hear);
                assertThat(watch.isCompacted()).isFalse();
            }
        }

        private void hear(KvEvent event) {
            assertThat(event.revision()).isBetween(revision, revision + 1);
            revision = event.revision();
            String key = new String(event.entry().key(), UTF_8);
            leasedDeletions.addAndGet(event.isDelete() && key.equals("left") ? 1 : 0);
            assertThat(event.isDelete() && key.equals("kept")).isFalse();
            hash = 31 * hash + (event.revision() + key + event.isDelete()).hashCode();
            hash = 31 * hash + new String(event.entry().value(), UTF_8).hashCode();
            hashes.add(hash);
        }
    }

    private Thread start(String name, ThrowingTask task) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                task.run();
                            } catch (Throwable e) {
                                failure = e;
                            }
                        },
                        name);
        thread.start();
        return thread;
    }

    private interface ThrowingTask {
        void run() throws Exception;
    }

    @Test
    void allSeeEachChangeOnceAndLeasesDoAsTheySay(@TempDir Path directory) throws Exception {
        System.out.println("seed " + SEED);
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, FLAGS, SETTINGS)) {
            for (NodeProcess node : cluster.nodes()) {
                letClockBeSet(directory, node);
            }
            cluster.start();
            try (ClientDriver driver = ClientDriver.launch(ClientConfig.of(cluster.addresses()))) {
                watchAndWrite(cluster, driver, directory);
            }
        }
        System.out.printf(
                "%d kills, %d freezes, %d clocks set, %d compactions, %,d changes in %,d revisions,"
                        + " %d keys gone with their lease%n",
                kills,
                freezes,
                clocks,
                compactions,
                watchers.get(0).hashes.size(),
                lastRevision.get(),
                watchers.get(0).leasedDeletions.get());
        assertThat(failure).isNull();
        for (Watcher watcher : watchers) {
            assertThat(watcher.revision).isEqualTo(lastRevision.get());
            assertThat(watcher.hashes).isEqualTo(watchers.get(0).hashes);
        }
        assertThat(kills + freezes).isPositive();
        assertThat(watchers.get(0).leasedDeletions.get()).isPositive();
    }

    private void watchAndWrite(ClusterProcesses cluster, ClientDriver driver, Path directory)
            throws Exception {
        List<Thread> watching = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            Watcher watcher = new Watcher();
            watchers.add(watcher);
            SharedClient client = driver.connect();
            client.readFrom(i % 4 == 3 ? null : cluster.addresses().get(i % 4));
            watching.add(start("watcher-" + i, () -> watcher.run(client)));
        }
        SharedClient writer = driver.connect();
        Thread writing = start("writer", () -> write(writer));
        SharedClient tenant = driver.connect();
        try (KvSession session = KvSession.open(tenant, Duration.ofSeconds(TTL_SECONDS))) {
            put(tenant, KvPut.of("kept".getBytes(UTF_8), bytes(1)).withLease(session.lease()));
            letLeaseExpire(tenant);
            play(cluster, directory);
            assertThat(session.isAlive()).isTrue();
            isWriting = false;
            writing.join();
            Watcher first = watchers.get(0);
            while (first.leasedDeletions.get() == 0 && failure == null) {
                Thread.sleep(PAUSE_MS);
            }
            lastRevision.set(put(writer, KvPut.of(bytes(0), bytes(0))));
            isEnding = true;
            for (Thread one : watching) {
                one.join();
            }
        }
    }

    private void letLeaseExpire(SharedClient client) {
        KvReply granted = KvReply.ofLease(client.append(KvCommands.grant(0, 2), PATIENCE).reply());
        put(client, KvPut.of("left".getBytes(UTF_8), bytes(2)).withLease(granted.lease()));
    }

    private static byte[] bytes(long number) {
        return Long.toString(number).getBytes(UTF_8);
    }

    /** Again and again: what has no effect twice may be said twice. */
    private static long put(SharedClient client, KvOperation operation) {
        while (true) {
            try {
                return KvReply.of(operation, client.append(operation.bytes(), PATIENCE).reply())
                        .revision();
            } catch (ClientException e) {
                if (client.endedBy() != null) {
                    throw e;
                }
            }
        }
    }

    private void write(SharedClient client) throws InterruptedException {
        Random of = new Random(SEED);
        for (long i = 0; isWriting && failure == null; i++) {
            byte[] key = bytes(of.nextInt(50));
            switch (of.nextInt(8)) {
                case 0 -> put(client, KvDelete.of(key));
                case 1 ->
                        put(
                                client,
                                new KvTxn()
                                        .then(KvPut.of("a".getBytes(UTF_8), bytes(i)))
                                        .then(KvPut.of("b".getBytes(UTF_8), bytes(i)))
                                        .then(KvDelete.of(key)));
                default -> put(client, KvPut.of(key, bytes(i)));
            }
            if (i % 200 == 199) {
                compact(client);
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    /** Behind all who watch, or they would miss what they were to see. */
    private void compact(SharedClient client) {
        long to = watchers.stream().mapToLong(each -> each.watch.progress()).min().orElse(0);
        if (to > 1) {
            try {
                client.append(KvCommands.compact(to), PATIENCE);
                compactions++;
            } catch (ClientException e) {
                // Perhaps the next time.
                return;
            }
        }
    }

    private static void letClockBeSet(Path directory, NodeProcess node) throws Exception {
        if (CLOCK != null) {
            Path clock = clockOf(directory, node);
            Files.writeString(clock, "0h");
            node.environment(Map.of("LD_PRELOAD", CLOCK, "CLOCK_FILE", clock.toString()));
        }
    }

    private static Path clockOf(Path directory, NodeProcess node) {
        return directory.resolve("clock-" + node.id());
    }

    private void play(ClusterProcesses cluster, Path directory) throws Exception {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() - endNs < 0 && failure == null) {
            Thread.sleep(1_000 + random.nextInt(2_000));
            if (CLOCK != null) {
                NodeProcess node = cluster.node(1 + random.nextInt(3));
                Files.writeString(clockOf(directory, node), (random.nextInt(3) - 1) + "h");
                clocks++;
            }
            NodeProcess leader = leaderOf(cluster);
            if (leader != null && random.nextInt(3) > 0) {
                leader.kill();
                kills++;
                Thread.sleep(random.nextInt(500));
                leader.start();
                leader.awaitReady();
            } else {
                freeze(cluster.node(1 + random.nextInt(3)));
            }
        }
    }

    private void freeze(NodeProcess node) throws Exception {
        signal("STOP", node.pid());
        freezes++;
        Thread.sleep(300 + random.nextInt(1_200));
        signal("CONT", node.pid());
    }

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    }

    /** Null when nobody says so. */
    private static NodeProcess leaderOf(ClusterProcesses cluster) {
        return PaxosStatus.ask(cluster.addresses(), 500).stream()
                .filter(report -> report.isReachable() && report.leader() == report.node())
                .findFirst()
                .map(report -> cluster.node(report.node()))
                .orElse(null);
    }
}
