package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Copies, describes and removes directories. */
final class Trees {
    private Trees() {}

    static void copy(Path from, Path to) throws IOException {
        for (Path path : paths(from)) {
            Files.copy(path, to.resolve(from.relativize(path)));
        }
    }

    /** Every name with its content, one line each: equal before and after when nothing changed. */
    static List<String> describe(Path root) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path path : paths(root)) {
            String content = Files.isDirectory(path) ? "directory" : checksum(path);
            lines.add(root.relativize(path) + " " + content);
        }
        return lines;
    }

    private static String checksum(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return bytes.length + " bytes " + crc.getValue();
    }

    static void delete(Path root) throws IOException {
        new SegmentFiles(FileDisk.REAL, root).delete(root);
    }

    private static List<Path> paths(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.sorted().toList();
        }
    }
}
