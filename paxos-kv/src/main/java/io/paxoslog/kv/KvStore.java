package io.paxoslog.kv;

import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.ExpandableArrayBuffer;

/**
 * Keys with the history of their values, as etcd keeps them: each write makes a revision, in which
 * every change has a number of its own; reads see any revision that is not compacted.
 *
 * <p>What counts against a quota follows from the writes alone, alike on all nodes: {@link #step}
 * counts out what compaction left behind, a few changes with each command. Memory is given back
 * behind that, and not while a view is read.
 */
final class KvStore {
    private static final long FIRST_REVISION = 1;
    private static final int FREED_AHEAD = 2;

    private final Cells cells = new Cells();
    private final Keys keys = new Keys(cells);
    private final Changes changes = new Changes(cells);
    private final KeyTree tree = new KeyTree(keys);
    private final History history = new History();
    private final Leases leases = new Leases(keys);
    private final AtomicInteger views = new AtomicInteger();
    private final KeyTree.Cursor cursor = new KeyTree.Cursor();
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();
    private final Slice scratched = new Slice();
    private final Slice scratchedKey = new Slice();
    private final ExpandableArrayBuffer keyScratch = new ExpandableArrayBuffer();
    private Watched watched;

    private long revision = FIRST_REVISION;
    private int changesOfWrite;
    private int steps;
    private long compacted = -1;
    private long counted;
    private long baseMain;
    private int baseSub;
    private long bytes;
    private long liveKeys;
    private long hash;

    Keys keys() {
        return keys;
    }

    Changes changes() {
        return changes;
    }

    KeyTree tree() {
        return tree;
    }

    Cells cells() {
        return cells;
    }

    History history() {
        return history;
    }

    Leases leases() {
        return leases;
    }

    /** From now on this hears of every change. */
    void tell(Watched newWatched) {
        watched = newWatched;
    }

    AtomicInteger views() {
        return views;
    }

    /** The revision of the last write that changed something; 1 before the first one. */
    long revision() {
        return revision;
    }

    /** What is read where no revision is named: also what a write has changed so far. */
    long readable() {
        return changesOfWrite > 0 ? revision + 1 : revision;
    }

    /** The revision that all before it was compacted to; below 0: nothing was. */
    long compacted() {
        return compacted;
    }

    /** Up to this position changes are counted out, as compaction left them behind. */
    long counted() {
        return counted;
    }

    long baseMain() {
        return baseMain;
    }

    int baseSub() {
        return baseSub;
    }

    /** What counts of memory. */
    long bytes() {
        return bytes + leases.bytes();
    }

    /** How many keys there are now. */
    long liveKeys() {
        return liveKeys;
    }

    /** The sum of the hashes of all that is kept: the same on all nodes. */
    long hash() {
        return hash;
    }

    /** The newest value of a key, or none. */
    int find(Slice key) {
        int found = tree.find(key);
        return found == Cells.NONE ? Cells.NONE : valueOf(found);
    }

    /** What a key holds; none: it was deleted. */
    int valueOf(int key) {
        return valueAt(keys.newest(key), Long.MAX_VALUE);
    }

    /** What a key held at a revision, or none; searched from its newest change on. */
    int valueAt(int newest, long atRevision) {
        int change = newest;
        int followed = 0;
        while (change != Cells.NONE && changes.main(change) > atRevision) {
            change = changes.previous(change);
            followed++;
        }
        steps = followed;
        return change == Cells.NONE || changes.isDeletion(change) ? Cells.NONE : change;
    }

    /** How many newer changes the last {@link #valueAt} passed. */
    int steps() {
        return steps;
    }

    /** What a put would add to what counts. */
    long bytesOf(Slice key, int valueLength) {
        int found = tree.find(key);
        boolean isCounted = found != Cells.NONE && isCounted(keys.newest(found));
        return Changes.bytesFor(valueLength) + (isCounted ? 0 : Keys.bytesFor(key.length));
    }

    /** The memory of a key counts as long as its newest change does. */
    private boolean isCounted(int newest) {
        return newest != Cells.NONE && changes.hash(newest) != 0;
    }

    /** Puts a value as part of the write that is going on. */
    void put(Slice key, Slice value, long lease) {
        int to = tree.find(key);
        int before = to == Cells.NONE ? Cells.NONE : keys.newest(to);
        boolean isThere = before != Cells.NONE && !changes.isDeletion(before);
        long main = revision + 1;
        int sub = changesOfWrite++;
        long created = isThere ? changes.created(before) : main;
        long version = isThere ? changes.version(before) + 1 : 1;
        if (to == Cells.NONE) {
            to = addKey(key);
        }
        int put = changes.put(to, main, sub, created, version, lease, value);
        liveKeys += isThere ? 0 : 1;
        leases.move(to, key, isThere ? changes.lease(before) : Leases.NONE, lease);
        append(to, key, before, put, hashOf(put, key, value));
        tellChanged(key, main);
    }

    /** Puts the value of a change once more, as part of the write that is going on. */
    void putAgain(Slice key, int change, long lease) {
        int length = changes.valueLength(change);
        changes.readValue(change, scratch, 0);
        put(key, scratched.set(scratch, 0, length), lease);
    }

    /** Deletes a key that is there, as part of the write that is going on. */
    void delete(int key) {
        Slice name = read(key);
        int before = keys.newest(key);
        int deleted = changes.delete(key, revision + 1, changesOfWrite++);
        liveKeys--;
        leases.move(key, name, changes.lease(before), Leases.NONE);
        scratched.clear();
        append(key, name, before, deleted, hashOf(deleted, name, scratched));
        tellChanged(name, revision + 1);
    }

    private void tellChanged(Slice key, long main) {
        if (watched != null) {
            watched.changed(key, main);
        }
    }

