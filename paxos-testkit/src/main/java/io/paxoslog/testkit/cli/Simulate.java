package io.paxoslog.testkit.cli;

import io.paxoslog.testkit.scenario.Scenario;
import io.paxoslog.testkit.scenario.Shrinker;
import io.paxoslog.testkit.sim.Deed;
import io.paxoslog.testkit.sim.Fault;
import io.paxoslog.testkit.sim.Replay;
import io.paxoslog.testkit.sim.SeedRange;
import io.paxoslog.testkit.sim.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paxos-testkit/simulate}: whole clusters in one thread, one seed one history. */
@Command(
        name = "simulate",
        description = "Plays whole clusters in one thread, with faults; one seed is one history.",
        mixinStandardHelpOptions = true,
        subcommands = {
            Simulate.Seeds.class,
            Simulate.ReplayOne.class,
            Simulate.Shrink.class,
            Simulate.PlayScenario.class
        })
public final class Simulate {
    private static final double NS_PER_S = 1e9;
    private static final int PIECE_SEEDS = 1_000;
    private static final double NS_PER_HOUR = 3_600 * NS_PER_S;

    private Simulate() {}

    /** Runs a command and exits with 0, with 1 when a history fails, or with 2 on wrong use. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        int exitCode = run(arguments);
        // Keeps what went wrong with anything printed so far.
        if (System.out.checkError()) {
            System.err.println("simulate: standard output cannot be written");
            return Math.max(exitCode, 1);
        }
        return exitCode;
    }

    private static int run(String... arguments) {
        return new CommandLine(new Simulate())
                .setExecutionExceptionHandler(
                        (e, line, result) -> {
                            System.err.println("simulate: " + e.getMessage());
                            return 1;
                        })
                .execute(arguments);
    }

    /** Many seeds. */
    @Command(
            name = "seeds",
            description = "Plays many seeds; ends with code 1 at the first that fails.",
            mixinStandardHelpOptions = true)
    static final class Seeds implements Callable<Integer> {
        @Option(names = "--from", description = "First seed (default: ${DEFAULT-VALUE}).")
        private long from = 1;

        @Option(names = "--seeds", description = "How many (default: ${DEFAULT-VALUE}).")
        private long seeds = 10_000;

        @Option(
                names = "--hours",
                description = "Ends after so many hours; then --seeds is ignored.")
        private double hours;

        @Option(names = "--threads", description = "Default: one a processor.")
        private int threads = Runtime.getRuntime().availableProcessors();

        @Option(
                names = "--resume",
                paramLabel = "FILE",
                description = {
                    "Notes in FILE after every 1,000 seeds how far it came, and goes on from there"
                            + " when it is started again.",
                    "With --hours it plays one piece of the range of so many hours."
                })
        private Path resume;

        @Override
        public Integer call() throws InterruptedException, IOException {
            return resume == null ? playAll() : playPiece();
        }

        private int playPiece() throws InterruptedException, IOException {
            long start = System.nanoTime();
            Progress progress = new Progress(resume, from, seeds);
            Totals piece = new Totals();
            try {
                while (progress.left() > 0 && !isTimeUp(start)) {
                    long count = Math.min(PIECE_SEEDS, progress.left());
                    Totals some =
                            new SeedRange(progress.next(), count, threads, () -> false, t -> {})
                                    .play();
                    progress.played(count, some);
                    piece.add(some);
                }
            } catch (AssertionError failure) {
                System.out.println(failure.getMessage());
                return 1;
            }
            System.out.println(progress.totals());
            System.out.println(speed(piece, start));
            if (progress.left() == 0) {
                return missing(progress.totals());
            }
            System.out.println(
                    "left are the "
                            + progress.left()
                            + " seeds from "
                            + progress.next()
                            + " on: the same command goes on with them");
            return 0;
        }

        private boolean isTimeUp(long start) {
            return hours > 0 && System.nanoTime() - start > hours * NS_PER_HOUR;
        }

