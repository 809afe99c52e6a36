package io.paxoslog.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What of the memory of node processes is resident, as the operating system says. */
final class NodeMemory {
    private NodeMemory() {}

    /** Heap, stacks, direct buffers: all that is no file, in MiB. */
    static long ownMebibytes(NodeProcess node) {
        return mebibytes(node, "RssAnon");
    }

    /** Of files that it has mapped, those in shared memory included, in MiB. */
    static long mappedMebibytes(NodeProcess node) {
        return mebibytes(node, "RssFile") + mebibytes(node, "RssShmem");
    }

    /** One line for people about all nodes. */
    static String describe(ClusterProcesses cluster) {
        StringBuilder line = new StringBuilder();
        for (NodeProcess node : cluster.nodes()) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            "  node %d %,d MiB and %,d of files",
                            node.id(),
                            ownMebibytes(node),
                            mappedMebibytes(node)));
        }
        return line.toString();
    }

    private static long mebibytes(NodeProcess node, String what) {
        try {
            return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
                    .filter(line -> line.startsWith(what + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
