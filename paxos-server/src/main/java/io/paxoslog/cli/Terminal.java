package io.paxoslog.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command meets outside: where it reads and prints, its environment, and the wish that it
 * stop. What it prints goes out when {@link #flush()} is called; what cannot be printed is noted,
 * and the command line ends with a failure. Used by the thread of the command.
 */
final class Terminal {
    private final InputStream in;
    private final NotedOutput out;
    private final PrintWriter err;
    private final Map<String, String> environment;
    private final StopSignal stop;

    Terminal(
            InputStream in,
            NotedOutput out,
            PrintWriter err,
            Map<String, String> environment,
            StopSignal stop) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
        this.stop = stop;
    }

    /** What this process was started with. */
    static Terminal ofProcess(StopSignal stop) {
        StandardStreams streams = StandardStreams.ofProcess();
        return new Terminal(
                streams.in(),
                streams.out(),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                stop);
    }

    InputStream in() {
        return in;
    }

    NotedOutput out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    Map<String, String> environment() {
        return environment;
    }

    StopSignal stop() {
        return stop;
    }

    /** Prints a line of text. */
    void println(String line) {
        write(line.getBytes(StandardCharsets.UTF_8));
        write('\n');
    }

    void write(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
    }

    void write(int oneByte) {
        out.write(oneByte);
    }

    void flush() {
        out.flush();
    }

    /** Asks whoever is there; false when nobody answers yes. */
    boolean agrees(String question) {
        err.print(question);
        err.flush();
        try {
            return "yes"
                    .equals(
                            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                                    .readLine());
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether what is printed no longer gets anywhere: a command has no reason to go on. */
    boolean isOutLost() {
        return out.problem() != null;
    }

    /** Ends the command when what it printed got nowhere. */
    void requireOut() {
        if (isOutLost()) {
            throw CommandFailure.outputLost(out);
        }
    }
}
