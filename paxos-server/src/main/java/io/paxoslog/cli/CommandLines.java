package io.paxoslog.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The commands to append: words of the command line, or the lines of a stream, which a thread of
 * its own reads ahead as the reader of the stream may have to wait. Bounded.
 */
final class CommandLines {
    private static final int AHEAD = 4096;
    private static final int LONGEST_BYTES = 1 << 20;
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> lines;
    private volatile String problem;
    private byte[] next;
    private boolean hasEnded;

    private CommandLines(int capacity) {
        lines = new ArrayBlockingQueue<>(capacity);
    }

    static CommandLines of(List<String> words) {
        CommandLines commands = new CommandLines(words.size() + 1);
        words.forEach(word -> commands.lines.add(Arguments.bytes(word)));
        commands.lines.add(END);
        return commands;
    }

    static CommandLines of(InputStream stream) {
        CommandLines commands = new CommandLines(AHEAD);
        Thread reader = new Thread(() -> commands.readAll(stream), "standard-input");
        reader.setDaemon(true);
        reader.start();
        return commands;
    }

    private void readAll(InputStream stream) {
        try {
            readLines(stream);
        } catch (IOException e) {
            problem = "standard input cannot be read: " + e.getMessage();
        } catch (InterruptedException e) {
            problem = "standard input was not read to its end";
        }
        putEnd();
    }

    private void readLines(InputStream stream) throws IOException, InterruptedException {
        byte[] chunk = new byte[1 << 16];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
            int begin = 0;
            for (int i = 0; i < read; i++) {
                if (chunk[i] == '\n') {
                    line.write(chunk, begin, i - begin);
                    put(line);
                    begin = i + 1;
                }
            }
            line.write(chunk, begin, read - begin);
            if (line.size() > LONGEST_BYTES) {
                problem = "a line is longer than " + LONGEST_BYTES + " bytes";
                return;
            }
        }
        if (line.size() > 0) {
            put(line);
        }
    }

    private void put(ByteArrayOutputStream line) throws InterruptedException {
        lines.put(line.toByteArray());
        line.reset();
    }

    private void putEnd() {
        try {
            lines.put(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command that comes next; null when none is there yet or none will come any more. */
    byte[] peek() {
        if (next == null && !hasEnded) {
            byte[] polled = lines.poll();
            hasEnded = polled == END;
            next = hasEnded ? null : polled;
        }
        return next;
    }

    void remove() {
        next = null;
    }

    /** Whether all has been handed out. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** What kept the rest from being read; null when nothing did. */
    String problem() {
        return problem;
    }
}