    private Slice read(int key) {
        keys.read(key, keyScratch, 0);
        return scratchedKey.set(keyScratch, 0, keys.length(key));
    }

    private int addKey(Slice key) {
        int added = keys.add(key);
        tree.insert(added, key);
        return added;
    }

    private void append(int to, Slice key, int before, int change, long changeHash) {
        if (!isCounted(before)) {
            bytes += Keys.bytesFor(key.length);
        }
        changes.setPrevious(change, before);
        keys.setNewest(to, change);
        history.add(change);
        count(change, changeHash);
    }

    private void count(int change, long changeHash) {
        changes.setHash(change, changeHash);
        bytes += changes.bytes(change);
        hash += changeHash;
    }

    private long hashOf(int change, Slice key, Slice value) {
        long mixed = ByteHash.of(changes.main(change), key);
        mixed = ByteHash.of(mixed + changes.sub(change), value);
        mixed = ByteHash.mix(mixed + changes.created(change));
        mixed = ByteHash.mix(mixed + changes.version(change));
        mixed = ByteHash.mix(mixed + changes.lease(change));
        mixed = changes.isDeletion(change) ? ~mixed : mixed;
        // Zero says that it is not counted any more.
        return mixed == 0 ? 1 : mixed;
    }

    /** The write is over: what it changed, if anything, is a revision. */
    void endWrite() {
        if (changesOfWrite > 0) {
            revision++;
            changesOfWrite = 0;
        }
    }

    /** Deletes every key that is tied to a lease, and it, as part of the write that is going on. */
    void revoke(Leases.Lease lease) {
        for (int key = lease.firstKey(cursor); key != Cells.NONE; key = lease.firstKey(cursor)) {
            delete(key);
        }
        leases.remove(lease);
    }

    /** Deletes every key in a range, as part of the write that is going on; returns how many. */
    long deleteAll(Slice from, Slice end) {
        long deleted = 0;
        tree.seek(cursor, from, end);
        for (int key = cursor.key(); key != Cells.NONE; key = cursor.key()) {
            if (!isWithin(key, from, end)) {
                break;
            }
            if (!changes.isDeletion(keys.newest(key))) {
                delete(key);
                deleted++;
            }
            cursor.advance();
        }
        return deleted;
    }

    /**
     * Whether a key that is not below the start of a range is within it.
     *
     * @param end empty: the start alone; one zero byte: everything from the start on
     */
    boolean isWithin(int key, Slice from, Slice end) {
        if (end.isEmpty()) {
            return keys.compare(key, from) == 0;
        }
        return end.isZeroByte() || keys.compare(key, end) < 0;
    }

    /** Forgets what is older than a revision that is there and not compacted. */
    void compact(long toRevision) {
        compacted = toRevision;
    }

    /**
     * Counts out changes that compaction left behind, and gives memory back that nobody reads.
     *
     * @param most how many changes are looked at
     */
    void step(int most) {
        for (int i = 0; i < most && counted < history.end(); i++) {
            int change = history.get(counted);
            if (changes.main(change) > compacted) {
                break;
            }
            countOut(change);
            counted++;
        }
        if (views.get() == 0) {
            for (int i = 0; i < FREED_AHEAD * most && history.first() < counted; i++) {
                free(history.get(history.first()));
                history.removeFirst();
            }
        }
    }

    /** From the revision of a change on, the one before it is not seen, nor is a deletion. */
    private void countOut(int change) {
        baseMain = changes.main(change);
        baseSub = changes.sub(change);
        forget(changes.previous(change));
        if (changes.isDeletion(change)) {
            int key = changes.key(change);
            if (keys.newest(key) == change) {
                bytes -= Keys.bytesFor(keys.length(key));
            }
            forget(change);
        }
    }

    private void forget(int change) {
        if (isCounted(change)) {
            bytes -= changes.bytes(change);
            hash -= changes.hash(change);
            changes.setHash(change, 0);
        }
    }

    private void free(int change) {
        int previous = changes.previous(change);
        if (previous != Cells.NONE) {
            changes.free(previous);
            changes.setPrevious(change, Cells.NONE);
        }
        int key = changes.key(change);
        if (changes.isDeletion(change) && keys.newest(key) == change) {
            tree.remove(read(key));
            keys.free(key);
            changes.free(change);
        }
    }

    /** Begins a state that was written; to be called on an empty store. */
    void restore(long toRevision, long compactedTo, long position, long main, int sub) {
        revision = toRevision;
        compacted = compactedTo;
        counted = position;
        baseMain = main;
        baseSub = sub;
        history.begin(position);
    }

    /** Takes in a change that was written; the base of all keys first, then history in order. */
    void restoreChange(KeyValue written, boolean isInHistory) {
        int to = tree.find(written.key);
        int before = to == Cells.NONE ? Cells.NONE : keys.newest(to);
        boolean wasThere = before != Cells.NONE && !changes.isDeletion(before);
        if (to == Cells.NONE) {
            to = addKey(written.key);
        }
        int change =
                written.isDeletion
                        ? changes.delete(to, written.main, written.sub)
                        : changes.put(
                                to,
                                written.main,
                                written.sub,
                                written.created,
                                written.version,
                                written.lease,
                                written.value);
        liveKeys += (written.isDeletion ? 0 : 1) - (wasThere ? 1 : 0);
        leases.move(
                to,
                written.key,
                wasThere ? changes.lease(before) : Leases.NONE,
                written.isDeletion ? Leases.NONE : written.lease);
        long changeHash = hashOf(change, written.key, written.value);
        if (isInHistory) {
            append(to, written.key, before, change, changeHash);
        } else {
            bytes += Keys.bytesFor(written.key.length);
            keys.setNewest(to, change);
            count(change, changeHash);
        }
    }
}
