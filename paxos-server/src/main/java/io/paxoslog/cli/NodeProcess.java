package io.paxoslog.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One node in a process of its own, which ends with this one whatever happens: it reads a pipe from
 * here and stops at its end. Thread-safe.
 */
final class NodeProcess implements AutoCloseable {
    private static final List<String> HEAP = List.of("-Xms64m", "-Xmx256m");

    // A loaded machine may take its time; only a node that hangs waits this long.
    private static final long PATIENCE_MS = 60_000;
    private static final long GRACE_MS = 10_000;

    private final List<String> flags = new ArrayList<>(HEAP);
    private final List<String> arguments;
    private final int id;
    private final Path directory;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Process process;
    private boolean outputEnded;

    /**
     * Prepares a node; does not start it.
     *
     * @param members all nodes, as {@code --members} takes them
     * @param jvmFlags further flags of the JVM
     * @param settings further arguments of the command {@code node}
     */
    NodeProcess(
            int id, String members, Path directory, List<String> jvmFlags, List<String> settings) {
        this.id = id;
        this.directory = directory;
        arguments =
                new ArrayList<>(
                        List.of(
                                "node",
                                "--id",
                                Integer.toString(id),
                                "--members",
                                members,
                                "--dir",
                                directory.toString(),
                                NodeCommand.STOP_AT_END_OF_INPUT));
        arguments.addAll(settings);
        flags.addAll(jvmFlags);
    }

    int id() {
        return id;
    }

    Path directory() {
        return directory;
    }

    long pid() {
        return process.pid();
    }

    /** Adds variables to its environment, from the next start on. */
    void environment(Map<String, String> variables) {
        environment.putAll(variables);
    }

    /** Starts the process; {@link #awaitReady} tells when it takes part. */
    synchronized void start() {
        lines.clear();
        outputEnded = false;
        try {
            ProcessBuilder builder = new ProcessBuilder(JavaCommand.of(flags, arguments));
            builder.environment().putAll(environment);
            process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw CommandFailure.failed("cannot start node " + id + ": " + e.getMessage());
        }
        Process started = process;
        Thread reader = new Thread(() -> readOutput(started), "output-of-node-" + id);
        reader.setDaemon(true);
        reader.start();
    }

    private void readOutput(Process started) {
        try (BufferedReader output = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                addLine(started, line);
            }
        } catch (IOException ended) {
            // A killed process may take its pipe with it: the same as the end of its output.
        }
        synchronized (this) {
            outputEnded |= started == process;
            notifyAll();
        }
    }

    private synchronized void addLine(Process from, String line) {
        if (from == process) {
            lines.add(line);
            notifyAll();
        }
    }

    /** Waits for the ready line. Fails when the process ends before, or does not say it in time. */
    synchronized void awaitReady() {
        if (!awaitState(() -> isReady() || outputEnded)) {
            throw CommandFailure.failed(
                    "node " + id + " is not ready after " + PATIENCE_MS + " ms: " + lastLine());
        }
        if (!isReady()) {
            throw CommandFailure.failed("node " + id + " did not start: " + lastLine());
        }
    }

    /** Whether it has neither said that it is ready nor ended. */
    synchronized boolean isStarting() {
        return !isReady() && !outputEnded;
    }

    private boolean isReady() {
        return lines.stream().anyMatch(line -> line.startsWith(NodeCommand.READY));
    }

    private synchronized boolean awaitState(BooleanSupplier isReached) {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        try {
            while (!isReached.getAsBoolean()) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
                if (leftMs <= 0) {
                    return false;
                }
                wait(leftMs);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private synchronized String lastLine() {
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }

    /** All lines it has printed since its start, standard output and errors together. */
    synchronized List<String> output() {
        return List.copyOf(lines);
    }

    /** Waits until it has printed a line with these words in it. */
    synchronized void awaitLine(String words) {
        if (!awaitState(() -> lines.stream().anyMatch(line -> line.contains(words)))) {
            throw CommandFailure.failed(
                    "node %d does not say '%s' within %d ms: %s"
                            .formatted(id, words, PATIENCE_MS, lines));
        }
    }

    /** Waits until all its output has come, which is after its end. */
    synchronized void awaitEndOfOutput() {
        if (!awaitState(() -> outputEnded)) {
            throw CommandFailure.failed(
                    "node " + id + " still runs after " + PATIENCE_MS + " ms: " + lastLine());
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Ends the process as {@code kill -9} does, and waits until it is gone. */
    void kill() {
        // Through the handle: Process.destroy would also throw away what it still has to say.
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** Asks the process to stop, as {@code kill} does; {@link #awaitExit} tells when it has. */
    void askToStop() {
        process.toHandle().destroy();
    }

    /** Waits for the end of the process and returns its exit code. */
    int awaitExit() {
        try {
            if (process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw CommandFailure.failed(
                "node " + id + " did not stop within " + PATIENCE_MS + " ms: " + lastLine());
    }

    /** Ends the pipe that the process reads, upon which it stops in good order. */
    void letGo() {
        if (process == null) {
            return;
        }
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // Its end of the pipe is gone, and so is the process.
            return;
        }
    }

    /** Lets the process stop in good order, as then it leaves nothing behind, or else kills it. */
    @Override
    public void close() {
        letGo();
        if (process == null) {
            return;
        }
        try {
            if (process.waitFor(GRACE_MS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
