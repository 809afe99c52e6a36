package io.paxoslog.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a process holds at a moment, from Linux's /proc. */
final class Resources {
    private Resources() {}

    /** How long the files of a directory are, in MiB; one that goes meanwhile counts nothing. */
    static long diskMib(Path directory) {
        long[] bytes = {0};
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
                            bytes[0] += found.size();
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException gone) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes[0] >> 20;
    }

    /**
     * Memory of its own in MiB, without what it shares with the page cache; open files; mappings.
     * Empty when there is no such process.
     */
    static Map<String, Object> fields(long pid) {
        Path process = Counters.directory(pid);
        Map<String, Object> fields = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(process.resolve("fd"));
                Stream<String> mappings = Files.lines(process.resolve("maps"))) {
            List<String> status = Files.readAllLines(process.resolve("status"));
            fields.put("anonymous_mib", Counters.field(status, "RssAnon:") >> 10);
            fields.put("files", files.count());
            fields.put("mappings", mappings.count());
            return fields;
        } catch (IOException e) {
            return Map.of();
        }
    }
}
