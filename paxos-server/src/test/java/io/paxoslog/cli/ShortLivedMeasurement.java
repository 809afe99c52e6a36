package io.paxoslog.cli;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientCore;
import io.paxoslog.client.MemberLine;
import io.paxoslog.client.MemberLines;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.ReplyListener;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.MediaTurns;
import io.paxoslog.media.MessageReader;
import io.paxoslog.media.OpeningStream;
import io.paxoslog.media.StreamBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * Clients that come at a steady rate, each with a session of its own, append one command and are
 * gone: without a word, as a process is that is killed, or after closing. Beside them one client
 * that says nothing, and one that appends all the time. Prints a line each ten seconds, and what
 * became of all. See docs/benchmarks.md.
 *
 * <p>Arguments: clients in all, clients a second, {@code die} or {@code close}, settings of the
 * nodes.
 */
public final class ShortLivedMeasurement {
    private static final int COUNTER_BYTES = 1 << 20;
    private static final Path SHARED = Path.of("/dev/shm");
    private static final StreamBounds MANY = StreamBounds.ofNode(8192, 4 << 20);
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
    private final SplittableRandom random = new SplittableRandom(System.nanoTime());
    private final int perSecond;
    private long lastTag;
    private long begun;
    private long done;
    private long failed;

    private ShortLivedMeasurement(ClusterProcesses cluster, boolean isDying, int perSecond) {
        this.cluster = cluster;
        this.perSecond = perSecond;
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
            new ShortLivedMeasurement(cluster, isDying, perSecond).run(clients);
        } finally {
            Processes.delete(directory);
        }
    }

    private void run(long clients) throws IOException {
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
                boolean isDue = begun < clients && (nowNs - beganNs) / 1e9 * perSecond >= begun;
                int work = silent.poll() + living.turn();
                if (isDue) {
                    crowds.add(new Crowd((int) Math.min(perSecond, clients - begun)));
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

    /** Clients of one second, each at ports of its own; they go with their media driver. */
    private final class Crowd {
        private final List<Brief> members = new ArrayList<>();
        private final long bornNs = System.nanoTime();
        private final MediaTurns turns = new MediaTurns();
        private final MediaDriver driver;
        private final Aeron aeron;
        private int toCome;

        Crowd(int size) throws IOException {
            toCome = size;
            begun += size;
            driver = MediaDriver.launch(turns.setUp(driverContext(), MANY));
            aeron =
                    Aeron.connect(
                            turns.setUp(
                                    new Aeron.Context()
                                            .aeronDirectoryName(driver.aeronDirectoryName())
                                            .useConductorAgentInvoker(true)
                                            .driverAgentInvoker(driver.sharedAgentInvoker())));
            turns.drive(driver, aeron);
        }

        private MediaDriver.Context driverContext() throws IOException {
            return new MediaDriver.Context()
                    .aeronDirectoryName(Files.createTempDirectory(SHARED, "paxos-short-") + "/a")
                    .dirDeleteOnShutdown(true)
                    .threadingMode(ThreadingMode.INVOKER)
                    .asyncExecutorEnabled(false)
                    .mtuLength(8192)
                    .counterValuesBufferLength(COUNTER_BYTES)
                    .publicationLingerTimeoutNs(0)
                    .clientLivenessTimeoutNs(TimeUnit.DAYS.toNanos(1))
                    .publicationUnblockTimeoutNs(TimeUnit.DAYS.toNanos(2));
        }

        int turn() {
            int work = 0;
            long nowNs = System.nanoTime();
            long nowMs = TimeUnit.NANOSECONDS.toMillis(nowNs);
            if (toCome > 0 && (nowNs - bornNs) * perSecond >= members.size() * 1e9) {
                members.add(new Brief(this));
                toCome--;
                work++;
            }
            boolean isOver = toCome == 0;
            for (Brief member : members) {
                work += member.turn(nowMs);
                isOver &= member.isOver();
            }
            if (isOver || nowNs - bornNs > PATIENCE_NS) {
                failed += toCome + members.stream().filter(member -> !member.isAnswered).count();
                // What nobody invokes any more says nothing.
                aeron.close();
                driver.close();
                crowds.remove(this);
                return 1;
            }
            return work + turns.invoke();
        }
    }

    /** The ways of one client, from ports that no other has: a tag has a socket of its own. */
    private final class Lines implements MemberLines {
        private final Crowd crowd;
        private final int port;

        Lines(Crowd crowd, int port) {
            this.crowd = crowd;
            this.port = port;
        }

        @Override
        public String responseEndpoint(String member) {
            return "127.0.0.1:" + port;
        }

        @Override
        public MemberLine connect(String member, int largestMessageBytes) {
            int colon = member.lastIndexOf(':');
            int ingress = Integer.parseInt(member.substring(colon + 1)) + 1;
            return new Line(
                    new OpeningStream(
                            crowd.aeron,
                            "aeron:udp?endpoint=127.0.0.1:%d|tags=%d|term-length=4194304"
                                    .formatted(ingress, ++lastTag),
                            ClientProtocol.INGRESS_STREAM));
        }
    }

    /** One way. */
    private static final class Line implements MemberLine {
        private final OpeningStream stream;

        Line(OpeningStream stream) {
            this.stream = stream;
        }

        @Override
        public boolean isOpen() {
            return stream.isOpen();
        }

        @Override
        public boolean isBroken() {
            return stream.isRefused();
        }

        @Override
        public int fragmentBytes() {
            return stream.publication().maxPayloadLength();
        }

        @Override
        public int maxMessageBytes() {
            return 512 << 10;
        }

        @Override
        public boolean send(DirectBuffer message, int length) {
            return send(message, length, message, 0, 0);
        }

        @Override
        public boolean send(
                DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
            return stream.isOpen()
                    && stream.publication().offer(head, 0, headLength, body, offset, length) > 0;
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    /** One of them. */
    private final class Brief implements ReplyListener, MessageReader.Listener {
        private final MessageReader answers;
        private final ClientCore core;
        private boolean isAnswered;
        private boolean wasBooked;
        private boolean isSaid;

        private final long bornNs = System.nanoTime();

        Brief(Crowd crowd) {
            String channel = "aeron:udp?endpoint=0.0.0.0:0";
            answers = new MessageReader(crowd.aeron, channel, ClientProtocol.RESPONSE_STREAM, this);
            String resolved = answers.tryResolveChannelEndpointPort();
            while (resolved == null) {
                crowd.turns.invoke();
                resolved = answers.tryResolveChannelEndpointPort();
            }
            int port = Integer.parseInt(resolved.substring(resolved.lastIndexOf(':') + 1));
            core = new ClientCore(new Lines(crowd, port), config, random, this);
        }

        int turn(long nowMs) {
            if (isOver()) {
                return 0;
            }
            int work = answers.poll(64) + core.tick(nowMs);
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

        @Override
        public boolean onMessage(
                Image image, long reserved, DirectBuffer buffer, int offset, int length) {
            core.hear(image.sessionId(), buffer, offset, length);
            return true;
        }

        @Override
        public boolean isActing() {
            return false;
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
