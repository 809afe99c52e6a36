package io.paxoslog.bench.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the Java that a run asks for. */
final class JavaHomes {
    private static final Path USUAL_PLACE = Path.of("/usr/lib/jvm");
    private static final String VERSION = "JAVA_VERSION=\"";

    private JavaHomes() {}

    /**
     * The directory of a JDK.
     *
     * @param wanted "this", a version, or a directory
     * @param environment may name the directory of a version in JAVA25_HOME and the like
     */
    static Path find(String wanted, Map<String, String> environment) {
        Path running = Path.of(System.getProperty("java.home"));
        if (wanted.equals("this")) {
            return running;
        }
        if (!wanted.chars().allMatch(Character::isDigit)) {
            return requireJava(Path.of(wanted));
        }
        int version = Integer.parseInt(wanted);
        for (Path home : candidates(running, "JAVA" + version + "_HOME", environment)) {
            if (hasJava(home) && versionOf(home) == version) {
                return home;
            }
        }
        throw CompareException.wrongUse(
                "no Java %d is installed here: set JAVA%d_HOME to one, or choose with --java"
                        .formatted(version, version));
    }

    private static List<Path> candidates(
            Path running, String variable, Map<String, String> environment) {
        List<Path> candidates = new ArrayList<>(List.of(running));
        if (environment.containsKey(variable)) {
            candidates.add(0, Path.of(environment.get(variable)));
        }
        if (Files.isDirectory(USUAL_PLACE)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(USUAL_PLACE)) {
                found.forEach(candidates::add);
            } catch (IOException e) {
                throw CompareException.failed(USUAL_PLACE + " cannot be read: " + e.getMessage());
            }
        }
        return candidates;
    }

    private static Path requireJava(Path home) {
        if (!hasJava(home)) {
            throw CompareException.wrongUse("--java: %s has no bin/java".formatted(home));
        }
        return home;
    }

    private static boolean hasJava(Path home) {
        return Files.isExecutable(home.resolve("bin/java"));
    }

    /** The feature version of a JDK, 0 if it does not say. */
    static int versionOf(Path home) {
        try {
            for (String line : Files.readAllLines(home.resolve("release"))) {
                if (line.startsWith(VERSION)) {
                    return Runtime.Version.parse(
                                    line.substring(VERSION.length(), line.length() - 1))
                            .feature();
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
        return 0;
    }
}