        private int playAll() throws InterruptedException {
            long start = System.nanoTime();
            BooleanSupplier isTimeUp = () -> isTimeUp(start);
            long most = hours > 0 ? Long.MAX_VALUE - from : seeds;
            try {
                SeedRange range =
                        new SeedRange(from, most, threads, isTimeUp, t -> report(t, start));
                Totals totals = range.play();
                System.out.println(totals);
                System.out.println(speed(totals, start));
                return missing(totals);
            } catch (AssertionError failure) {
                System.out.println(failure.getMessage());
                return 1;
            }
        }

        private static void report(Totals totals, long start) {
            if (totals.seeds() % 10_000 == 0) {
                System.out.println(totals.seeds() + " seeds, " + speed(totals, start));
            }
        }

        private static String speed(Totals totals, long start) {
            double seconds = (System.nanoTime() - start) / NS_PER_S;
            return String.format(
                    "%.0f s, %.0f events/s", seconds, totals.events() / Math.max(seconds, 1e-3));
        }

        private static int missing(Totals totals) {
            List<Object> missing = new ArrayList<>();
            for (Fault fault : Fault.values()) {
                if (totals.times(fault) == 0) {
                    missing.add(fault);
                }
            }
            for (Deed deed : Deed.values()) {
                if (totals.times(deed) == 0) {
                    missing.add(deed);
                }
            }
            if (missing.isEmpty()) {
                return 0;
            }
            System.out.println("never happened, so nothing was tested against it: " + missing);
            return 1;
        }
    }

    /** One seed again. */
    @Command(
            name = "replay",
            description = "Plays one seed again and tells what happened.",
            mixinStandardHelpOptions = true)
    static final class ReplayOne implements Callable<Integer> {
        @Parameters(paramLabel = "SEED")
        private long seed;

        @Option(
                names = "--script",
                description = "Writes all that was done to the nodes, as a scenario.")
        private Path script;

        @Override
        public Integer call() throws IOException {
            Replay replay = Replay.of(seed);
            System.out.println(replay.totals());
            System.out.println("trace hash " + Long.toHexString(replay.hash()));
            if (script != null) {
                Files.write(script, replay.script());
            }
            if (replay.failure().isEmpty()) {
                return 0;
            }
            System.out.println(replay.failure());
            return 1;
        }
    }

    /** A failing seed as a short scenario. */
    @Command(
            name = "shrink",
            description = "Makes a short scenario of a seed that fails.",
            mixinStandardHelpOptions = true)
    static final class Shrink implements Callable<Integer> {
        @Parameters(paramLabel = "SEED")
        private long seed;

        @Option(names = "--out", description = "File for the scenario; without it, it is printed.")
        private Path out;

        @Override
        public Integer call() throws IOException {
            Replay replay = Replay.of(seed);
            if (replay.failure().isEmpty()) {
                System.out.println("seed " + seed + " does not fail");
                return 1;
            }
            List<String> commands = Shrinker.shrink(replay.script());
            if (commands.isEmpty()) {
                System.out.println(
                        "what is done to the nodes alone violates nothing: look at the replay");
                return 1;
            }
            write(replay, commands);
            return 0;
        }

        private void write(Replay replay, List<String> commands) throws IOException {
            List<String> lines = new ArrayList<>();
            lines.add("# From seed " + seed + ", " + replay.script().size() + " commands.");
            lines.add("# Violated: " + Shrinker.violationIn(commands));
            lines.addAll(commands);
            if (out == null) {
                lines.forEach(System.out::println);
            } else {
                Files.write(out, lines);
            }
        }
    }

    /** A scenario file. */
    @Command(
            name = "scenario",
            description = "Plays a scenario file and prints it with what follows.",
            mixinStandardHelpOptions = true)
    static final class PlayScenario implements Callable<Integer> {
        @Parameters(paramLabel = "FILE")
        private Path file;

        @Override
        public Integer call() throws IOException {
            List<String> told = new ArrayList<>();
            String failure = Scenario.tell(Files.readAllLines(file), told);
            told.forEach(System.out::println);
            System.out.print(failure.isEmpty() ? "" : "violated: " + failure + "\n");
            return failure.isEmpty() ? 0 : 1;
        }
    }
}
