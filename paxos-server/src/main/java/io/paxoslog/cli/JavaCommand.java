package io.paxoslog.cli;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start this program again in a process of its own: same java, same jar, same flags. */
final class JavaCommand {
    private JavaCommand() {}

    /**
     * Returns the words of a command line that runs {@link Main}.
     *
     * @param flags further flags of the JVM, which overrule inherited ones
     * @param arguments what {@link Main} gets
     */
    static List<String> of(List<String> flags, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(JavaCommand::isInherited)
                .forEach(words::add);
        words.addAll(flags);
        addProgram(words);
        words.addAll(arguments);
        return words;
    }

    private static boolean isInherited(String flag) {
        return !flag.startsWith("-Xm")
                && !flag.startsWith("-javaagent")
                && !flag.startsWith("-agentlib");
    }

    private static void addProgram(List<String> words) {
        String classPath = System.getProperty("java.class.path");
        // The manifest of the jar opens what the libraries need, but only behind -jar.
        if (!classPath.contains(File.pathSeparator) && classPath.endsWith(".jar")) {
            words.add("-jar");
            words.add(classPath);
            return;
        }
        words.add("-cp");
        words.add(classPath);
        words.add(Main.class.getName());
    }
}
