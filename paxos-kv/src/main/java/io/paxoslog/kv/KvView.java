package io.paxoslog.kv;

import io.paxoslog.service.StateView;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.agrona.ExpandableArrayBuffer;

/**
 * The store at one revision, written while commands go on: the store is locked for a few hundred
 * keys at a time, and gives no memory back until the view is closed. What is written is read
 * outside the lock, as no change is ever made another.
 *
 * <p>First what was there where history begins, by key; then history.
 */
final class KvView implements StateView {
    static final int MAGIC = 0x504B5631;

    /** With leases and what is compacted by time; written where there is any of it. */
    static final int MAGIC_WITH_LEASES = 0x504B5632;

    static final int END = 0;
    static final int DELETED = -1;

    private static final int PIECE = 512;
    private static final int LEASE_LONGS = 4;

    private final KvStore store;
    private final KvBounds bounds = new KvBounds();
    private final long revision;
    private final long compacted;
    private final long begin;
    private final long end;
    private final long baseMain;
    private final int baseSub;
    private final long[] leases;
    private final long retainedSeconds;
    private final TimedCompaction.Mark[] marks;
    private final int[] found = new int[PIECE];
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
    private final Slice last = new Slice();
    private final ExpandableArrayBuffer lastKey = new ExpandableArrayBuffer();
    private boolean isClosed;

    KvView(KvStore store, KvBounds bounds, TimedCompaction compaction) {
        this.store = store;
        this.bounds.copyFrom(bounds);
        revision = store.revision();
        compacted = store.compacted();
        begin = store.counted();
        end = store.history().end();
        baseMain = store.baseMain();
        baseSub = store.baseSub();
        leases = copyOf(store.leases());
        retainedSeconds = compaction.retainedSeconds();
        marks = compaction.marks().toArray(TimedCompaction.Mark[]::new);
        store.views().incrementAndGet();
    }

    private static long[] copyOf(Leases leases) {
        long[] copy = new long[leases.size() * LEASE_LONGS];
        int at = 0;
        for (Leases.Lease next : leases.above(0)) {
            copy[at++] = next.id;
            copy[at++] = next.ttlSeconds;
            copy[at++] = next.renewedMs;
            copy[at++] = next.timedMs;
        }
        return copy;
    }

    @Override
    public void writeTo(OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        boolean isWithLeases = leases.length > 0 || retainedSeconds > 0;
        out.writeInt(isWithLeases ? MAGIC_WITH_LEASES : MAGIC);
        out.writeLong(revision);
        out.writeLong(compacted);
        out.writeLong(begin);
        out.writeLong(baseMain);
        out.writeInt(baseSub);
        out.writeLong(bounds.quotaBytes);
        out.writeLong(bounds.retained);
        out.writeBoolean(bounds.isAlarmed);
        if (isWithLeases) {
            writeLeases(out);
        }
        writeBase(out);
        writeHistory(out);
        out.flush();
    }

    private void writeLeases(DataOutputStream out) throws IOException {
        out.writeInt(leases.length / LEASE_LONGS);
        for (long number : leases) {
            out.writeLong(number);
        }
        out.writeLong(retainedSeconds);
        out.writeInt(marks.length);
        for (TimedCompaction.Mark mark : marks) {
            out.writeLong(mark.timeNs());
            out.writeLong(mark.revision());
        }
    }

    private void writeBase(DataOutputStream out) throws IOException {
        KeyTree.Cursor cursor = new KeyTree.Cursor();
        last.clear();
        int count = PIECE;
        while (count == PIECE) {
            Cells cells;
            synchronized (store) {
                count = findKeys(cursor);
                cells = store.cells().beside();
            }
            Changes changes = new Changes(cells);
            for (int i = 0; i < count; i++) {
                int change = baseOf(changes, found[i]);
                if (change != Cells.NONE && !changes.isDeletion(change)) {
                    write(out, new Keys(cells), changes, change);
                }
            }
        }
        out.writeInt(END);
    }

    /** Finds the newest changes of the keys that come next. */
    private int findKeys(KeyTree.Cursor cursor) {
        Keys keys = store.keys();
        store.tree().seek(cursor, last);
        int count = 0;
        int key = cursor.key();
        if (key != Cells.NONE && !last.isEmpty() && keys.compare(key, last) == 0) {
            cursor.advance();
        }
        for (; count < PIECE && cursor.key() != Cells.NONE; cursor.advance()) {
            key = cursor.key();
            found[count++] = keys.newest(key);
        }
        if (count > 0) {
            lastKey.checkLimit(keys.length(key));
            keys.read(key, lastKey, 0);
            last.set(lastKey, 0, keys.length(key));
        }
        return count;
    }

    private int baseOf(Changes changes, int newest) {
        int change = newest;
        while (change != Cells.NONE && !isInBase(changes, change)) {
            change = changes.previous(change);
        }
        return change;
    }

    private boolean isInBase(Changes changes, int change) {
        long main = changes.main(change);
        return main < baseMain || (main == baseMain && changes.sub(change) <= baseSub);
    }

    private void writeHistory(DataOutputStream out) throws IOException {
        for (long position = begin; position < end; ) {
            int count = (int) Math.min(PIECE, end - position);
            Cells cells;
            synchronized (store) {
                for (int i = 0; i < count; i++) {
                    found[i] = store.history().get(position + i);
                }
                cells = store.cells().beside();
            }
            for (int i = 0; i < count; i++) {
                write(out, new Keys(cells), new Changes(cells), found[i]);
            }
            position += count;
        }
        out.writeInt(END);
    }

    private void write(DataOutputStream out, Keys keys, Changes changes, int change)
            throws IOException {
        int key = changes.key(change);
        int keyLength = keys.length(key);
        int valueLength = changes.valueLength(change);
        scratch.checkLimit(keyLength + valueLength);
        keys.read(key, scratch, 0);
        changes.readValue(change, scratch, keyLength);
        out.writeInt(keyLength);
        out.writeInt(changes.isDeletion(change) ? DELETED : valueLength);
        out.writeLong(changes.main(change));
        out.writeInt(changes.sub(change));
        out.writeLong(changes.created(change));
        out.writeLong(changes.version(change));
        out.writeLong(changes.lease(change));
        out.write(scratch.byteArray(), 0, keyLength + valueLength);
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            store.views().decrementAndGet();
        }
    }
}
