package io.paxoslog.kv;

import java.util.ArrayList;
import java.util.List;

/**
 * A range that may be larger than a reply, read piece by piece at one revision:
 *
 * <pre>{@code
 * KvPages pages = new KvPages(KvRange.of(KeyRange.all()));
 * while (!pages.isDone()) {
 *     pages.take(client.read(ReadMode.READ_INDEX, slot, pages.next(), timeout).bytes());
 * }
 * }</pre>
 *
 * <p>Where any node may answer, each piece is to be asked from the slot of the first answer on: a
 * node that lags behind has no such revision yet. Not thread-safe.
 */
public final class KvPages {
    private static final int KEPT_MORE = 4096;

    private final KvRange range;
    private final long limit;
    private final List<KvReply.Entry> entries = new ArrayList<>();
    private KvResult result = KvResult.DONE;
    private long revision;
    private long count;
    private boolean hasMore;
    private boolean isDone;
    private EntrySort sort;
    private boolean isToDropValues;

    /** Nothing is read yet. */
    public KvPages(KvRange range) {
        this.range = new KvRange().set(range);
        limit = Math.max(0, range.limit);
    }

    /** Whether there is nothing more to ask. */
    public boolean isDone() {
        return isDone;
    }

    /** The next query. */
    public byte[] next() {
        return range.bytes();
    }

    /** Takes the answer to the next query. */
    public void take(byte[] answer) {
        KvReply reply = KvReply.of(KvFormat.RANGE, answer);
        result = reply.result();
        if (result == KvResult.TOO_MANY_KEYS && range.isSorted()) {
            sortHere();
            return;
        }
        if (result != KvResult.DONE) {
            isDone = true;
            return;
        }
        if (revision == 0) {
            revision = reply.revision();
            range.revision = range.revision > 0 ? range.revision : revision;
        }
        takeEntries(reply);
        if (range.isSorted()) {
            count = reply.count();
            range.skipped += reply.entries().size();
            isDone = !reply.isCut();
        } else {
            count += reply.count();
            range.key.set(Slice.of(reply.next()));
            isDone = reply.next().length == 0;
        }
        if (sort == null) {
            narrow();
        } else if (isDone) {
            endSorting();
            if (isToDropValues) {
                entries.replaceAll(KvReply.Entry::withoutValue);
            }
        }
    }

    /** Nodes sort what they may look at in one go; more is read as it lies, and sorted here. */
    private void sortHere() {
        sort = new EntrySort(range.target, range.order);
        isToDropValues = range.isKeysOnly() && range.target == KvRange.Target.VALUE;
        if (isToDropValues) {
            range.withValues();
        }
        range.sortedBy(KvRange.Target.KEY, KvRange.Order.NONE);
        range.limit = 0;
        range.skipped = 0;
    }

    private void endSorting() {
        entries.sort(sort);
        if (limit > 0 && entries.size() > limit) {
            hasMore = true;
            entries.subList((int) limit, entries.size()).clear();
        }
    }

    private void takeEntries(KvReply reply) {
        hasMore |= reply.hasMore();
        if (sort != null) {
            entries.addAll(reply.entries());
            // What is behind the limit by now stays so.
            if (limit > 0 && entries.size() > KEPT_MORE + 2 * limit) {
                endSorting();
            }
            return;
        }
        for (KvReply.Entry entry : reply.entries()) {
            if (limit > 0 && entries.size() == limit) {
                hasMore = true;
                return;
            }
            entries.add(entry);
        }
    }

    /** Behind the limit only what is there is counted, once it is known that there is more. */
    private void narrow() {
        if (limit > 0 && entries.size() < limit) {
            range.limit = limit - entries.size();
        } else if (limit > 0 && !range.isSorted()) {
            range.limit = 1;
            range.keysOnly();
            if (hasMore) {
                range.countOnly();
            }
        }
    }

    /** What came of it: of the last answer. */
    public KvResult result() {
        return result;
    }

    /** The revision of the store when the first answer was given. */
    public long revision() {
        return revision;
    }

    /** What was read. */
    public List<KvReply.Entry> entries() {
        return entries;
    }

    /** How many keys are in the range, whatever else it asks for. */
    public long count() {
        return count;
    }

    /** Whether there is more than the limit. */
    public boolean hasMore() {
        return hasMore;
    }
}
