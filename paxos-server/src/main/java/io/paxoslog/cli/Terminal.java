package io.paxoslog.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command meets outside: where it reads and prints, its environment, and the wish that it
 * stop. What it prints goes out when {@link #flush()} is called. Used by the thread of the command.
 */
final class Terminal {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final OutputStream out;
    private final PrintWriter err;
    private final Map<String, String> environment;
    private final StopSignal stop;
    private boolean isOutClosed;

    Terminal(
            InputStream in,
            OutputStream out,
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
        return new Terminal(
                System.in,
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                stop);
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
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
        try {
            out.write(bytes);
        } catch (IOException e) {
            isOutClosed = true;
        }
    }

    void write(int oneByte) {
        try {
            out.write(oneByte);
        } catch (IOException e) {
            isOutClosed = true;
        }
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            isOutClosed = true;
        }
    }

    /** Whether nobody reads any more, as when a pipe to {@code head} has got its lines. */
    boolean isOutClosed() {
        return isOutClosed;
    }
}
