package io.paxoslog.cli;

import io.paxoslog.client.Carrier;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientCore;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Clients that come at a steady rate, each with a session of its own, append one command and are
 * gone: without a word, as a process is that is killed, or after closing. Beside them one client
 * that says nothing, and one that appends all the time. Prints a line each ten seconds, and what
 * became of all. See docs/benchmarks.md.
 *
 * <p>Arguments: clients in all, clients a second, {@code die} or {@code close}, settings of the
 * nodes.
 */
public final class ShortLivedMeasurement {
    /** So many share a media driver, which goes with them. */
    private static final int TOGETHER = 20;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC");

    private final ClusterProcesses cluster;
    private final boolean isDying;
    private final ClientConfig config;
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[100]);
    private final Histogram livesNs = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final List<Crowd> crowds = new ArrayList<>();
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 20, 1_000, 50_000);
    private long begun;
    private long done;
    private long failed;

    private ShortLivedMeasurement(ClusterProcesses cluster, boolean isDying) {
        this.cluster = cluster;
        this.isDying = isDying;
        config = ClientConfig.of(cluster.addresses()).withWindow(16).withWindowBytes(4096);
    }

    public static void main(String[] arguments) throws IOException {
        long clients = Long.parseLong(arguments[0]);
        int perSecond = Integer.parseInt(arguments[1]);
        boolean isDying = arguments[2].equals("die");
        List<String> settings = List.of(arguments).subList(3, arguments.length);
        Path directory = Files.createTempDirectory("paxoslog-short-");
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, FLAGS, settings)) {
            cluster.start();
            new ShortLivedMeasurement(cluster, isDying).run(clients, perSecond);
        } finally {
            Processes.delete(directory);
        }
    }

    private void run(long clients, int perSecond) {
        Living living = new Living();
        ClientConfig usual = ClientConfig.of(cluster.addresses());
        try (PaxosClient silent = PaxosClient.connect(cluster.addresses());
                PaxosClient busy = PaxosClient.connect(usual, living)) {
            living.client = busy;
            long beganNs = System.nanoTime();
            long reportNs = beganNs + REPORT_NS;
            long cpuNs = cpuOfNodes();
            long doneThen = 0;
            while (begun < clients || !crowds.isEmpty()) {
                long nowNs = System.nanoTime();
                long due = (long) ((nowNs - beganNs) / 1e9 * perSecond);
                int work = silent.poll() + living.turn();
                if (begun < Math.min(due, clients)) {
                    crowds.add(new Crowd((int) Math.min(TOGETHER, clients - begun)));
                    work++;
                }
                for (int i = crowds.size() - 1; i >= 0; i--) {
                    work += crowds.get(i).turn();
                }
                idle.idle(work);
                if (nowNs - reportNs > 0) {
                    report(nowNs - beganNs, cpuOfNodes() - cpuNs, done - doneThen, living);
                    reportNs = nowNs + REPORT_NS;
                    cpuNs = cpuOfNodes();
                    doneThen = done;
                }
            }
            double tookS = (System.nanoTime() - beganNs) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%,d done in %.1f s, %.0f a second, %,d failed; from birth to reply p50 %.0f ms,"
                            + " p99 %.0f ms, longest %.0f ms%n",
                    done,
                    tookS,
                    done / tookS,
                    failed,
                    livesNs.getValueAtPercentile(50) / 1e6,
                    livesNs.getValueAtPercentile(99) / 1e6,
                    livesNs.getMaxValue() / 1e6);
            System.out.println(
                    "the silent one "
                            + (silent.append(new byte[1], 30_000).slot() > 0 ? "lives" : "is gone")
                            + ", the busy one "
                            + (busy.hasEnded() ? "ended by " + busy.endedBy() : "lives"));
        }
    }

    private void report(long ns, long cpuNs, long doneNow, Living living) {
        System.out.printf(
                Locale.ROOT,
                "%4.0f s: %,d begun, %,d done, %,d failed, %d under way; all nodes %.2f cores,"
                        + " %.1f ms a client; the busy one: %,d replies, p50 %.1f ms, p99 %.1f ms%n",
                ns / 1e9,
                begun,
                done,
                failed,
                begun - done - failed,
                cpuNs / (double) REPORT_NS,
                doneNow == 0 ? 0 : cpuNs / 1e6 / doneNow,
                living.latencyNs.getTotalCount(),
                living.latencyNs.getValueAtPercentile(50) / 1e6,
                living.latencyNs.getValueAtPercentile(99) / 1e6);
        living.latencyNs.reset();
    }

    private long cpuOfNodes() {
        return cluster.nodes().stream()
                .flatMap(node -> ProcessHandle.of(node.pid()).stream())
                .mapToLong(p -> p.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    /** Clients that come together, and go together with their media driver. */
    private final class Crowd implements Carrier.Listener {
        private final Carrier carrier = ClientDriver.network().open(config);
        private final List<Short> members = new ArrayList<>();
        private final long bornNs = System.nanoTime();

        Crowd(int size) {
            for (int i = 0; i < size; i++) {
                members.add(new Short(carrier));
            }
            begun += size;
        }

        int turn() {
            int work = carrier.poll(this);
            long nowNs = System.nanoTime();
            long nowMs = TimeUnit.NANOSECONDS.toMillis(nowNs);
            boolean isOver = true;
            for (Short member : members) {
                work += member.turn(nowMs, bornNs);
                isOver &= member.isOver();
            }
            work += carrier.invoke();
            if (isOver || nowNs - bornNs > PATIENCE_NS) {
                failed += members.stream().filter(member -> !member.isAnswered).count();
                // What nobody invokes any more says nothing.
                carrier.close();
                crowds.remove(this);
            }
            return work;
        }

        @Override
        public void onMessage(int stream, DirectBuffer buffer, int offset, int length) {
            // Whose it is says the link in it; the others let it go by.
            members.forEach(member -> member.core.hear(stream, buffer, offset, length));
        }

        @Override
        public void onLost(int stream) {
            members.forEach(member -> member.core.responseImageLost(stream));
        }

        @Override
        public void onAllLost() {}
    }

    /** One of them. */
    private final class Short implements ReplyListener {
        private final ClientCore core;
        private boolean isAnswered;
        private boolean wasBooked;
        private boolean isSaid;

        Short(Carrier carrier) {
            core = new ClientCore(carrier, config, new SecureRandom(), this);
        }

        int turn(long nowMs, long bornNs) {
            int work = core.tick(nowMs);
            if (!isSaid && core.isOpen()) {
                isSaid = core.offer(command, 0, command.capacity()) > 0;
            }
            if (isAnswered && !wasBooked) {
                wasBooked = true;
                done++;
                livesNs.recordValue(System.nanoTime() - bornNs);
                if (!isDying) {
                    core.beginClose();
                }
            }
            return work;
        }

        boolean isOver() {
            return wasBooked && (isDying || core.hasEnded());
        }

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {
            isAnswered = true;
        }
    }

    /** One command after the other. */
    private static final class Living implements ReplyListener {
        private final Histogram latencyNs = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        private final UnsafeBuffer command = new UnsafeBuffer(new byte[100]);
        private PaxosClient client;
        private long sentNs;

        int turn() {
            if (sentNs == 0 && client.offer(command, 0, command.capacity()) > 0) {
                sentNs = System.nanoTime();
            }
            return client.poll();
        }

        @Override
        public void onReply(long sequence, long slot, DirectBuffer reply, int at, int length) {
            latencyNs.recordValue(System.nanoTime() - sentNs);
            sentNs = 0;
        }
    }
}
