package io.paxoslog.spec;

import io.paxoslog.spec.Model.Expected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs TLC in a process of its own, as TLC keeps what it knows in static fields. */
final class Tlc {
    private static final Pattern STATES =
            Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, 0 states left");
    private static final Pattern STATES_SO_FAR =
            Pattern.compile("(\\d+) states generated, (\\d+) distinct states found");
    private static final Pattern WALKED =
            Pattern.compile("(?:number of states generated|Progress): (\\d+)");
    private static final Pattern DEPTH =
            Pattern.compile("depth of the complete state graph search is (\\d+)");
    private static final Pattern BROKEN = Pattern.compile("Invariant (\\w+) is violated");
    private static final Pattern STEP = Pattern.compile("(?m)^State (\\d+):");
    private static final List<String> FOR_LONG = List.of("-XX:+UseParallelGC", "-Xmx4g");
    // A run of seconds is over before the second compiler pays.
    private static final List<String> FOR_SHORT =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g");

    private final Path specification;
    private final Path work;

    /**
     * A runner.
     *
     * @param specification directory of the modules
     * @param work directory to which everything is written
     */
    Tlc(Path specification, Path work) {
        this.specification = specification;
        this.work = work;
    }

    /**
     * What came out of a run; numbers are 0 where TLC did not say.
     *
     * @param broken the invariant found broken, or null
     * @param length states of the counterexample
     * @param isComplete whether everything was explored, or all walks were taken
     * @param output all that TLC printed
     */
    record Outcome(
            String broken,
            int length,
            long generated,
            long distinct,
            int depth,
            boolean isComplete,
            double seconds,
            String output) {}

    /** Runs a model to its end. */
    Outcome run(Model model) throws IOException, InterruptedException {
        Path directory = work.resolve(model.name());
        Files.createDirectories(directory);
        copyModules(directory);
        Files.write(directory.resolve("model.cfg"), model.configuration());
        Path output = directory.resolve("tlc.txt");
        long started = System.nanoTime();
        new ProcessBuilder(command(model))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        double seconds = (System.nanoTime() - started) / 1e9;
        return outcome(Files.readString(output), model.expected() == Expected.WALKS, seconds);
    }

    /** TLC looks for its configuration beside the module, and writes there. */
    private void copyModules(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(specification)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".tla")).toList()) {
                Path copy = directory.resolve(file.getFileName());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static List<String> command(Model model) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(model.isLarge() ? FOR_LONG : FOR_SHORT);
        command.add("-Djava.io.tmpdir=.");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "tlc2.TLC"));
        command.addAll(List.of("-workers", "1", "-config", "model.cfg", "-metadir", "states"));
        if (model.expected() == Expected.WALKS) {
            command.addAll(List.of("-seed", "1", "-depth", Integer.toString(model.depth())));
            command.addAll(List.of("-simulate", "num=" + model.atLeast()));
        }
        command.add(model.module() + ".tla");
        return command;
    }

    private static Outcome outcome(String output, boolean walks, double seconds) {
        Matcher broken = BROKEN.matcher(output);
        Pattern states = walks ? WALKED : STATES_SO_FAR;
        long generated = lastNumber(states, output, 1);
        boolean isComplete =
                walks
                        ? generated > 0 && !output.contains("Error:")
                        : STATES.matcher(output).find() && !output.contains("Error:");
        return new Outcome(
                broken.find() ? broken.group(1) : null,
                (int) lastNumber(STEP, output, 1),
                generated,
                walks ? 0 : lastNumber(states, output, 2),
                (int) lastNumber(DEPTH, output, 1),
                isComplete,
                seconds,
                output);
    }

    private static long lastNumber(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        long last = 0;
        while (matcher.find()) {
            last = Long.parseLong(matcher.group(group));
        }
        return last;
    }
}
