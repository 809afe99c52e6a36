package io.paxoslog.cli;

import io.paxoslog.client.ChangeReport;
import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a client notices of changes of the members: three node processes and one client at a steady
 * rate, whose membership changes every second in every second run, and not in the others. Who the
 * members are stays, how many of them an election needs changes to and fro, so that all that is
 * measured is the change. Prints a line for each run.
 *
 * <p>Arguments, all optional: pairs of runs, seconds of each, commands a second.
 */
public final class ChangeMeasurement {
    private static final int NODES = 3;
    private static final int WARM_UP_SECONDS = 15;
    private static final int PATIENCE_MS = 10_000;

    private final ClusterProcesses cluster;
    private final String members;
    private volatile boolean isOver;
    private int changes;
    private int failures;

    private ChangeMeasurement(Path directory) {
        cluster =
                new ClusterProcesses(NODES, directory, List.of(), List.of("--open-slots", "4096"));
        members = String.join(",", cluster.addresses());
    }

    public static void main(String[] arguments) throws Exception {
        int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
        int rate = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3_000;
        Path directory = Files.createTempDirectory("paxoslog-changes-");
        ChangeMeasurement measurement = new ChangeMeasurement(directory);
        try {
            measurement.cluster.start();
            measurement.run("warm-up", true, WARM_UP_SECONDS, rate);
            for (int i = 0; i < pairs; i++) {
                measurement.run("no change", false, seconds, rate);
                measurement.run("one a second", true, seconds, rate);
            }
        } finally {
            measurement.cluster.close();
            Processes.delete(directory);
        }
    }

    private void run(String name, boolean isChanging, int seconds, int rate) throws Exception {
        changes = 0;
        failures = 0;
        isOver = false;
        Thread changing = new Thread(() -> everySecond(isChanging), "changing");
        changing.start();
        Bench result = Bench.run(members, seconds, rate);
        isOver = true;
        changing.join();
        System.out.printf(
                Locale.ROOT,
                "%-12s %3d changes (%d not done), %,7.0f a second, p50 %,6.0f us, p99 %,7.0f us,"
                        + " p99.9 %,7.0f us, longest %,7.0f us, errors %.0f%n",
                name,
                changes,
                failures,
                result.value("ops_per_s"),
                result.value("p50_us"),
                result.value("p99_us"),
                result.value("p999_us"),
                result.value("max_us"),
                result.value("errors"));
    }

    /** Asks as many questions where nothing changes: a question has a media driver of its own. */
    private void everySecond(boolean isChanging) {
        long nextNs = System.nanoTime();
        while (!isOver) {
            MembersReport now = ask();
            if (isChanging) {
                change(now);
            } else {
                ask();
            }
            nextNs += TimeUnit.SECONDS.toNanos(1);
            Pause.ms(Math.max(0, (int) TimeUnit.NANOSECONDS.toMillis(nextNs - System.nanoTime())));
        }
    }

    private MembersReport ask() {
        return MembersRead.ask(cluster.addresses(), PATIENCE_MS).latest();
    }

    private void change(MembersReport now) {
        int prepare = now.prepareQuorum() == NODES ? NODES - 1 : NODES;
        Change change =
                new Change(
                        now.slot(),
                        now.members(),
                        prepare,
                        now.acceptQuorum(),
                        now.openSlotLimit());
        ChangeReport report =
                PaxosMembers.change(
                        cluster.addresses(), change, PATIENCE_MS, moved -> {}, () -> false);
        if (report.state() == ChangeReport.State.IN_FORCE) {
            changes++;
        } else {
            failures++;
        }
    }
}
