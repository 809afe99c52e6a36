package io.paxoslog.bench.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process of a run, which ends with this one whatever happens: it reads a pipe from here and
 * stops at its end. What it says to this process begins with a mark. Used by one thread.
 */
final class ChildProcess implements AutoCloseable {
    /** Begins each line that is meant for the parent. */
    static final String MARK = "compare> ";

    private static final String END = "";
    private static final long GRACE_MS = 15_000;

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Deque<Other> others = new ConcurrentLinkedDeque<>();

    /** A line that is not meant for this process, and when it came. */
    record Other(long atNs, String line) {}

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static ChildProcess start(String name, List<String> words) {
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            ChildProcess child = new ChildProcess(name, process);
            Thread reader = new Thread(child::readOutput, "output-of-" + name);
            reader.setDaemon(true);
            reader.start();
            return child;
        } catch (IOException e) {
            throw CompareException.failed("cannot start " + name + ": " + e.getMessage());
        }
    }

    private void readOutput() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(MARK)) {
                    lines.add(line.substring(MARK.length()));
                } else if (!line.isBlank()) {
                    others.add(new Other(System.nanoTime(), line.strip()));
                }
            }
        } catch (IOException ended) {
            // A killed process may take its pipe with it: the same as the end of its output.
        }
        lines.add(END);
    }

    long pid() {
        return process.pid();
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private String lastOther() {
        Other last = others.peekLast();
        return last == null ? "it said nothing" : last.line();
    }

    /** The first line of its log with these words. */
    Optional<Other> firstSaid(String words) {
        return others.stream().filter(other -> other.line().contains(words)).findFirst();
    }

    /** When its log first held these words after a moment; never, when there are no words. */
    OptionalLong said(String words, long sinceNs) {
        return others.stream()
                .filter(other -> other.atNs() - sinceNs >= 0)
                .filter(other -> !words.isEmpty() && other.line().contains(words))
                .mapToLong(Other::atNs)
                .findFirst();
    }

    /** Waits for the next line that is meant for this process; fails if there is none in time. */
    String nextLine(long patienceMs) {
        try {
            String line = lines.poll(patienceMs, TimeUnit.MILLISECONDS);
            if (line == null) {
                throw CompareException.failed(
                        "%s said nothing for %d s: %s"
                                .formatted(name, patienceMs / 1000, lastOther()));
            }
            if (line.equals(END)) {
                throw CompareException.failed(name + " ended: " + lastOther());
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CompareException.failed("interrupted");
        }
    }

    /** Waits for a line of one word, and returns what follows the word. */
    String await(String word, long patienceMs) {
        String line = nextLine(patienceMs);
        return after(word, line)
                .orElseThrow(
                        () -> CompareException.failed(name + " did not say " + word + ": " + line));
    }

    /** What follows a word that begins a line. */
    static Optional<String> after(String word, String line) {
        return line.startsWith(word)
                ? Optional.of(line.substring(word.length()).strip())
                : Optional.empty();
    }

    /** Ends the process as {@code kill -9} does, and waits until it is gone. */
    void kill() {
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    /** Ends the pipe that the process reads, upon which it stops in good order. */
    void letGo() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // Its end of the pipe is gone, and so is the process.
            return;
        }
    }

    /** Lets the process stop in good order, or else kills it; returns when it is gone. */
    @Override
    public void close() {
        letGo();
        boolean isInterrupted = false;
        try {
            if (process.waitFor(GRACE_MS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        kill();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
