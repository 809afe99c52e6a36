package io.paxoslog.bench.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the operating system has counted for one process so far, from Linux's /proc.
 *
 * @param atNs when it was read
 * @param userTicks time in its own code, in ticks of 10 ms
 * @param systemTicks time in the kernel
 * @param voluntarySwitches times its threads waited for something
 * @param involuntarySwitches times its threads were made to give way
 * @param rssKib memory it has now
 */
record Counters(
        long atNs,
        long userTicks,
        long systemTicks,
        long minorFaults,
        long majorFaults,
        long voluntarySwitches,
        long involuntarySwitches,
        long rssKib) {

    /** Microseconds in a tick: Linux tells user space 100 ticks a second everywhere. */
    static final long US_PER_TICK = 10_000;

    // Places behind the name of the program, which may hold blanks; see proc_pid_stat(5).
    private static final int MINOR = 7;
    private static final int MAJOR = 9;
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private static final Path PROC = Path.of("/proc");

    /** Where Linux shows a process. */
    static Path directory(long pid) {
        return PROC.resolve(Long.toString(pid));
    }

    /** Reads the counters of a process; null when there are none, as when it has ended. */
    static Counters of(long pid) {
        Path process = directory(pid);
        try {
            List<String> status = Files.readAllLines(process.resolve("status"));
            String stat = Files.readString(process.resolve("stat"));
            long voluntary = 0;
            long involuntary = 0;
            try (DirectoryStream<Path> threads =
                    Files.newDirectoryStream(process.resolve("task"))) {
                for (Path thread : threads) {
                    List<String> lines = Files.readAllLines(thread.resolve("status"));
                    voluntary += field(lines, "voluntary_ctxt_switches:");
                    involuntary += field(lines, "nonvoluntary_ctxt_switches:");
                }
            }
            return parse(System.nanoTime(), stat, status, voluntary, involuntary);
        } catch (IOException e) {
            return null;
        }
    }

    static Counters parse(
            long atNs, String stat, List<String> status, long voluntary, long involuntary) {
        String[] places = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Counters(
                atNs,
                Long.parseLong(places[USER]),
                Long.parseLong(places[SYSTEM]),
                Long.parseLong(places[MINOR]),
                Long.parseLong(places[MAJOR]),
                voluntary,
                involuntary,
                field(status, "VmRSS:"));
    }

    /** The number in a line like {@code VmRSS: 123 kB}; 0 when there is no such line. */
    static long field(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip().split(" ", 2)[0]);
            }
        }
        return 0;
    }
}
