package io.paxoslog.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The story of the demo: load, a killed leader, its return, the comparison of the journals. */
final class Demo {
    private static final int WINDOW = 500;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Terminal terminal;
    private final ClusterProcesses cluster;
    private final long loadNs;
    private final boolean isTelling;
    private long startNs;
    private long nextProgressNs;
    private long toldNs;
    private int told;

    Demo(Terminal terminal, ClusterProcesses cluster, double seconds, boolean isTelling) {
        this.terminal = terminal;
        this.cluster = cluster;
        this.isTelling = isTelling;
        loadNs = (long) (seconds * SECOND_NS);
    }

    DemoReport run() {
        say("starting three nodes, each a process of its own: " + cluster.members());
        cluster.start();
        try (NumberedLoad load = NumberedLoad.connect(cluster.addresses(), WINDOW)) {
            startNs = System.nanoTime();
            toldNs = startNs;
            nextProgressNs = startNs + SECOND_NS;
            long gapNs = failOver(load);
            long endNs = System.nanoTime();
            load.drain();
            say("load has ended; waiting until all nodes hold the same");
            cluster.awaitCaughtUp();
            say("stopping all nodes and reading what their journals hold");
            cluster.stop();
            JournalCheck check = JournalCheck.of(cluster.directories(), load);
            return new DemoReport(load, endNs - startNs, gapNs, check);
        }
    }

    private void say(String line) {
        if (isTelling) {
            terminal.println(line);
            terminal.flush();
        }
    }

    /** Loads, with a kill after a third of the time. Returns the gap that it made. */
    private long failOver(NumberedLoad load) {
        NodeProcess first = awaitLeader(load);
        say("node %d leads (process %d)".formatted(first.id(), first.pid()));
        loadUntil(load, startNs + loadNs / 3);
        NodeProcess killed = awaitLeader(load);
        say("kill -9 of node %d, which leads (process %d)".formatted(killed.id(), killed.pid()));
        load.beginGap();
        killed.kill();
        loadUntil(load, startNs + loadNs * 2 / 3);
        NodeProcess next = awaitLeader(load);
        long gapNs = load.longestGapNs();
        say("node %d leads (process %d)".formatted(next.id(), next.pid()));
        killed.start();
        say("node %d starts again (process %d)".formatted(killed.id(), killed.pid()));
        while (killed.isStarting()) {
            turn(load);
        }
        killed.awaitReady();
        say("node %d is ready again".formatted(killed.id()));
        loadUntil(load, startNs + loadNs);
        return gapNs;
    }

    private NodeProcess awaitLeader(NumberedLoad load) {
        while (load.leader() == 0) {
            turn(load);
        }
        return cluster.node(load.leader());
    }

    private void loadUntil(NumberedLoad load, long untilNs) {
        while (System.nanoTime() - untilNs < 0) {
            turn(load);
        }
    }

    private void turn(NumberedLoad load) {
        if (terminal.stop().isRaised()) {
            throw CommandFailure.failed("stopped before the end");
        }
        terminal.requireOut();
        load.turn();
        long nowNs = System.nanoTime();
        if (nowNs - nextProgressNs >= 0) {
            tellProgress(load, nowNs);
        }
    }

    private void tellProgress(NumberedLoad load, long nowNs) {
        int acknowledged = load.acknowledged();
        say(
                String.format(
                        Locale.ROOT,
                        "%4d s  %,9.0f commands/s  commit index %,12d",
                        (nowNs - startNs) / SECOND_NS,
                        (acknowledged - told) * (double) SECOND_NS / (nowNs - toldNs),
                        load.lastSlot()));
        told = acknowledged;
        toldNs = nowNs;
        nextProgressNs += SECOND_NS;
    }
}
