package io.paxoslog.bench.cluster;

import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.PaxosClient;
import io.paxoslog.client.PaxosSnapshots;
import io.paxoslog.client.SnapshotReport;
import io.paxoslog.server.Durability;
import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import io.paxoslog.server.Settings;
import io.paxoslog.service.SequencerStateMachine;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A node of one, alone with its client: starts, answers a first command, takes more, ends. */
@Command(name = "restart-node", hidden = true)
final class RestartNodeCommand implements Callable<Integer> {
    private static final int WINDOW = 4096;
    private static final int PATIENCE_MS = (int) TimeUnit.MINUTES.toMillis(10);
    private static final long FOR_EVER = 1L << 40;

    @Option(names = "--dir", required = true)
    private Path dir;

    @Option(names = "--memory", required = true)
    private Path memory;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--commands", required = true)
    private long commands;

    @Option(names = "--payload", required = true)
    private int payload;

    @Option(names = "--snapshot", required = true)
    private boolean takesSnapshot;

    @Override
    public Integer call() {
        String address = "127.0.0.1:" + port;
        NodeConfig config =
                NodeConfig.builder()
                        .set(Settings.ID, 1)
                        .set(Settings.MEMBERS, "1=" + address)
                        .set(Settings.DIR, dir)
                        .set(Settings.AERON_PARENT, memory)
                        .durability(Durability.ASYNC)
                        .set(Settings.SNAPSHOT_SLOTS, FOR_EVER)
                        .set(Settings.SNAPSHOT_BYTES, FOR_EVER)
                        .build();
        long[] acknowledged = {0};
        try (PaxosNode node = PaxosLog.launch(config, new SequencerStateMachine());
                PaxosClient client =
                        PaxosClient.connect(
                                ClientConfig.of(List.of(address)).withWindow(WINDOW),
                                (sequence, slot, reply, offset, length) -> acknowledged[0]++)) {
            UnsafeBuffer command = new UnsafeBuffer(new byte[payload]);
            offer(client, command);
            requireDrained(client);
            Words.say(Words.READY + " " + msSinceStart());
            for (long i = 1; i < commands; i++) {
                offer(client, command);
            }
            requireDrained(client);
            if (takesSnapshot) {
                takeSnapshot(address);
            }
            Words.say(Words.END + " " + node.commitIndex());
        }
        return 0;
    }

    /** Since this process began, with all that Java itself needs to start. */
    private static long msSinceStart() {
        return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    private static void offer(PaxosClient client, UnsafeBuffer command) {
        while (client.offer(command, 0, command.capacity()) < 0) {
            client.poll();
        }
    }

    private static void requireDrained(PaxosClient client) {
        if (!client.drain(PATIENCE_MS)) {
            throw CompareException.failed("commands were not answered in time");
        }
    }

    private static void takeSnapshot(String address) {
        List<SnapshotReport> reports =
                PaxosSnapshots.take(
                        List.of(address), PaxosSnapshots.ALL, PATIENCE_MS, report -> {});
        if (reports.get(0).state() != SnapshotReport.State.TAKEN) {
            throw CompareException.failed("no snapshot was taken: " + reports.get(0).reason());
        }
    }
}
