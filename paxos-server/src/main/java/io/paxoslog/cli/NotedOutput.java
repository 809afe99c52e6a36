package io.paxoslog.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Predicate;

/**
 * Output that notes what kept it from being written and drops the rest: whoever prints is seldom
 * the one to act on it. Used by the thread of the command.
 */
final class NotedOutput extends FilterOutputStream {
    private final Predicate<IOException> isWithoutReader;
    private String problem;
    private boolean isPipeBroken;

    /**
     * @param isWithoutReader whether a failure only means that nobody reads any more
     */
    NotedOutput(OutputStream out, Predicate<IOException> isWithoutReader) {
        super(out);
        this.isWithoutReader = isWithoutReader;
    }

    /** Output that was never there. */
    static NotedOutput closed(String problem) {
        NotedOutput output = new NotedOutput(OutputStream.nullOutputStream(), failure -> false);
        output.problem = problem;
        return output;
    }

    @Override
    public void write(int oneByte) {
        if (problem != null) {
            return;
        }
        try {
            out.write(oneByte);
        } catch (IOException e) {
            note(e);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (problem != null) {
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            note(e);
        }
    }

    @Override
    public void flush() {
        if (problem != null) {
            return;
        }
        try {
            out.flush();
        } catch (IOException e) {
            note(e);
        }
    }

    private void note(IOException failure) {
        isPipeBroken = isWithoutReader.test(failure);
        problem = "standard output cannot be written: " + failure.getMessage();
    }

    /** What keeps it from being written; null when nothing does. */
    String problem() {
        return problem;
    }

    /** Whether nobody reads any more, as when a pipe to {@code head} has got its lines. */
    boolean isPipeBroken() {
        return isPipeBroken;
    }
}
