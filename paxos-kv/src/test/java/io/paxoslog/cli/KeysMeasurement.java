package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.ReadAnswer;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.SharedClient;
import io.paxoslog.kv.KvCommands;
import io.paxoslog.kv.KvReply;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.IoUtil;

/**
 * What many keys cost three nodes: puts so many of 16 bytes, in no order, with values of 100, and
 * says how fast that went and what each node holds of memory; then stops a node and starts it
 * again. Arguments: keys, the heap of a node in MiB, further settings of nodes. See docs/kv.md.
 */
final class KeysMeasurement {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int IN_FLIGHT = 4_096;
    private static final int REPORTS = 10;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final ClusterProcesses cluster;
    private final AtomicReference<String> problem = new AtomicReference<>();

    private KeysMeasurement(ClusterProcesses cluster) {
        this.cluster = cluster;
    }

    public static void main(String[] args) throws Exception {
        long keys = Long.parseLong(args[0]);
        List<String> flags =
                List.of("-Xmx" + args[1] + "m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=5g");
        List<String> settings = new ArrayList<>(List.of("--app", "kv"));
        settings.addAll(List.of(args).subList(2, args.length));
        Path directory = Files.createTempDirectory("keys");
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, flags, settings)) {
            cluster.start();
            new KeysMeasurement(cluster).run(keys);
        } finally {
            IoUtil.delete(directory.toFile(), false);
        }
    }

    private void run(long keys) throws Exception {
        ClientConfig config = ClientConfig.of(cluster.addresses()).withWindow(IN_FLIGHT);
        try (ClientDriver driver = ClientDriver.launch(config)) {
            SharedClient client = driver.connect();
            client.append(KvCommands.quota(Long.MAX_VALUE), TIMEOUT);
            PutsInFlight puts = new PutsInFlight(client, IN_FLIGHT, problem::set);
            say("before");
            for (int part = 0; part < REPORTS; part++) {
                long began = System.nanoTime();
                long first = keys * part / REPORTS;
                long last = keys * (part + 1) / REPORTS;
                put(puts, first, last);
                double seconds = (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
                say("%,d keys, %,.0f puts a second".formatted(last, (last - first) / seconds));
            }
            ReadAnswer answer = client.read(ReadMode.READ_INDEX, 0, KvCommands.status(), TIMEOUT);
            KvReply.Status status = KvReply.ofStatus(answer.bytes()).status();
            System.out.printf(
                    Locale.ROOT, "%,d keys, %,d bytes counted%n", status.keys(), status.bytes());
        }
        cluster.awaitCaughtUp();
        say("all caught up");
        NodeProcess again = cluster.node(1);
        again.askToStop();
        again.awaitExit();
        long began = System.nanoTime();
        cluster.start(1);
        System.out.printf(
                Locale.ROOT,
                "node 1 is ready again after %.1f s%n",
                (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private void put(PutsInFlight puts, long first, long last) throws InterruptedException {
        for (long i = first; i < last; i++) {
            byte[] key = new byte[2 * Long.BYTES];
            ByteBuffer.wrap(key).putLong(i * SPREAD).putLong(i);
            puts.put(key);
        }
        puts.await();
        if (problem.get() != null) {
            throw new AssertionError(problem.get());
        }
    }

    private void say(String when) {
        System.out.println(when + ":" + NodeMemory.describe(cluster));
    }
}
