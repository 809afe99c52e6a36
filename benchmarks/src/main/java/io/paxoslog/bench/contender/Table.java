package io.paxoslog.bench.contender;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

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
        private final Long2ObjectHashMap<byte[]> before = new Long2ObjectHashMap<>();
        private int written;

        private synchronized void keepAndSet(
                long index, DirectBuffer source, int offset, int length) {
            if (index / ENTRIES_A_BLOCK >= written && !before.containsKey(index)) {
                int from = offsetOf(index);
                before.put(index, Arrays.copyOfRange(blockOf(index), from, from + ENTRY_BYTES));
            }
            set(index, source, offset, length);
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
            long first = (long) block * ENTRIES_A_BLOCK;
            for (int i = 0; i < ENTRIES_A_BLOCK && !before.isEmpty(); i++) {
                byte[] old = before.remove(first + i);
                if (old != null) {
                    System.arraycopy(old, 0, copy, i * ENTRY_BYTES, ENTRY_BYTES);
                }
            }
            written = block + 1;
        }

        void close() {
            open = null;
        }
    }
}
