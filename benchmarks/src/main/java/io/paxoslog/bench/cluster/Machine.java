package io.paxoslog.bench.cluster;

import io.aeron.AeronVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a note says about the machine and the versions of what ran on it. */
final class Machine {
    private Machine() {}

    /** The machine as it is right now, before a run. */
    static Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cores", Runtime.getRuntime().availableProcessors());
        fields.put(
                "kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        fields.put("cpu", valueOf("/proc/cpuinfo", "model name"));
        fields.put("memory", valueOf("/proc/meminfo", "MemTotal"));
        fields.put("load_before", loadAverage());
        return fields;
    }

    static Map<String, Object> versions(Path javaHome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("paxoslog", System.getProperty("compare.revision", "unknown"));
        fields.put("aeron", AeronVersion.VERSION);
        fields.put("java", javaVersion(javaHome));
        return fields;
    }

    private static String javaVersion(Path javaHome) {
        return lineOf(javaHome.resolve("release").toString(), "JAVA_RUNTIME_VERSION=")
                .replace("\"", "");
    }

    private static String valueOf(String file, String name) {
        String line = lineOf(file, name);
        return line.substring(line.indexOf(':') + 1).strip();
    }

    /** What follows a word in the first line that begins with it. */
    private static String lineOf(String file, String beginning) {
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                if (line.startsWith(beginning)) {
                    return line.substring(beginning.length()).strip();
                }
            }
        } catch (IOException e) {
            return "unknown";
        }
        return "unknown";
    }

    private static String loadAverage() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
