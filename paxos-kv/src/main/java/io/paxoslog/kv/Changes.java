package io.paxoslog.kv;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What was done to keys, in cells: a value that was put, or that the key was deleted. Each names
 * the change of the same key before it. Nothing of a change is written again but that, and its
 * hash, once it is not counted any more.
 */
final class Changes {
    private static final int PREVIOUS = 0;
    private static final int KEY = 4;
    private static final int MAIN = 8;
    private static final int SUB = 16;
    private static final int LENGTH = 20;
    private static final int CREATED = 24;
    private static final int VERSION = 32;
    private static final int LEASE = 40;
    private static final int HASH = 48;
    private static final int VALUE = 56;
    private static final int DELETED = -1;

    private final Cells cells;

    Changes(Cells cells) {
        this.cells = cells;
    }

    /** What a change with a value of that many bytes takes of memory; any number for none. */
    static long bytesFor(int valueLength) {
        return Cells.bytesFor(VALUE + Math.max(0, valueLength));
    }

    int put(int key, long main, int sub, long created, long version, long lease, Slice value) {
        int added = add(key, main, sub, value.length);
        cells.putLong(added, CREATED, created);
        cells.putLong(added, VERSION, version);
        cells.putLong(added, LEASE, lease);
        cells.write(added, VALUE, value.buffer, value.offset, value.length);
        return added;
    }

    int delete(int key, long main, int sub) {
        int added = add(key, main, sub, DELETED);
        cells.putLong(added, CREATED, 0);
        cells.putLong(added, VERSION, 0);
        cells.putLong(added, LEASE, 0);
        return added;
    }

    private int add(int key, long main, int sub, int length) {
        int added = cells.allocate(VALUE + Math.max(0, length));
        cells.putInt(added, PREVIOUS, Cells.NONE);
        cells.putInt(added, KEY, key);
        cells.putLong(added, MAIN, main);
        cells.putInt(added, SUB, sub);
        cells.putInt(added, LENGTH, length);
        return added;
    }

    void free(int change) {
        cells.free(change);
    }

    int previous(int change) {
        return cells.getInt(change, PREVIOUS);
    }

    void setPrevious(int change, int previous) {
        cells.putInt(change, PREVIOUS, previous);
    }

    int key(int change) {
        return cells.getInt(change, KEY);
    }

    long main(int change) {
        return cells.getLong(change, MAIN);
    }

    int sub(int change) {
        return cells.getInt(change, SUB);
    }

    boolean isDeletion(int change) {
        return cells.getInt(change, LENGTH) == DELETED;
    }

    long created(int change) {
        return cells.getLong(change, CREATED);
    }

    long version(int change) {
        return cells.getLong(change, VERSION);
    }

    long lease(int change) {
        return cells.getLong(change, LEASE);
    }

    /** Zero: the change is not counted any more. */
    long hash(int change) {
        return cells.getLong(change, HASH);
    }

    void setHash(int change, long hash) {
        cells.putLong(change, HASH, hash);
    }

    int valueLength(int change) {
        return Math.max(0, cells.getInt(change, LENGTH));
    }

    void readValue(int change, MutableDirectBuffer target, int offset) {
        cells.read(change, VALUE, target, offset, valueLength(change));
    }

    int compareValue(int change, DirectBuffer other, int offset, int length) {
        return cells.compare(change, VALUE, valueLength(change), other, offset, length);
    }

    long bytes(int change) {
        return bytesFor(valueLength(change));
    }
}
