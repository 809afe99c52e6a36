package io.paxoslog.bench.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How processes of a run are started: all with the same Java, heap, collector and flags. */
final class JvmCommand {
    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseParallelGC",
                    "-XX:+AlwaysPreTouch",
                    // Or classes that are loaded late have the whole heap collected.
                    "-XX:MetaspaceSize=128m",
                    "-XX:+PerfDisableSharedMem",
                    "-XX:-UsePerfData",
                    "-Dagrona.disable.bounds.checks=true",
                    "-Dchronicle.analytics.disable=true",
                    "-Dchronicle.disk.monitor.disable=true",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");
    private static final int FIRST_THAT_WARNS = 24;
    private static final List<String> QUIET =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private JvmCommand() {}

    /** The flags of every process of a run. */
    static List<String> flags(Path javaHome, int heapMiB) {
        List<String> flags =
                new ArrayList<>(List.of("-Xms" + heapMiB + "m", "-Xmx" + heapMiB + "m"));
        flags.addAll(FLAGS);
        if (JavaHomes.versionOf(javaHome) >= FIRST_THAT_WARNS) {
            flags.addAll(QUIET);
        }
        return flags;
    }

    /** The words of a command line that runs a command of this program. */
    static List<String> of(
            Path javaHome, int heapMiB, Path tmpDir, String command, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(javaHome.resolve("bin/java").toString());
        words.addAll(flags(javaHome, heapMiB));
        words.add("-Djava.io.tmpdir=" + tmpDir);
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(Compare.class.getName());
        words.add(command);
        words.addAll(arguments);
        return words;
    }
}
