package io.paxoslog.kv;

import io.paxoslog.service.Cluster;
import java.util.ArrayList;
import java.util.List;

/**
 * What watches at this node wait for: single keys, by a hash of each, and ranges. No part of the
 * state. Tells of each change those alone who may want it. A range is forgotten with all others
 * once there are too many: who waits still is told, and says so again.
 */
final class Watched {
    static final int MOST_RANGES = 64 * 1024;

    private static final long SEED = 0x6B6579;

    private static final class Range {
        final Slice from;
        final Slice end;
        final long topic;

        /** This one, or one before it, that ends last. */
        Range endsLast;

        Range(Slice from, Slice end, long topic) {
            this.from = Slice.of(from.copy());
            this.end = Slice.of(end.copy());
            this.topic = topic;
            endsLast = this;
        }

        int compareTo(Slice otherFrom, Slice otherEnd) {
            int comparison = from.compareTo(otherFrom);
            return comparison != 0 ? comparison : end.compareTo(otherEnd);
        }

        boolean endsBehind(Slice key) {
            return end.isZeroByte() || end.compareTo(key) > 0;
        }

        boolean endsBehind(Range other) {
            return end.isZeroByte() || (!other.end.isZeroByte() && end.compareTo(other.end) > 0);
        }
    }

    private final Cluster cluster;
    private final List<Range> ranges = new ArrayList<>();
    private final int mostRanges;
    private long lastTopic;
    private boolean hasKeys;

    Watched(Cluster cluster) {
        this(cluster, MOST_RANGES);
    }

    Watched(Cluster cluster, int mostRanges) {
        this.cluster = cluster;
        this.mostRanges = mostRanges;
    }

    /** On what a watch of a key, or range, waits. */
    long topicOf(Slice key, Slice end) {
        if (end.isEmpty()) {
            hasKeys = true;
            return ByteHash.of(SEED, key);
        }
        int at = placeOf(key, end);
        if (at < ranges.size() && ranges.get(at).compareTo(key, end) == 0) {
            return ranges.get(at).topic;
        }
        Range added = new Range(key, end, ++lastTopic);
        ranges.add(at, added);
        if (at > 0 && ranges.get(at - 1).endsLast.endsBehind(added)) {
            added.endsLast = ranges.get(at - 1).endsLast;
            return added.topic;
        }
        // It ends last of those behind it, too, up to the first one that does.
        for (int i = at + 1; i < ranges.size() && added.endsBehind(ranges.get(i).endsLast); i++) {
            ranges.get(i).endsLast = added;
        }
        return added.topic;
    }

    private int placeOf(Slice key, Slice end) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).compareTo(key, end) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** A key changes in a revision. */
    void changed(Slice key, long revision) {
        if (hasKeys) {
            cluster.news(ByteHash.of(SEED, key), revision);
        }
        if (!ranges.isEmpty()) {
            tellRanges(key, revision);
        }
    }

    /** From the last one that begins at the key or before, as long as one may still hold it. */
    private void tellRanges(Slice key, long revision) {
        for (int i = beginningUpTo(key) - 1;
                i >= 0 && ranges.get(i).endsLast.endsBehind(key);
                i--) {
            if (ranges.get(i).endsBehind(key)) {
                cluster.news(ranges.get(i).topic, revision);
            }
        }
        if (ranges.size() > mostRanges) {
            forget(revision);
        }
    }

    private int beginningUpTo(Slice key) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).from.compareTo(key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Nothing before this revision is news to those who wait. */
    private void forget(long revision) {
        ranges.forEach(range -> cluster.news(range.topic, revision));
        ranges.clear();
    }
}
