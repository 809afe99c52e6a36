package io.paxoslog.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Where the media driver of a node keeps its buffers. The name follows from the data directory, so
 * that a node finds, and removes, what it left behind when it was killed.
 */
final class AeronDirectory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private AeronDirectory() {}

    /**
     * @param parent where to put it; empty for the usual place
     * @param data the data directory, which exists
     */
    static Path of(Path parent, Path data) {
        try {
            byte[] path = data.toRealPath().toString().getBytes(StandardCharsets.UTF_8);
            CRC32C checksum = new CRC32C();
            checksum.update(path);
            String name =
                    "paxoslog-%s-%08x-%x"
                            .formatted(
                                    System.getProperty("user.name"),
                                    checksum.getValue(),
                                    path.length);
            return usualParent(parent).resolve(name);
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.DIRECTORY,
                    data + " cannot be read (" + e.getMessage() + ")",
                    e);
        }
    }

    private static Path usualParent(Path parent) {
        if (!parent.toString().isEmpty()) {
            return parent;
        }
        return Files.isWritable(SHARED_MEMORY)
                ? SHARED_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }
}
