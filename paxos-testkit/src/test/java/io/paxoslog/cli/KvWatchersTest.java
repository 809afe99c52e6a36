package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.SharedClient;
import io.paxoslog.core.planted.Patience;
import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvCommands;
import io.paxoslog.kv.KvDelete;
import io.paxoslog.kv.KvEvent;
import io.paxoslog.kv.KvOperation;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvTxn;
import io.paxoslog.kv.KvWatch;
import io.paxoslog.kv.recipe.KvWatches;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Twelve watchers from revision 1 on over three real processes that are killed and frozen, while
 * others write and compact: all see each change once, in order. What is tied to a lease goes with
 * it, and neither before its time nor while its session says that it lives ({@link LeasedKeys}).
 *
 * <p>The long run: {@code mvn verify -pl paxos-testkit -am -Dtest=KvWatchersTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dkv.seconds=600 -Dfaults.clock=$PWD/other-clock.so}.
 */
@Tag("process")
class KvWatchersTest {
    private static final int SECONDS = Integer.getInteger("kv.seconds", 8);
    private static final int WATCHERS = 12;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long PAUSE_MS = 2;
    private static final List<String> SETTINGS =
            List.of("--app", "kv", "--segment-bytes", "4194304", "--snapshot-slots", "2000");

    private final List<Watcher> watchers = new ArrayList<>();
    private final AtomicLong lastRevision = new AtomicLong(1);
    private final CountDownLatch seen = new CountDownLatch(WATCHERS);
    private final LeasedKeys leased = new LeasedKeys(this::put);
    private volatile boolean isEnding;
    private volatile boolean isWriting = true;
    private volatile Throwable failure;
    private int compactions;

    /** Notes what it sees as a hash of all that came before. */
    private final class Watcher {
        final KvWatch watch = KvWatch.of(KeyRange.all()).from(1).withPrevious();
        final List<Integer> hashes = new ArrayList<>();
        long revision = 1;
        int hash;

        void run(SharedClient client) {
            while (!isEnding || watch.progress() < lastRevision.get()) {
                KvWatches.next(client, watch, TIMEOUT).forEach(this::hear);
                assertThat(watch.isCompacted()).isFalse();
            }
            seen.countDown();
        }

        private void hear(KvEvent event) {
            assertThat(event.revision()).isBetween(revision, revision + 1);
            revision = event.revision();
            String key = new String(event.entry().key(), UTF_8);
            if (event.isDelete()) {
                leased.deleted(key);
            }
            hash = 31 * hash + (event.revision() + key + event.isDelete()).hashCode();
            hash = 31 * hash + new String(event.entry().value(), UTF_8).hashCode();
            hashes.add(hash);
        }
    }

    private interface ThrowingTask {
        void run() throws Exception;
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
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void join(Thread thread) throws InterruptedException {
        thread.join(Patience.ms());
        assertThat(failure).isNull();
        assertThat(thread.isAlive()).as(thread.getName() + " goes on").isFalse();
    }

    @Test
    void allSeeEachChangeOnceAndLeasesDoAsTheySay(@TempDir Path directory) throws Exception {
        System.out.println("seed " + ClusterFaults.SEED);
        String faults;
        try (ClusterFaults cluster = new ClusterFaults(directory, SETTINGS);
                ClientDriver driver = ClientDriver.launch(ClientConfig.of(cluster.addresses()))) {
            watchAndWrite(cluster, driver);
            assertThat(cluster.count()).isPositive();
            faults = cluster.toString();
        }
        System.out.printf(
                "%s, %d compactions, %,d changes in %,d revisions; %s%n",
                faults, compactions, watchers.get(0).hashes.size(), lastRevision.get(), leased);
        for (Watcher watcher : watchers) {
            assertThat(watcher.revision).isEqualTo(lastRevision.get());
            assertThat(watcher.hashes).isEqualTo(watchers.get(0).hashes);
        }
    }

    private void watchAndWrite(ClusterFaults cluster, ClientDriver driver) throws Exception {
        for (int i = 0; i < WATCHERS; i++) {
            Watcher watcher = new Watcher();
            watchers.add(watcher);
            SharedClient client = driver.connect();
            client.readFrom(i % 4 == 3 ? null : cluster.addresses().get(i % 4));
            start("watcher-" + i, () -> watcher.run(client));
        }
        SharedClient writer = driver.connect();
        Thread writing = start("writer", () -> write(writer));
        SharedClient tenant = driver.connect();
        Thread keeping = start("tenant", () -> leased.keepSessions(tenant));
        SharedClient leaver = driver.connect();
        Thread leaving = start("leaver", () -> leased.leaveKeys(leaver));
        cluster.play(SECONDS, () -> failure != null);
        leased.end();
        isWriting = false;
        join(writing);
        join(keeping);
        join(leaving);
        lastRevision.set(put(writer, KvPut.of(bytes(0), bytes(0))).revision());
        isEnding = true;
        boolean haveAllSeen = seen.await(Patience.ms(), TimeUnit.MILLISECONDS);
        assertThat(failure).isNull();
        assertThat(haveAllSeen).isTrue();
    }

    private static byte[] bytes(long number) {
        return Long.toString(number).getBytes(UTF_8);
    }

    /** Again and again: what has no effect twice may be said twice. */
    private KvReply put(SharedClient client, KvOperation operation) {
        while (failure == null) {
            try {
                return KvReply.of(operation, client.append(operation.bytes(), TIMEOUT).reply());
            } catch (ClientException e) {
                if (client.endedBy() != null) {
                    throw e;
                }
            }
        }
        throw new IllegalStateException(failure);
    }

    private void write(SharedClient client) throws InterruptedException {
        Random random = new Random(ClusterFaults.SEED);
        for (long i = 0; isWriting; i++) {
            byte[] key = bytes(random.nextInt(50));
            switch (random.nextInt(8)) {
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
                client.append(KvCommands.compact(to), TIMEOUT);
                compactions++;
            } catch (ClientException e) {
                // Perhaps the next time.
                return;
            }
        }
    }
}
