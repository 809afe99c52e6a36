package io.paxoslog.bench.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/** What one process cost between two readings of its counters, as fields of a note. */
final class ProcessCost {
    private static final double KIB_PER_MIB = 1024;

    private ProcessCost() {}

    /**
     * @param begin null when not counted
     * @param end null when not counted
     * @param systemCalls negative when not counted
     * @param measuredNs length of the part in which the commands were counted
     * @param commands commands in that part
     */
    static Map<String, Object> fields(
            Counters begin, Counters end, long systemCalls, long measuredNs, long commands) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (begin == null || end == null || commands == 0) {
            return fields;
        }
        // The readings are a little off the part in which the commands were counted.
        double perCommand = (double) measuredNs / (end.atNs() - begin.atNs()) / commands;
        double us = Counters.US_PER_TICK * perCommand;
        fields.put("user_us", (end.userTicks() - begin.userTicks()) * us);
        fields.put("system_us", (end.systemTicks() - begin.systemTicks()) * us);
        fields.put(
                "voluntary_switches",
                (end.voluntarySwitches() - begin.voluntarySwitches()) * perCommand);
        fields.put(
                "involuntary_switches",
                (end.involuntarySwitches() - begin.involuntarySwitches()) * perCommand);
        fields.put("minor_faults", (end.minorFaults() - begin.minorFaults()) * perCommand);
        fields.put("major_faults", (end.majorFaults() - begin.majorFaults()) * perCommand);
        fields.put("system_calls", systemCalls < 0 ? null : (Object) (systemCalls * perCommand));
        fields.put("rss_mib", end.rssKib() / KIB_PER_MIB);
        return fields;
    }
}
