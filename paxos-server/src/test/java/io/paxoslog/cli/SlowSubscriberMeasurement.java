package io.paxoslog.cli;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.SharedSubscription;
import io.paxoslog.client.Subscription;
import io.paxoslog.log.LocalTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * When subscribers and local tails hear of commands, beside when their client does, and what a
 * subscriber that takes far less than there is costs the others: parts without it and with it take
 * turns in one run, on three node processes. One thread appends at a steady rate and polls all
 * readers; times are from when a command was given to its client.
 *
 * <p>Arguments: pairs of parts, seconds of each, commands a second (default 3, 10, 2000), then
 * settings of the nodes. See docs/testing.md.
 */
public final class SlowSubscriberMeasurement {
    private static final int ANSWER_MS = 2_000;
    private static final int MOST_PENDING = 1 << 20;
    private static final int SLOTS_AT_ONCE = 1_000;
    private static final long SLOW_COMMAND_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int WARM_UP_SECONDS = 15;

    /** How long it took until each command was heard somewhere. */
    private static final class Times {
        private final String name;
        private final Histogram ns = new Histogram(3);

        Times(String name) {
            this.name = name;
        }

        void add(long tookNs) {
            ns.recordValue(tookNs);
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "  %-22s %,9d commands, us: p50 %,8.0f  p99 %,8.0f%n",
                    name,
                    ns.getTotalCount(),
                    Latencies.us(ns, 50),
                    Latencies.us(ns, 99));
            ns.reset();
        }
    }

    private final long[] givenNs = new long[MOST_PENDING];
    private final NumberedCommand command = new NumberedCommand();
    private final List<Times> all = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<LocalTail> tails = new ArrayList<>();
    private final List<LocalTail.Handler> handlers = new ArrayList<>();
    private final ClusterProcesses cluster;
    private final PaxosClient client;
    private final Times replies = times("replied to the client");
    private final IdleStrategy idle = new BackoffIdleStrategy(10, 5, 1_000, 20_000);
    private long given;
    private final AtomicLong slowHeard = new AtomicLong();

    private SlowSubscriberMeasurement(ClusterProcesses cluster) {
        this.cluster = cluster;
        client =
                PaxosClient.connect(
                        ClientConfig.of(cluster.addresses()),
                        (sequence, slot, reply, offset, length) -> replied(sequence));
    }

    private Times times(String name) {
        Times made = new Times(name);
        all.add(made);
        return made;
    }

    private void replied(long sequence) {
        replies.add(System.nanoTime() - givenNs[(int) (sequence - 1) & (MOST_PENDING - 1)]);
    }

    private void heard(Times times, DirectBuffer buffer, int offset, int length) {
        long number = NumberedCommand.numberIn(buffer, offset, length);
        if (number >= 0) {
            times.add(System.nanoTime() - givenNs[(int) number & (MOST_PENDING - 1)]);
        }
    }

    public static void main(String[] args) throws IOException {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int rate = args.length > 2 ? Integer.parseInt(args[2]) : 2_000;
        List<String> settings = args.length > 3 ? List.of(args).subList(3, args.length) : List.of();
        Path directory = Files.createTempDirectory("slow-subscriber");
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, List.of(), settings)) {
            cluster.start();
            new SlowSubscriberMeasurement(cluster).run(pairs, seconds, rate);
            cluster.stop();
        } finally {
            Processes.delete(directory);
        }
        System.exit(0);
    }

    private void run(int pairs, int seconds, int rate) {
        load(WARM_UP_SECONDS, rate);
        int leader = Leaders.of(cluster.addresses(), ANSWER_MS);
        int follower = leader % 3 + 1;
        subscribe(leader);
        tail(leader);
        subscribe(follower);
        tail(follower);
        load(WARM_UP_SECONDS, rate);
        all.forEach(times -> times.ns.reset());
        for (int i = 0; i < pairs; i++) {
            measure("without a slow subscriber", seconds, rate);
            try (SharedSubscription slow = slow(leader)) {
                measure("beside a slow subscriber", seconds, rate);
                System.out.printf(
                        Locale.ROOT,
                        "  it heard %,d commands meanwhile, up to slot %,d%n",
                        slowHeard.getAndSet(0),
                        slow.upTo());
            }
        }
        subscriptions.forEach(Subscription::close);
        tails.forEach(LocalTail::close);
        client.close();
    }

    /** As one that has much to do with each command; all of the log is before it. */
    private SharedSubscription slow(int node) {
        ClientConfig config = ClientConfig.of(List.of(cluster.addresses().get(node - 1)));
        return SharedSubscription.start(
                config,
                Subscription.ANY_CLUSTER,
                1,
                (buffer, offset, length, header) -> {
                    slowHeard.incrementAndGet();
                    LockSupport.parkNanos(SLOW_COMMAND_NS);
                },
                Throwable::printStackTrace);
    }

    private void subscribe(int node) {
        Times times = times("subscribed at node " + node);
        ClientConfig config = ClientConfig.of(List.of(cluster.addresses().get(node - 1)));
        subscriptions.add(
                Subscription.open(
                        config,
                        1,
                        (buffer, offset, length, header) -> heard(times, buffer, offset, length)));
    }

    private void tail(int node) {
        Times times = times("local tail of node " + node);
        tails.add(LocalTail.open(cluster.directories().get(node - 1), 1));
        handlers.add(
                (slot, session, sequence, time, buffer, offset, length) ->
                        heard(times, buffer, offset, length));
    }

    private void measure(String what, int seconds, int rate) {
        long cpuMs = nodesCpuMs();
        load(seconds, rate);
        System.out.printf(
                Locale.ROOT,
                "%s: node %d leads, nodes took %,d ms of processors%n",
                what,
                Leaders.of(cluster.addresses(), ANSWER_MS),
                nodesCpuMs() - cpuMs);
        all.forEach(Times::print);
    }

    private long nodesCpuMs() {
        return cluster.nodes().stream()
                .map(node -> ProcessHandle.of(node.pid()).orElseThrow().info().totalCpuDuration())
                .mapToLong(cpu -> cpu.orElse(Duration.ZERO).toMillis())
                .sum();
    }

    private void load(int seconds, int rate) {
        long beganNs = System.nanoTime();
        long endNs = beganNs + TimeUnit.SECONDS.toNanos(seconds);
        long first = given;
        for (long now = beganNs; now < endNs; now = System.nanoTime()) {
            long due = first + (now - beganNs) * rate / TimeUnit.SECONDS.toNanos(1);
            while (given < due && give()) {
                given++;
            }
            idle.idle(pollAll());
        }
    }

    private int pollAll() {
        int work = client.poll();
        for (int i = 0; i < subscriptions.size(); i++) {
            work += subscriptions.get(i).poll();
        }
        for (int i = 0; i < tails.size(); i++) {
            work += tails.get(i).poll(handlers.get(i), SLOTS_AT_ONCE);
        }
        return work;
    }

    private boolean give() {
        UnsafeBuffer numbered = command.numbered(given);
        givenNs[(int) given & (MOST_PENDING - 1)] = System.nanoTime();
        return client.offer(numbered, 0, numbered.capacity()) > 0;
    }
}
