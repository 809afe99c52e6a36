package io.paxoslog.kv;

import io.paxoslog.service.Query;

/**
 * Answers watches: what was changed from a revision on, in the order in which it was; where there
 * is nothing yet, they wait. Looks at so much at most, and says where to go on.
 */
final class WatchReader {
    /** Most changes that one watch looks at, so that commands need not wait long. */
    static final int MOST_LOOKED_AT = 4096;

    /** So far back the changes of one key are followed, before all are looked through. */
    private static final int MOST_OF_A_KEY = 1024;

    private final KvStore store;
    private final Keys keys;
    private final Changes changes;
    private final History history;
    private final KvOutput out;
    private final RangeReader ranges;
    private final int[] ofKey = new int[MOST_OF_A_KEY];
    private KvWatchQuery watch;

    /** So many bytes the answer may have. */
    private int mostBytes;

    /** So many are wanted. */
    private int wantedBytes;

    private int written;
    private int flags;
    private long nextMain;
    private int nextSub;

    WatchReader(KvStore store, KvOutput out, RangeReader ranges) {
        this.store = store;
        this.out = out;
        this.ranges = ranges;
        keys = store.keys();
        changes = store.changes();
        history = store.history();
    }

    /**
     * Writes the answer.
     *
     * @param most so many bytes it may have
     */
    void write(KvWatchQuery asked, Query query, Watched watched, int most) {
        watch = asked;
        int begin = out.length();
        mostBytes = most;
        wantedBytes = asked.bytes == 0 ? most : Math.min(most, begin + asked.bytes);
        written = 0;
        flags = 0;
        out.u8(0).i64(0).i32(0).i32(0);
        nextMain = asked.revision;
        nextSub = asked.sub;
        if (nextMain == 0) {
            // Nothing is missed, whoever is asked next, once it is known from where on.
            nextMain = store.revision() + 1;
            nextSub = 0;
            flags = KvFormat.AT_ONCE;
        } else {
            writeNews(query, watched);
        }
        out.setU8(begin, flags);
        out.setI64(begin + Byte.BYTES, nextMain);
        out.setI32(begin + Byte.BYTES + Long.BYTES, nextSub);
        out.setI32(begin + KvFormat.WATCH_BYTES - Integer.BYTES, written);
    }

    /** Who has waited was told of all that it wants, so compaction took nothing from it. */
    private void writeNews(Query query, Watched watched) {
        boolean isNews = skipToNews(query);
        if (nextMain <= store.compacted()) {
            flags = KvFormat.COMPACTED;
            nextMain = store.compacted() + 1;
            nextSub = 0;
            return;
        }
        if (isNews) {
            writeChanges();
        }
        if (written == 0 && (flags & KvFormat.AT_ONCE) == 0) {
            waitForNews(query, watched);
        }
    }

    /** Nothing is kept for who may not wait. */
    private void waitForNews(Query query, Watched watched) {
        if (query.mayWait()) {
            query.later(watched.topicOf(watch.key, watch.end));
        } else if (!query.hasWaited()) {
            flags |= KvFormat.NOT_LET_WAIT;
        }
    }

    /** What was said first since it waits: nothing before it is to be looked at. */
    private boolean skipToNews(Query query) {
        if (query.hasWaited() && query.news() == 0) {
            goTo(store.revision() + 1, 0);
            return false;
        }
        if (query.hasWaited()) {
            goTo(query.news(), 0);
        }
        return nextMain <= store.revision();
    }

    private void goTo(long main, int sub) {
        if (main > nextMain) {
            nextMain = main;
            nextSub = sub;
        }
    }

    private void writeChanges() {
        if (!watch.end.isEmpty() || !writeOfKey()) {
            writeOfRange();
        }
    }

    /** Of a key alone; false where it has changed too often for that. */
    private boolean writeOfKey() {
        int key = store.tree().find(watch.key);
        int count = 0;
        for (int change = key == Cells.NONE ? Cells.NONE : keys.newest(key);
                change != Cells.NONE && isWanted(change);
                change = changes.previous(change)) {
            if (count == ofKey.length) {
                return false;
            }
            ofKey[count++] = change;
        }
        while (count > 0) {
            int change = ofKey[--count];
            if (watch.admits(changes.isDeletion(change)) && !writeIfItFits(change)) {
                stopAt(change);
                return true;
            }
        }
        goTo(store.revision() + 1, 0);
        return true;
    }

    private boolean isWanted(int change) {
        long main = changes.main(change);
        return main > nextMain || (main == nextMain && changes.sub(change) >= nextSub);
    }

    private void writeOfRange() {
        long begin = position();
        long end = Math.min(history.end(), begin + MOST_LOOKED_AT);
        for (long position = begin; position < end; position++) {
            int change = history.get(position);
            if (isMeant(change) && !writeIfItFits(change)) {
                stopAt(change);
                return;
            }
        }
        if (end < history.end()) {
            stopAt(history.get(end));
        } else {
            goTo(store.revision() + 1, 0);
        }
    }

    /** The position of the first change that is wanted. */
    private long position() {
        long low = store.counted();
        long high = history.end();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (isWanted(history.get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private boolean isMeant(int change) {
        int key = changes.key(change);
        return watch.admits(changes.isDeletion(change))
                && keys.compare(key, watch.key) >= 0
                && store.isWithin(key, watch.key, watch.end);
    }

    private void stopAt(int change) {
        nextMain = changes.main(change);
        nextSub = changes.sub(change);
        flags |= KvFormat.AT_ONCE | (nextSub > 0 ? KvFormat.PART_OF_REVISION : 0);
    }

    /** One is always written, if need be without what was there before it. */
    private boolean writeIfItFits(int change) {
        int previous = watch.isWithPrevious() ? changes.previous(change) : Cells.NONE;
        boolean hasPrevious = previous != Cells.NONE && !changes.isDeletion(previous);
        int bytes = Byte.BYTES + ranges.bytesOf(change);
        int whole = bytes + (hasPrevious ? ranges.bytesOf(previous) : 0);
        if (written > 0 && whole > wantedBytes - out.length()) {
            return false;
        }
        boolean isWhole = whole <= mostBytes - out.length();
        int kind = changes.isDeletion(change) ? KvFormat.DELETED : 0;
        if (hasPrevious) {
            kind |= isWhole ? KvFormat.PREVIOUS_FOLLOWS : KvFormat.PREVIOUS_LEFT_OUT;
        }
        out.u8(kind);
        ranges.write(change, false);
        if (hasPrevious && isWhole) {
            ranges.write(previous, false);
        }
        written++;
        return true;
    }
}
