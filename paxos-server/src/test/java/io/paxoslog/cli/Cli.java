package io.paxoslog.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
        return run(input, environment, new ByteArrayOutputStream(), args);
    }

    /** Runs it with an output that keeps a few bytes, and then fails. */
    static Cli runWithOutputThatFails(String why, int afterBytes, String input, String... args) {
        ByteArrayOutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int offset, int length) {
                        if (count + length > afterBytes) {
                            throw new UncheckedIOException(new IOException(why));
                        }
                        super.write(bytes, offset, length);
                    }
                };
        return run(input, Map.of(), out, args);
    }

    private static Cli run(
            String input,
            Map<String, String> environment,
            ByteArrayOutputStream out,
            String... args) {
        OutputStream stream =
                new OutputStream() {
                    @Override
                    public void write(int oneByte) throws IOException {
                        write(new byte[] {(byte) oneByte}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        try {
                            out.write(bytes, offset, length);
                        } catch (UncheckedIOException e) {
                            throw e.getCause();
                        }
                    }
                };
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new NotedOutput(stream, e -> "Broken pipe".equals(e.getMessage())),
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
