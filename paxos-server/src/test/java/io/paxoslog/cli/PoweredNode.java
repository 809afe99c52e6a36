package io.paxoslog.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * A node on a file system of its own, an ext4 image, whose power can be cut: what the node did not
 * force is gone then, and the id of the machine's run is another one.
 */
final class PoweredNode implements AutoCloseable {
    private static final String CUTTER = System.getProperty("power.cutter");
    private static final String IMAGE_BYTES = Long.toString(2L << 30);

    // Nothing but a force writes the file system's journal; a rename alone brings no data along.
    private static final String OPTIONS = "loop,data=ordered,commit=3600,noauto_da_alloc";
    private static final String WITH_BOOT_ID =
            "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"";
    private static final int UNFORCED_BYTES = 64 << 10;

    private final Path image;
    private final Path mounted;
    private final Path bootId;
    private final Path unforced;
    private final FaultyNode node;

    PoweredNode(int id, String members, Path parent, List<String> settings) {
        image = parent.resolve("image-" + id);
        mounted = makeDirectory(parent.resolve("disk-" + id));
        bootId = parent.resolve("boot-id-" + id);
        unforced = mounted.resolve("unforced");
        Tool.run("truncate", "-s", IMAGE_BYTES, image.toString());
        Tool.run("mkfs.ext4", "-q", "-F", image.toString());
        powerUp();
        // A namespace that hears of unmounting, or it would keep a dead file system mounted.
        List<String> wrapper =
                List.of(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "slave",
                        "sh",
                        "-c",
                        WITH_BOOT_ID,
                        bootId.toString());
        node = new FaultyNode(id, members, parent, mounted.resolve("data"), wrapper, settings);
    }

    private static Path makeDirectory(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void powerUp() {
        Tool.run("mount", "-o", OPTIONS, image.toString(), mounted.toString());
        try {
            Files.writeString(bootId, UUID.randomUUID() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FaultyNode node() {
        return node;
    }

    /**
     * Cuts the power of some nodes at one moment, and gives it back; they are down afterwards.
     * Sometimes their processes see the last of it, sometimes they stand still before.
     */
    static void cut(List<PoweredNode> nodes, Random random) {
        nodes.forEach(PoweredNode::writeUnforced);
        if (random.nextBoolean()) {
            nodes.forEach(each -> each.node.freeze());
        }
        List<String> words = new ArrayList<>(List.of(CUTTER));
        nodes.forEach(each -> words.add(each.mounted.toString()));
        Tool.run(words.toArray(String[]::new));
        nodes.forEach(each -> each.node.kill());
        for (PoweredNode each : nodes) {
            Tool.run("umount", each.mounted.toString());
            each.powerUp();
        }
    }

    private void writeUnforced() {
        try {
            Files.write(unforced, new byte[UNFORCED_BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a file that was written just before the cut, and not forced, has been lost. */
    boolean hasLostUnforced() {
        try {
            boolean isLost = !Files.exists(unforced) || Files.size(unforced) < UNFORCED_BYTES;
            Files.deleteIfExists(unforced);
            return isLost;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process and lets go of the file system. */
    @Override
    public void close() {
        node.close();
        Tool.run("umount", mounted.toString());
    }
}
