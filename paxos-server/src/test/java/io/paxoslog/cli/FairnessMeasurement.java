package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What clients of three node processes get beside one another: the round trip of one that has one
 * command in flight, alone and beside one that has as many as it may; and the shares of ten that
 * are equal. See docs/benchmarks.md.
 *
 * <p>Arguments: rounds, seconds of each part, durability, commands in flight of the large client,
 * of each of the ten.
 */
public final class FairnessMeasurement {
    private static final int EQUAL_CLIENTS = 10;
    private static final int COMMAND_BYTES = 100;
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC");

    private final ClusterProcesses cluster;
    private final int seconds;

    private FairnessMeasurement(ClusterProcesses cluster, int seconds) {
        this.cluster = cluster;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        int large = Integer.parseInt(arguments[3]);
        int equal = Integer.parseInt(arguments[4]);
        Path directory = Files.createTempDirectory("paxoslog-fairness-");
        List<String> settings = List.of("--durability", arguments[2]);
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, FLAGS, settings)) {
            cluster.start();
            FairnessMeasurement measurement = new FairnessMeasurement(cluster, seconds);
            measurement.equalShares(equal);
            for (int round = 0; round < rounds; round++) {
                measurement.small(0);
                measurement.small(large);
                measurement.equalShares(equal);
            }
        } finally {
            Processes.delete(directory);
        }
    }

    private Load connect(int window) {
        Load load = new Load(window);
        ClientConfig config =
                ClientConfig.of(cluster.addresses()).withWindow(window).withWindowBytes(4 << 20);
        load.client = PaxosClient.connect(config, load);
        return load;
    }

    /** One with a single command in flight, beside another one on a thread of its own. */
    private void small(int others) throws InterruptedException {
        Load large = others == 0 ? null : connect(others);
        Thread beside = new Thread(() -> play(large), "large client");
        if (large != null) {
            beside.start();
        }
        Load small = connect(1);
        small.play(TimeUnit.SECONDS.toNanos(1));
        small.roundTripsNs.reset();
        small.play(TimeUnit.SECONDS.toNanos(seconds));
        beside.interrupt();
        beside.join();
        System.out.printf(
                Locale.ROOT,
                "one in flight %s: p50 %.0f us, p99 %.0f us, %,d replies; beside it %,.0f a second%n",
                others == 0 ? "alone" : "beside one with " + others,
                small.roundTripsNs.getValueAtPercentile(50) / 1e3,
                small.roundTripsNs.getValueAtPercentile(99) / 1e3,
                small.roundTripsNs.getTotalCount(),
                large == null ? 0 : large.replies / (seconds + 1.0));
        small.client.close();
        if (large != null) {
            large.client.close();
        }
    }

    /** Until it is interrupted. */
    private static void play(Load load) {
        while (!Thread.interrupted()) {
            load.turn();
        }
    }

    private void equalShares(int window) {
        List<Load> loads = Stream.generate(() -> connect(window)).limit(EQUAL_CLIENTS).toList();
        IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 50_000);
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - endNs < 0) {
            int work = 0;
            for (Load load : loads) {
                work += load.step();
            }
            idle.idle(work);
        }
        long[] shares = loads.stream().mapToLong(load -> load.replies).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "ten with %d in flight: %,.0f a second, shares %s, largest %.2f of the smallest%n",
                window,
                LongStream.of(shares).sum() / (double) seconds,
                Arrays.toString(shares),
                shares[shares.length - 1] / (double) Math.max(1, shares[0]));
        loads.forEach(load -> load.client.close());
    }

    /** One client that keeps as many in flight as it may. */
    private static final class Load implements ReplyListener {
        private final Histogram roundTripsNs = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        private final UnsafeBuffer command = new UnsafeBuffer(new byte[COMMAND_BYTES]);
        private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 50_000);
        private final int window;
        private PaxosClient client;
        private int inFlight;
        private long sentNs;
        private volatile long replies;

        Load(int window) {
            this.window = window;
        }

        void play(long ns) {
            long endNs = System.nanoTime() + ns;
            while (System.nanoTime() - endNs < 0) {
                turn();
            }
        }

        void turn() {
            idle.idle(step());
        }

        int step() {
            int sent = 0;
            while (inFlight < window && client.offer(command, 0, COMMAND_BYTES) > 0) {
                sentNs = System.nanoTime();
                inFlight++;
                sent++;
            }
            return sent + client.poll();
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {
            inFlight--;
            replies++;
            roundTripsNs.recordValue(System.nanoTime() - sentNs);
        }
    }
}
