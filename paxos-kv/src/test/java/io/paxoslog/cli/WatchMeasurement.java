package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.NodeReport;
import io.paxoslog.client.PaxosStatus;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvWatch;
import io.paxoslog.kv.recipe.KvWatches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.IoUtil;

/**
 * How long a change takes to whoever watches, and what those who watch other keys cost: arguments
 * are seconds for each, {@code sync} or {@code async}, and how many watch.
 */
final class WatchMeasurement {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int IN_FLIGHT = 256;
    private static final int SAMPLES = 20_000;
    private static final byte[] VALUE = new byte[100];

    private final long ns;
    private final int watchers;
    private final ClusterProcesses cluster;
    private final List<String> addresses;
    private volatile boolean isEnding;

    private WatchMeasurement(int seconds, int watchers, ClusterProcesses cluster) {
        ns = TimeUnit.SECONDS.toNanos(seconds);
        this.watchers = watchers;
        this.cluster = cluster;
        addresses = cluster.addresses();
    }

    public static void main(String[] args) throws Exception {
        int seconds = Integer.parseInt(args[0]);
        Path directory = Files.createTempDirectory("watch");
        List<String> settings = List.of("--app", "kv", "--durability", args[1]);
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, List.of(), settings)) {
            cluster.start();
            new WatchMeasurement(seconds, Integer.parseInt(args[2]), cluster).run();
        } finally {
            IoUtil.delete(directory.toFile(), false);
        }
    }

    private void run() throws Exception {
        int leader = 0;
        while (leader == 0) {
            leader =
                    PaxosStatus.ask(addresses, 1_000).stream()
                            .filter(report -> report.leader() == report.node())
                            .mapToInt(NodeReport::node)
                            .findFirst()
                            .orElse(0);
        }
        String atLeader = addresses.get(leader - 1);
        String atFollower = addresses.get(leader % addresses.size());
        try (ClientDriver writing = ClientDriver.launch(ClientConfig.of(addresses))) {
            SharedClient writer = writing.connect();
            PutsInFlight puts = new PutsInFlight(writer, IN_FLIGHT, System.out::println);
            puts.putFor(ns, "warm");
            latency(writer, atLeader, "the leader");
            latency(writer, atFollower, "a follower");
            for (int round = 0; round < 3; round++) {
                System.out.printf("%,d puts a second, nobody watches%n", puts.putFor(ns, "busy"));
                beside(puts, atLeader, "keys", i -> KeyRange.only(bytes("other" + i)));
                beside(puts, atLeader, "ranges", i -> KeyRange.startingWith(bytes(i + "/")));
            }
        }
        cluster.awaitCaughtUp();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** One put at a time; from when it is given to when another client has it. */
    private void latency(SharedClient writer, String node, String where) throws Exception {
        try (ClientDriver watching = ClientDriver.launch(ClientConfig.of(addresses))) {
            SharedClient client = watching.connect();
            client.readFrom(node);
            KvWatch watch = KvWatch.of(KeyRange.only(bytes("watched")));
            KvWatches.next(client, watch, TIMEOUT);
            SynchronousQueue<Long> heard = new SynchronousQueue<>();
            isEnding = false;
            Thread thread = new Thread(() -> hear(client, watch, heard), "watcher");
            thread.start();
            long[] tookNs = new long[SAMPLES];
            long[] putNs = new long[SAMPLES];
            int count = 0;
            long endNs = System.nanoTime() + ns;
            while (System.nanoTime() - endNs < 0 && count < SAMPLES) {
                long began = System.nanoTime();
                writer.append(KvPut.of(bytes("watched"), VALUE).bytes(), TIMEOUT);
                putNs[count] = System.nanoTime() - began;
                tookNs[count++] = heard.take() - began;
            }
            isEnding = true;
            thread.interrupt();
            thread.join();
            say("a change at a watcher of " + where, tookNs, count);
            say("the reply to its put", putNs, count);
        }
    }

    private void hear(SharedClient client, KvWatch watch, SynchronousQueue<Long> heard) {
        try {
            while (!isEnding) {
                int events = KvWatches.next(client, watch, TIMEOUT).size();
                long now = System.nanoTime();
                for (int i = 0; i < events; i++) {
                    heard.put(now);
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            if (!isEnding) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void say(String what, long[] tookNs, int count) {
        long[] sorted = Arrays.copyOf(tookNs, count);
        Arrays.sort(sorted);
        System.out.printf(
                "%s: p50 %d us, p99 %d us, of %,d%n",
                what, sorted[count / 2] / 1_000, sorted[count * 99 / 100] / 1_000, count);
    }

    private interface Watched {
        KeyRange of(int i);
    }

    private void beside(PutsInFlight puts, String node, String what, Watched watched)
            throws Exception {
        try (ClientDriver watching = ClientDriver.launch(ClientConfig.of(addresses))) {
            SharedClient client = watching.connect();
            client.readFrom(node);
            AtomicLong answers = new AtomicLong();
            AtomicLong events = new AtomicLong();
            isEnding = false;
            List<KvWatch> all = new ArrayList<>();
            for (int i = 0; i < watchers; i++) {
                all.add(KvWatch.of(watched.of(i)));
                ask(client, all.get(i), answers, events);
            }
            long perSecond = puts.putFor(ns, "busy");
            isEnding = true;
            System.out.printf(
                    "%,d puts a second, %,d watch other %s (%,d answers, %,d changes)%n",
                    perSecond, watchers, what, answers.get(), events.get());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What fails is asked again.
    private void ask(SharedClient client, KvWatch watch, AtomicLong answers, AtomicLong events) {
        client.readAsync(watch.mode(), watch.slot(), watch.next(), TIMEOUT)
                .whenComplete(
                        (answer, failure) -> {
                            if (answer != null) {
                                take(watch, answer, answers, events);
                            }
                            if (!isEnding) {
                                ask(client, watch, answers, events);
                            }
                        });
    }

    private static void take(
            KvWatch watch, ReadAnswer answer, AtomicLong answers, AtomicLong events) {
        answers.incrementAndGet();
        events.addAndGet(watch.take(answer.slot(), answer.bytes()).size());
    }
}
