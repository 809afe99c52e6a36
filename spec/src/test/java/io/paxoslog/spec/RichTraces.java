package io.paxoslog.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds seeds in whose traces much goes on, so that few traces show much. */
final class RichTraces {
    private static final String THREE_NODES = "3 ";
    private static final int LOST_RECORDS_WEIGH = 3;

    private RichTraces() {}

    /**
     * The traces of three nodes with the most elections, restarts and lost records.
     *
     * @param seeds are played from 1 on
     * @return each the seed, then the lines of the trace
     */
    static List<String> among(int seeds, int count) {
        List<String> traces = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            String trace = TraceRecorder.record(seed);
            if (trace.startsWith(THREE_NODES)) {
                traces.add(seed + "\n" + trace);
            }
        }
        traces.sort(Comparator.comparingLong(RichTraces::weight).reversed());
        return traces.subList(0, Math.min(count, traces.size()));
    }

    private static long weight(String trace) {
        List<String> lines = trace.lines().toList();
        return count(lines, "Leads")
                + count(lines, "Restarted")
                + LOST_RECORDS_WEIGH * lostRecords(lines);
    }

    static long count(List<String> lines, String what) {
        return lines.stream().filter(line -> line.startsWith(what)).count();
    }

    /** Crashes that lost records: between what was forced last and the restart lies something. */
    static long lostRecords(List<String> lines) {
        long lost = 0;
        for (int i = 0; i + 1 < lines.size(); i++) {
            boolean isForced = lines.get(i).startsWith("Forced");
            if (isForced && !lines.get(i + 1).startsWith("Restarted")) {
                lost++;
            }
        }
        return lost;
    }
}
