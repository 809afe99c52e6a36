package io.paxoslog.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts the system calls of processes with a tool of the system, where there is one. Used by one
 * thread.
 */
final class SystemCalls {
    private static final long PATIENCE_S = 20;
    private static final long NOT_COUNTED = -1;
    private static final int STRACE_CALLS = 3;

    private final String tool;
    private final Path directory;
    private final Map<Long, Process> counting = new HashMap<>();
    private final Map<Long, Long> counted = new HashMap<>();

    private SystemCalls(String tool, Path directory) {
        this.tool = tool;
        this.directory = directory;
    }

    /** Counts nothing. */
    static SystemCalls none() {
        return new SystemCalls("no", Path.of(""));
    }

    /**
     * Begins to count.
     *
     * @param tool perf, strace or no
     */
    static SystemCalls start(String tool, Workspace workspace, List<ChildProcess> processes) {
        SystemCalls calls = new SystemCalls(tool, workspace.disk());
        if (!tool.equals("no")) {
            processes.forEach(process -> calls.attach(process.pid()));
        }
        return calls;
    }

    private void attach(long pid) {
        String output = output(pid).toString();
        String target = Long.toString(pid);
        List<String> words =
                tool.equals("perf")
                        ? List.of(
                                "perf",
                                "stat",
                                "-x,",
                                "-e",
                                "raw_syscalls:sys_enter",
                                "-o",
                                output,
                                "-p",
                                target)
                        : List.of("strace", "-c", "-f", "-o", output, "-p", target);
        try {
            counting.put(
                    pid,
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException absent) {
            // Without the tool nothing is counted, and the note says so.
            return;
        }
    }

    private Path output(long pid) {
        return directory.resolve("system-calls-" + pid);
    }

    /** Ends to count. */
    void stop() {
        counting.values().forEach(SystemCalls::interrupt);
        counting.forEach(this::collect);
        counting.clear();
    }

    private static void interrupt(Process process) {
        // Only on this signal do both tools write down what they counted.
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        } catch (IOException e) {
            process.destroy();
        }
    }

    private void collect(long pid, Process process) {
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return;
            }
            List<String> lines = Files.readAllLines(output(pid));
            counted.put(pid, tool.equals("perf") ? perf(lines) : strace(lines));
        } catch (IOException absent) {
            counted.put(pid, NOT_COUNTED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the comma-separated output of perf: the count stands first. */
    static long perf(List<String> lines) {
        for (String line : lines) {
            String[] places = line.split(",", -1);
            if (line.contains("raw_syscalls:sys_enter")
                    && places[0].chars().allMatch(Character::isDigit)) {
                return Long.parseLong(places[0]);
            }
        }
        return NOT_COUNTED;
    }

    /** Reads the summary of strace: the total stands in the last line. */
    static long strace(List<String> lines) {
        for (String line : lines) {
            String[] places = line.strip().split("\\s+", -1);
            if (line.strip().endsWith(" total") && places.length > STRACE_CALLS) {
                return Long.parseLong(places[STRACE_CALLS]);
            }
        }
        return NOT_COUNTED;
    }

    /** System calls of a process; negative when not counted. */
    long of(long pid) {
        return counted.getOrDefault(pid, NOT_COUNTED);
    }
}
