package io.paxoslog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientError;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.ReplyListener;
import io.paxoslog.service.MapFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Measures reads of each kind of a map on three processes: round trip, throughput, and the
 * processor time of all processes for each, alone and beside as many writes. Prints a table. See
 * docs/reads.md.
 */
public final class ReadMeasurement {
    private static final int KEYS = 1_000;
    private static final int VALUE_BYTES = 100;
    private static final int TIMEOUT_MS = 60_000;
    private static final int WARMUP_S = 3;
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC");

    private final ClusterProcesses cluster;
    private final int seconds;

    private ReadMeasurement(ClusterProcesses cluster, int seconds) {
        this.cluster = cluster;
        this.seconds = seconds;
    }

    /**
     * Arguments: seconds for each line, durability, then commands in flight (several), and with
     * {@code -Dmodes=LOG,QUORUM} only some of the modes.
     */
    public static void main(String[] arguments) throws IOException {
        int seconds = Integer.parseInt(arguments[0]);
        String durability = arguments[1];
        int[] windows = Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray();
        List<ReadMode> modes =
                Arrays.stream(
                                System.getProperty(
                                                "modes",
                                                "LOG,READ_INDEX,FOLLOWER,QUORUM,AT_LEAST,STALE")
                                        .split(",", -1))
                        .map(ReadMode::valueOf)
                        .toList();
        Path directory = Files.createTempDirectory("paxoslog-reads-");
        List<String> settings = List.of("--app", "map", "--durability", durability);
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, FLAGS, settings)) {
            cluster.start();
            ReadMeasurement measurement = new ReadMeasurement(cluster, seconds);
            for (ReadMode mode : modes) {
                measurement.warmUp(mode, windows[0]);
            }
            System.out.println(
                    "| "
                            + durability
                            + " | in flight | writes | ops/s | reads/s | p50 us | p99 us"
                            + " | cpu us an op | cores |");
            System.out.println("|---|---|---|---|---|---|---|---|---|");
            for (int window : windows) {
                measurement.line("a command", null, window, 100);
                for (int writes : new int[] {0, 50}) {
                    for (ReadMode mode : modes) {
                        measurement.line(mode.name(), mode, window, writes);
                    }
                }
            }
        } finally {
            Processes.delete(directory);
        }
    }

    /** All roads are warm before the first line, or that one would stand apart. */
    private void warmUp(ReadMode mode, int window) {
        Run run = new Run(mode, window, 50);
        try (PaxosClient client = connect(run, window)) {
            warmUp(run, client);
        }
    }

    private static void warmUp(Run run, PaxosClient client) {
        run.client = client;
        run.play(TimeUnit.SECONDS.toNanos(WARMUP_S));
        run.forget();
    }

    private PaxosClient connect(Run run, int window) {
        return PaxosClient.connect(ClientConfig.of(cluster.addresses()).withWindow(window), run);
    }

    private void line(String name, ReadMode mode, int window, int writePercent) {
        Run run = new Run(mode, window, writePercent);
        try (PaxosClient client = connect(run, window)) {
            warmUp(run, client);
            long cpuBefore = cpuNs();
            long beganNs = System.nanoTime();
            run.play(TimeUnit.SECONDS.toNanos(seconds));
            double tookS = (System.nanoTime() - beganNs) / 1e9;
            double cpuUs = (cpuNs() - cpuBefore) / 1e3;
            Histogram latencies = mode == null ? run.writesNs : run.readsNs;
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d %% | %,.0f | %,.0f | %,.0f | %,.0f | %.1f | %.2f |%n",
                    name,
                    window,
                    writePercent,
                    run.done() / tookS,
                    run.readsNs.getTotalCount() / tookS,
                    latencies.getValueAtPercentile(50) / 1e3,
                    latencies.getValueAtPercentile(99) / 1e3,
                    cpuUs / run.done(),
                    cpuUs / 1e6 / tookS);
            if (run.failed > 0) {
                System.out.println("FAILED: " + run.failed + ", last " + run.lastFailure);
            }
        }
    }

    /** Of this process, which is the client, and of all nodes. */
    private long cpuNs() {
        long sum = cpuOf(ProcessHandle.current());
        for (NodeProcess node : cluster.nodes()) {
            sum += ProcessHandle.of(node.pid()).map(ReadMeasurement::cpuOf).orElse(0L);
        }
        return sum;
    }

    private static long cpuOf(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    /** One client that keeps as many in flight as it may. */
    private static final class Run implements ReplyListener {
        private final ReadMode mode;
        private final int window;
        private final int writePercent;
        private final Histogram readsNs = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
        private final Histogram writesNs = new Histogram(TimeUnit.MINUTES.toNanos(2), 3);
        private final SplittableRandom random = new SplittableRandom(7);
        private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 50_000);
        private final long[] began = new long[1 << 20];
        private final long[] beganWrite = new long[1 << 20];
        private final UnsafeBuffer[] queries = new UnsafeBuffer[KEYS];
        private final UnsafeBuffer[] writes = new UnsafeBuffer[KEYS];
        private PaxosClient client;
        private int inFlight;
        private int failed;
        private long lastSlot;
        private String lastFailure;

        Run(ReadMode mode, int window, int writePercent) {
            this.mode = mode;
            this.window = window;
            this.writePercent = writePercent;
            for (int i = 0; i < KEYS; i++) {
                byte[] key = ("key-" + i).getBytes(UTF_8);
                queries[i] = new UnsafeBuffer(MapFormat.get(key));
                writes[i] = new UnsafeBuffer(MapFormat.put(key, new byte[VALUE_BYTES]));
            }
        }

        void play(long ns) {
            long endNs = System.nanoTime() + ns;
            while (System.nanoTime() - endNs < 0) {
                int sent = 0;
                while (inFlight < window && offer()) {
                    sent++;
                }
                idle.idle(sent + client.poll());
            }
        }

        private boolean offer() {
            int key = random.nextInt(KEYS);
            boolean isWrite = random.nextInt(100) < writePercent;
            long now = System.nanoTime();
            long number =
                    isWrite
                            ? client.offer(writes[key], 0, writes[key].capacity())
                            : client.read(
                                    mode,
                                    mode == ReadMode.AT_LEAST ? lastSlot : 0,
                                    TIMEOUT_MS,
                                    queries[key],
                                    0,
                                    queries[key].capacity());
            if (number < 0) {
                return false;
            }
            long[] times = isWrite ? beganWrite : began;
            times[(int) number & (times.length - 1)] = now;
            inFlight++;
            return true;
        }

        void forget() {
            readsNs.reset();
            writesNs.reset();
        }

        long done() {
            return readsNs.getTotalCount() + writesNs.getTotalCount();
        }

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {
            inFlight--;
            lastSlot = slot;
            long began = beganWrite[(int) sequence & (beganWrite.length - 1)];
            writesNs.recordValue(System.nanoTime() - began);
        }

        @Override
        public void onRead(long read, long slot, DirectBuffer answer, int at, int length) {
            inFlight--;
            readsNs.recordValue(System.nanoTime() - began[(int) read & (began.length - 1)]);
        }

        @Override
        public void onReadFailed(long read, ClientError why, String about) {
            inFlight--;
            if (why != ClientError.CLOSED) {
                failed++;
                lastFailure = why + " " + about;
            }
        }
    }
}
