package io.paxoslog.kv;

import org.agrona.MutableDirectBuffer;

/** The keys in their cells: each has its bytes, and its newest change. */
final class Keys {
    private static final int NEWEST = 0;
    private static final int LENGTH = 4;
    private static final int BYTES = 8;

    private final Cells cells;

    Keys(Cells cells) {
        this.cells = cells;
    }

    /** What a key takes of memory beside its changes. */
    static long bytesFor(int length) {
        return Cells.bytesFor(BYTES + length);
    }

    int add(Slice key) {
        int added = cells.allocate(BYTES + key.length);
        cells.putInt(added, NEWEST, Cells.NONE);
        cells.putInt(added, LENGTH, key.length);
        cells.write(added, BYTES, key.buffer, key.offset, key.length);
        return added;
    }

    void free(int key) {
        cells.free(key);
    }

    int newest(int key) {
        return cells.getInt(key, NEWEST);
    }

    void setNewest(int key, int change) {
        cells.putInt(key, NEWEST, change);
    }

    int length(int key) {
        return cells.getInt(key, LENGTH);
    }

    void read(int key, MutableDirectBuffer target, int offset) {
        cells.read(key, BYTES, target, offset, length(key));
    }

    int compare(int key, Slice other) {
        return cells.compare(key, BYTES, length(key), other.buffer, other.offset, other.length);
    }
}
