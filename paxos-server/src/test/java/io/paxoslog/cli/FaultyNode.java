package io.paxoslog.cli;

import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A node in a process of its own that is killed, frozen, stopped and started again, and whose wall
 * clock is set by the library that {@code -Dfaults.clock} names. Its output goes to a file.
 */
final class FaultyNode implements AutoCloseable {
    private static final List<String> FLAGS =
            Stream.concat(Stream.of("-Xmx256m"), Processes.FLAGS.stream()).toList();
    private static final long PATIENCE_S = 60;
    private static final String CLOCK_LIBRARY = System.getProperty("faults.clock");

    private final int id;
    private final Path directory;
    private final Path output;
    private final Path clock;
    private final List<String> wrapper;
    private final List<String> arguments;
    private int linesBefore;
    private Process process;

    FaultyNode(int id, String members, Path parent, List<String> settings) {
        this(id, members, parent, parent.resolve("node-" + id), List.of(), settings);
    }

    /**
     * @param parent where its output goes
     * @param directory where its data goes
     * @param wrapper words in front of its command line, which at last run that in their place
     */
    FaultyNode(
            int id,
            String members,
            Path parent,
            Path directory,
            List<String> wrapper,
            List<String> settings) {
        this(id, List.of("--members", members), parent, directory, wrapper, settings);
    }

    /** One that waits until it is made a member. */
    static FaultyNode joining(
            int id, String address, String join, Path parent, List<String> settings) {
        return new FaultyNode(
                id,
                List.of("--address", address, "--join", join),
                parent,
                parent.resolve("node-" + id),
                List.of(),
                settings);
    }

    private FaultyNode(
            int id,
            List<String> place,
            Path parent,
            Path directory,
            List<String> wrapper,
            List<String> settings) {
        this.id = id;
        this.directory = directory;
        this.wrapper = wrapper;
        output = parent.resolve("node-" + id + ".txt");
        clock = parent.resolve("clock-" + id);
        arguments = new ArrayList<>(List.of("node", "--id", Integer.toString(id)));
        arguments.addAll(place);
        arguments.addAll(List.of("--dir", directory.toString()));
        arguments.add(NodeCommand.STOP_AT_END_OF_INPUT);
        arguments.addAll(settings);
    }

    /** Whether wall clocks can be set here. */
    static boolean hasClock() {
        return CLOCK_LIBRARY != null;
    }

    int id() {
        return id;
    }

    Path directory() {
        return directory;
    }

    void start() {
        List<String> words = new ArrayList<>(wrapper);
        words.addAll(JavaCommand.of(FLAGS, arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        if (hasClock()) {
            builder.environment().put("LD_PRELOAD", CLOCK_LIBRARY);
            builder.environment().put("CLOCK_FILE", clock.toString());
        }
        linesBefore = Files.exists(output) ? lines().size() : 0;
        try {
            if (!Files.exists(clock)) {
                setClock(0);
            }
            process =
                    builder.redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets the wall clock so many days ahead of the machine's, or behind it. */
    void setClock(int days) {
        try {
            Files.writeString(clock, days + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it came up since it was started last; before that a signal just ends it. */
    boolean wasReady() {
        return lines().stream().skip(linesBefore).anyMatch(line -> line.startsWith("ready"));
    }

    /** Stops it in good order; returns its exit code. */
    int stop() {
        process.toHandle().destroy();
        try {
            if (process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("node " + id + " does not stop");
    }

    /** All that it has said in all its lives. */
    List<String> lines() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines that no node may write: they name mistakes of ours, or what would need a developer. */
    List<String> suspiciousLines() {
        return lines().stream()
                .filter(
                        line ->
                                line.contains("a rule of the node was broken")
                                        || line.startsWith("\tat ")
                                        || line.contains("Exception in thread")
                                        || line.contains("SIGSEGV")
                                        || line.contains("SIGBUS"))
                .map(line -> "node " + id + " said: " + line)
                .toList();
    }

    /** What is wrong with its directory, as {@code log verify} would say it. */
    List<String> findings() {
        try {
            return JournalVerifier.verify(directory).findings().stream()
                    .map(finding -> "node " + id + ": " + finding)
                    .toList();
        } catch (JournalException e) {
            return List.of("node " + id + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        if (process != null) {
            thaw();
            kill();
        }
    }
}
