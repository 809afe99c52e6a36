package io.paxoslog.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * For how long this node may ever have granted a lease, as a file of its directory says: a process
 * that starts does not know what the one before it has granted, and its settings may be others.
 */
final class LeaseNote {
    private static final String NAME = "lease-ms";

    private final Path file;
    private final int longestMs;

    private LeaseNote(Path file, int longestMs) {
        this.file = file;
        this.longestMs = longestMs;
    }

    /** Looks what the directory says. */
    static LeaseNote read(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            return new LeaseNote(file, Files.exists(file) ? parse(Files.readString(file)) : 0);
        } catch (IOException e) {
            throw refused(file, "cannot be read", e);
        }
    }

    /** What nobody can read may have been anything. */
    private static int parse(String text) {
        try {
            int ms = Integer.parseInt(text.strip());
            return ms < 0 ? longest() : Math.min(ms, longest());
        } catch (NumberFormatException e) {
            return longest();
        }
    }

    private static int longest() {
        return Settings.LONGEST_LEASE_MS;
    }

    /** The longest that was ever granted; 0 when none was. */
    int longestMs() {
        return longestMs;
    }

    /** From now on leases of this length may be granted. On stable storage when it returns. */
    void raise(int leaseMs) {
        if (leaseMs <= longestMs) {
            return;
        }
        Path aside = file.resolveSibling(NAME + ".new");
        try {
            write(aside, leaseMs + "\n");
            Files.move(
                    aside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            force(file.getParent());
        } catch (IOException e) {
            throw refused(file, "cannot be written", e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static StartException refused(Path file, String what, IOException why) {
        return new StartException(
                StartException.Reason.DIRECTORY,
                "%s %s: %s".formatted(file, what, Failures.message(why)),
                why);
    }
}
