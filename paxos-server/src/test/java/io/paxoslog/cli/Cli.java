package io.paxoslog.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a command the way the command line does, but in this process, and keeps what it prints. */
record Cli(int exitCode, String out, String err) {

    static Cli run(String... args) {
        return run("", Map.of(), args);
    }

    static Cli runWithInput(String input, String... args) {
        return run(input, Map.of(), args);
    }

    static Cli runWithEnvironment(Map<String, String> environment, String... args) {
        return run("", environment, args);
    }

    private static Cli run(String input, Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        out,
                        new PrintWriter(err, true),
                        environment,
                        new StopSignal());
        int exitCode = Main.commandLine(terminal).execute(args);
        return new Cli(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    List<String> outLines() {
        return out.lines().toList();
    }

    List<String> errLines() {
        return err.lines().toList();
    }
}
