package io.paxoslog.log;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a node tells other processes of its machine while it runs: how far the log is applied, how
 * much of the journal shows that, and which slots took no effect. One bit a slot, of the last
 * {@value #SLOTS} slots. Written by one thread, through a mapping whose blocks are there before;
 * read by anybody; never forced, as the next start writes it anew.
 */
public final class AppliedFile implements AutoCloseable {
    /** Of so many slots the bits are kept; those before are as good as compacted. */
    static final int SLOTS = 1 << 25;

    static final int MAGIC = 0x70417850;
    static final int VERSION = 1;
    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 4;
    static final int INCARNATION_OFFSET = 8;
    static final int EPOCH_OFFSET = 16;
    static final int CLUSTER_OFFSET = 24;
    static final int APPLIED_OFFSET = 32;
    static final int POSITION_OFFSET = 40;
    static final int KEPT_FROM_OFFSET = 48;
    static final int ALIVE_OFFSET = 56;
    static final int BITS_OFFSET = 4096;
    static final int BYTES = BITS_OFFSET + SLOTS / Byte.SIZE;

    private static final String NAME = "applied";
    private static final int ZEROS_BYTES = 64 << 10;

    private final MappedByteBuffer map;
    private final UnsafeBuffer bytes;
    private long epoch;
    private long applied;
    private long keptFrom;

    private AppliedFile(MappedByteBuffer map, long epoch) {
        this.map = map;
        this.bytes = new UnsafeBuffer(map);
        this.epoch = epoch;
    }

    static Path in(Path directory) {
        return directory.resolve("journal").resolve(NAME);
    }

    /**
     * Takes the file of a node for a new run, in which nothing is applied yet.
     *
     * @param directory the node's directory
     * @param run a number that no run of it had before
     * @throws IOException when there is no room for it, or it cannot be written
     */
    public static AppliedFile open(Path directory, long incarnation, long run) throws IOException {
        Path file = in(directory);
        if (Files.exists(file) && Files.size(file) != BYTES) {
            Files.delete(file);
        }
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            writeZeros(channel);
            AppliedFile made =
                    new AppliedFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES), run);
            made.begin(incarnation);
            return made;
        }
    }

    /** Where blocks are missing a full disk would end the process. */
    private static void writeZeros(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(ZEROS_BYTES);
        long at = channel.size();
        while (at < BYTES) {
            zeros.clear().limit((int) Math.min(ZEROS_BYTES, BYTES - at));
            at += channel.write(zeros, at);
        }
    }

    private void begin(long incarnation) {
        putLong(EPOCH_OFFSET, 0);
        VarHandle.fullFence();
        putLong(APPLIED_OFFSET, 0);
        putLong(POSITION_OFFSET, 0);
        putLong(KEPT_FROM_OFFSET, 1);
        putLong(CLUSTER_OFFSET, 0);
        putLong(INCARNATION_OFFSET, incarnation);
        bytes.putInt(VERSION_OFFSET, VERSION, ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC_OFFSET, MAGIC, ByteOrder.LITTLE_ENDIAN);
        keptFrom = 1;
        VarHandle.fullFence();
        putLong(EPOCH_OFFSET, epoch);
    }

    private void putLong(int offset, long value) {
        bytes.putLong(offset, value, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * What was applied counts no more: it is applied again from below, and may come to another end.
     *
     * @param upTo every slot up to it stays as it was
     */
    public void beginAgain(long upTo) {
        epoch++;
        putLong(EPOCH_OFFSET, epoch);
        VarHandle.fullFence();
        applied = upTo;
        putLong(APPLIED_OFFSET, upTo);
    }

    /** Every slot up to this one was told of. */
    public long applied() {
        return applied;
    }

    /**
     * Begins to tell of more slots, which count once {@link #end} is called: all of them took
     * effect, but for those of which {@link #withoutEffect} says otherwise.
     *
     * @param upTo last of them
     * @param from slots below are not to be had any more
     */
    public void begin(long upTo, long from) {
        long lowest = Math.max(from, upTo - SLOTS + 1);
        if (lowest != keptFrom) {
            keptFrom = lowest;
            putLong(KEPT_FROM_OFFSET, lowest);
        }
        // Whoever reads a bit that is taken for another slot now finds that its slot is gone.
        VarHandle.fullFence();
        mark(Math.max(applied + 1, lowest), upTo, false);
    }

    /** Slots of those that are told of now took no effect. */
    public void withoutEffect(long first, long last) {
        mark(Math.max(first, keptFrom), last, true);
    }

    private void mark(long first, long last, boolean isWithoutEffect) {
        for (long slot = first; slot <= last; ) {
            long end = Math.min(last, slot | (Long.SIZE - 1));
            // The distance of a shift is taken modulo the bits of a word.
            long bits = (-1L << slot) & (-1L >>> (Long.SIZE - 1 - end));
            int word = wordOf(slot);
            long before = bytes.getLong(word, ByteOrder.LITTLE_ENDIAN);
            putLong(word, isWithoutEffect ? before | bits : before & ~bits);
            slot = end + 1;
        }
    }

    static int wordOf(long slot) {
        return BITS_OFFSET + (int) (slot % SLOTS / Long.SIZE) * Long.BYTES;
    }

    static long bitOf(long slot) {
        return 1L << (slot % Long.SIZE);
    }

    /**
     * All that was begun counts now.
     *
     * @param position up to which the journal shows all of these slots
     */
    public void end(long clusterId, long upTo, long position) {
        putLong(CLUSTER_OFFSET, clusterId);
        putLong(POSITION_OFFSET, position);
        applied = upTo;
        VarHandle.releaseFence();
        putLong(APPLIED_OFFSET, upTo);
    }

    /** The node is there, at a time in milliseconds since 1970. */
    public void alive(long nowMs) {
        putLong(ALIVE_OFFSET, nowMs);
    }

    @Override
    public void close() {
        bytes.wrap(0, 0);
        BufferUtil.free(map);
    }
}
