package io.paxoslog.bench.contender;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Entries of {@value #ENTRY_BYTES} bytes, of which an image can be written by another thread while
 * they are replaced. An image keeps what an entry was before it was replaced, until it is written.
 */
final class Table {
    static final int ENTRY_BYTES = 100;

    private static final int ENTRIES_A_BLOCK = 1024;
    private static final int BLOCK_BYTES = ENTRIES_A_BLOCK * ENTRY_BYTES;

    private final byte[][] blocks;
    private volatile Image open;

    /**
     * @param entries rounded up to whole blocks
     */
    Table(int entries) {
        blocks = new byte[(entries + ENTRIES_A_BLOCK - 1) / ENTRIES_A_BLOCK][BLOCK_BYTES];
    }

    long size() {
        return (long) blocks.length * ENTRIES_A_BLOCK;
    }

    /** Replaces the first bytes of an entry. */
    void put(long index, DirectBuffer source, int offset, int length) {
        Image image = open;
        if (image == null) {
            set(index, source, offset, length);
        } else {
            image.keepAndSet(index, source, offset, length);
        }
    }

    private void set(long index, DirectBuffer source, int offset, int length) {
        source.getBytes(offset, blockOf(index), offsetOf(index), Math.min(length, ENTRY_BYTES));
    }

    private byte[] blockOf(long index) {
        return blocks[(int) (index / ENTRIES_A_BLOCK)];
    }

    private static int offsetOf(long index) {
        return (int) (index % ENTRIES_A_BLOCK) * ENTRY_BYTES;
    }

    /** What is held now. The one before must be closed. */
    Image image() {
        open = new Image();
        return open;
    }

    /** Takes what an image wrote, of a table as large. */
    void read(DataInputStream in) throws IOException {
        for (byte[] block : blocks) {
            in.readFully(block);
        }
    }

    /** All that is held at one moment. */
    final class Image {
        /** By block, so that no map grows large: a large one stands still when it grows. */
        private final List<Int2ObjectHashMap<byte[]>> before =
                new ArrayList<>(Collections.nCopies(blocks.length, null));

        private int written;

        private synchronized void keepAndSet(
                long index, DirectBuffer source, int offset, int length) {
            int block = (int) (index / ENTRIES_A_BLOCK);
            if (block >= written) {
                keep(block, offsetOf(index));
            }
            set(index, source, offset, length);
        }

        private void keep(int block, int from) {
            Int2ObjectHashMap<byte[]> kept = before.get(block);
            if (kept == null) {
                kept = new Int2ObjectHashMap<>();
                before.set(block, kept);
            }
            if (!kept.containsKey(from)) {
                kept.put(from, Arrays.copyOfRange(blocks[block], from, from + ENTRY_BYTES));
            }
        }

        /** Writes it, on whatever thread. */
        void writeTo(OutputStream out) throws IOException {
            byte[] copy = new byte[BLOCK_BYTES];
            for (int block = 0; block < blocks.length; block++) {
                copyNext(block, copy);
                out.write(copy);
            }
        }

        private synchronized void copyNext(int block, byte[] copy) {
            System.arraycopy(blocks[block], 0, copy, 0, BLOCK_BYTES);
            Int2ObjectHashMap<byte[]> kept = before.get(block);
            if (kept != null) {
                kept.forEachInt((from, old) -> System.arraycopy(old, 0, copy, from, ENTRY_BYTES));
                before.set(block, null);
            }
            written = block + 1;
        }

        void close() {
            open = null;
        }
    }
}
