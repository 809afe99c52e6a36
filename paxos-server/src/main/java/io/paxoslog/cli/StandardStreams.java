package io.paxoslog.cli;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams that this process was started with. One that was closed has its number given to the
 * next file that the JVM opens, or that a node does: such a file is never taken for the stream.
 *
 * <p>Where input and output are both closed, the JVM opens its jar as output and, for reasons of
 * its own, puts {@code /dev/null} there when it closes it, which nobody can tell from one that was
 * given.
 */
final class StandardStreams {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path FLAGS = Path.of("/proc/self/fdinfo");
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ACCESS_MODE = 3;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;
    private static final int TYPE_OF_FILE = 0170000;
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    // Held for as long as the process lives.
    private static final List<OutputStream> PLACEHOLDERS = new ArrayList<>();

    private final boolean isInGiven;
    private final boolean isOutGiven;
    private final boolean isErrGiven;

    private StandardStreams(boolean isInGiven, boolean isOutGiven, boolean isErrGiven) {
        this.isInGiven = isInGiven;
        this.isOutGiven = isOutGiven;
        this.isErrGiven = isErrGiven;
    }

    /** Finds out which were given; to be called before this process opens files of its own. */
    static StandardStreams ofProcess() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return new StandardStreams(true, true, true);
        }
        StandardStreams streams =
                new StandardStreams(
                        isGiven(IN, WRITE_ONLY), isGiven(OUT, READ_ONLY), isGiven(ERR, READ_ONLY));
        occupy();
        streams.redirect();
        return streams;
    }

    private static boolean isGiven(int descriptor, int wrongMode) {
        try {
            Path link = DESCRIPTORS.resolve(Integer.toString(descriptor));
            return !isOwn(Files.readSymbolicLink(link)) && accessMode(descriptor) != wrongMode;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the JVM opened this file for itself. */
    static boolean isOwn(Path file) {
        if (file.startsWith(System.getProperty("java.home"))) {
            return true;
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (file.equals(Path.of(entry).toAbsolutePath().normalize())) {
                return true;
            }
        }
        return false;
    }

    private static int accessMode(int descriptor) throws IOException {
        for (String line : Files.readAllLines(FLAGS.resolve(Integer.toString(descriptor)))) {
            if (line.startsWith("flags:")) {
                return Integer.parseInt(line.substring("flags:".length()).strip(), 8) & ACCESS_MODE;
            }
        }
        throw new IOException("no flags");
    }

    /** The lowest free number is always given out first, so that this fills the gaps. */
    private static void occupy() {
        for (int descriptor = IN; descriptor <= ERR; descriptor++) {
            if (Files.exists(DESCRIPTORS.resolve(Integer.toString(descriptor)))) {
                continue;
            }
            try {
                PLACEHOLDERS.add(new FileOutputStream("/dev/null"));
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Others in this process write to System.out and System.err. */
    private void redirect() {
        if (!isOutGiven) {
            System.setOut(nowhere());
        }
        if (!isErrGiven) {
            System.setErr(nowhere());
        }
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    /** Standard input; reading one that is closed fails. */
    InputStream in() {
        return isInGiven ? System.in : new ClosedInput();
    }

    /** Standard output, buffered. */
    NotedOutput out() {
        if (!isOutGiven) {
            return NotedOutput.closed("standard output is closed");
        }
        boolean isPipe = isPipe(OUT);
        return new NotedOutput(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                failure -> isPipe || "Broken pipe".equals(failure.getMessage()));
    }

    /** The words of the operating system for a broken pipe depend on the language. */
    private static boolean isPipe(int descriptor) {
        try {
            Path link = DESCRIPTORS.resolve(Integer.toString(descriptor));
            int type = (Integer) Files.getAttribute(link, "unix:mode") & TYPE_OF_FILE;
            return type == PIPE || type == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static final class ClosedInput extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("it is closed");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }
    }
}
