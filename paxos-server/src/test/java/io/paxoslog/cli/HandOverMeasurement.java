package io.paxoslog.cli;

import io.paxoslog.client.PaxosLeadership;
import io.paxoslog.client.TransferReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How long a client goes without a reply when leadership is handed over: three node processes, one
 * client that always has some commands in flight, and one transfer after the other. Beside it the
 * same with a question that moves nothing, as whoever asks takes its share of the processors.
 *
 * <p>Arguments: transfers, commands in flight (default 50 and 20), then settings of the nodes. See
 * docs/testing.md.
 */
final class HandOverMeasurement {
    private static final int TIMEOUT_MS = 20_000;
    private static final long AROUND_NS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final int WARM_UP_COMMANDS = 100_000;
    private static final int WARM_UP_TRANSFERS = 5;

    private HandOverMeasurement() {}

    public static void main(String[] args) throws IOException {
        int transfers = args.length > 0 ? Integer.parseInt(args[0]) : 50;
        int window = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        List<String> settings = args.length > 2 ? List.of(args).subList(2, args.length) : List.of();
        Path directory = Files.createTempDirectory("hand-over");
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, List.of(), settings)) {
            cluster.start();
            try (NumberedLoad load = NumberedLoad.connect(cluster.addresses(), window)) {
                Processes.loadMore(load, WARM_UP_COMMANDS);
                measure(cluster, load, WARM_UP_TRANSFERS, true);
                print("nothing moves", measure(cluster, load, transfers, false));
                print("handed over", measure(cluster, load, transfers, true));
                load.drain();
                System.out.printf(Locale.ROOT, "%,d commands, none failed%n", load.acknowledged());
            }
            cluster.stop();
        } finally {
            Processes.delete(directory);
        }
        System.exit(0);
    }

    private static List<Double> measure(
            ClusterProcesses cluster, NumberedLoad load, int count, boolean moves) {
        List<Double> gapsMs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Processes.loadUntil(load, () -> load.leader() != 0);
            int to = moves ? load.leader() % 3 + 1 : load.leader();
            load.beginGap();
            ask(cluster, load, to);
            long untilNs = System.nanoTime() + AROUND_NS;
            Processes.loadUntil(load, () -> load.leader() == to && System.nanoTime() - untilNs > 0);
            gapsMs.add(load.longestGapNs() / 1e6);
        }
        return gapsMs;
    }

    private static void ask(ClusterProcesses cluster, NumberedLoad load, int to) {
        CompletableFuture<TransferReport> asked =
                CompletableFuture.supplyAsync(
                        () ->
                                PaxosLeadership.transfer(
                                        cluster.addresses(), to, TIMEOUT_MS, report -> {}));
        Processes.loadUntil(load, asked::isDone);
        TransferReport report = asked.join();
        if (report.state() != TransferReport.State.LEADS) {
            throw new AssertionError("node " + to + " does not lead: " + report);
        }
    }

    private static void print(String what, List<Double> gapsMs) {
        Collections.sort(gapsMs);
        System.out.printf(
                Locale.ROOT,
                "%-13s %d times: longest time without a reply, in ms: median %.1f, p90 %.1f, max %.1f%n",
                what,
                gapsMs.size(),
                gapsMs.get(gapsMs.size() / 2),
                gapsMs.get(gapsMs.size() * 9 / 10),
                gapsMs.get(gapsMs.size() - 1));
    }
}
