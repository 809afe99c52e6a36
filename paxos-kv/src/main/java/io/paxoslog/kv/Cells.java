package io.paxoslog.kv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory outside the heap, in cells of one size that are linked where something is longer: any free
 * cell serves for anything, so nothing is lost in gaps, whatever sizes come and go. What is stored
 * goes by the number of its first cell.
 */
final class Cells {
    /** The number of no cell. */
    static final int NONE = 0;

    /** What a cell takes of memory. */
    static final int CELL_BYTES = 64;

    /** What of it can be used. */
    static final int USABLE_BYTES = 60;

    private static final int NEXT = USABLE_BYTES;
    private static final int CELL_BITS = 6;
    private static final int SLAB_BITS = 14;
    private static final int SLAB_CELLS = 1 << SLAB_BITS;
    private static final int MOST_SLABS = 1 << (31 - SLAB_BITS);

    private UnsafeBuffer[] slabs = new UnsafeBuffer[16];
    private int slabCount;
    private int made = 1;
    private int free = NONE;

    /** The same cells for one who only reads, and only what is there now. */
    Cells beside() {
        Cells reader = new Cells();
        reader.slabs = slabs;
        return reader;
    }

    /** How many cells something of that many bytes takes. */
    static int cellsFor(int bytes) {
        return Math.max(1, (bytes + USABLE_BYTES - 1) / USABLE_BYTES);
    }

    /** What something of that many bytes takes of memory. */
    static long bytesFor(int bytes) {
        return (long) cellsFor(bytes) * CELL_BYTES;
    }

    /** Takes cells for something; what is in them is anything. */
    int allocate(int bytes) {
        int first = take();
        int last = first;
        for (int left = cellsFor(bytes) - 1; left > 0; left--) {
            int next = take();
            putInt(last, NEXT, next);
            last = next;
        }
        putInt(last, NEXT, NONE);
        return first;
    }

    private int take() {
        if (free != NONE) {
            int cell = free;
            free = next(cell);
            return cell;
        }
        if (made >> SLAB_BITS == slabCount) {
            addSlab();
        }
        return made++;
    }

    private void addSlab() {
        if (slabCount == MOST_SLABS) {
            throw new IllegalStateException("there are no more numbers for cells");
        }
        if (slabCount == slabs.length) {
            // A new array: whoever reads beside us keeps the one that he has.
            slabs = Arrays.copyOf(slabs, 2 * slabCount);
        }
        ByteBuffer memory = ByteBuffer.allocateDirect(SLAB_CELLS * CELL_BYTES);
        slabs[slabCount++] = new UnsafeBuffer(memory);
    }

    /** Gives all cells of something back. */
    void free(int first) {
        int last = first;
        for (int next = next(last); next != NONE; next = next(last)) {
            last = next;
        }
        putInt(last, NEXT, free);
        free = first;
    }

    private UnsafeBuffer slab(int cell) {
        return slabs[cell >>> SLAB_BITS];
    }

    private static int at(int cell) {
        return (cell & (SLAB_CELLS - 1)) << CELL_BITS;
    }

    private int next(int cell) {
        return getInt(cell, NEXT);
    }

    int getInt(int cell, int offset) {
        return slab(cell).getInt(at(cell) + offset);
    }

    void putInt(int cell, int offset, int value) {
        slab(cell).putInt(at(cell) + offset, value);
    }

    long getLong(int cell, int offset) {
        return slab(cell).getLong(at(cell) + offset);
    }

    void putLong(int cell, int offset, long value) {
        slab(cell).putLong(at(cell) + offset, value);
    }

    /** Writes bytes into something, from a place of it on. */
    void write(int first, int from, DirectBuffer source, int offset, int length) {
        copy(first, from, source, null, offset, length);
    }

    /** Reads bytes of something, from a place of it on. */
    void read(int first, int from, MutableDirectBuffer target, int offset, int length) {
        copy(first, from, null, target, offset, length);
    }

    /** Into cells from a source, or out of them where there is none. */
    private void copy(
            int first,
            int from,
            DirectBuffer source,
            MutableDirectBuffer target,
            int offset,
            int length) {
        int cell = first;
        int at = from;
        int done = 0;
        while (done < length) {
            if (at == USABLE_BYTES) {
                cell = next(cell);
                at = 0;
            }
            int some = Math.min(USABLE_BYTES - at, length - done);
            if (source != null) {
                slab(cell).putBytes(at(cell) + at, source, offset + done, some);
            } else {
                target.putBytes(offset + done, slab(cell), at(cell) + at, some);
            }
            done += some;
            at += some;
        }
    }

    /** Compares bytes of something with others, unsigned. */
    int compare(int first, int from, int bytes, DirectBuffer other, int offset, int length) {
        int both = Math.min(bytes, length);
        int cell = first;
        int at = from;
        int done = 0;
        while (done < both) {
            if (at == USABLE_BYTES) {
                cell = next(cell);
                at = 0;
            }
            int some = Math.min(USABLE_BYTES - at, both - done);
            int difference = compare(slab(cell), at(cell) + at, other, offset + done, some);
            if (difference != 0) {
                return difference;
            }
            done += some;
            at += some;
        }
        return Integer.compare(bytes, length);
    }

    private static int compare(DirectBuffer one, int at, DirectBuffer other, int from, int length) {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            long a = one.getLong(at + i, ByteOrder.BIG_ENDIAN);
            long b = other.getLong(from + i, ByteOrder.BIG_ENDIAN);
            if (a != b) {
                return Long.compareUnsigned(a, b);
            }
        }
        for (; i < length; i++) {
            int difference = (one.getByte(at + i) & 0xFF) - (other.getByte(from + i) & 0xFF);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }
}
