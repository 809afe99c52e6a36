package io.paxoslog.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;

/** A directory that comes and goes with a measurement. */
final class Directories {
    private Directories() {}

    static Path create() throws IOException {
        return Files.createTempDirectory("paxoslog-bench");
    }

    static void delete(Path directory) {
        IoUtil.delete(directory.toFile(), true);
    }
}
