package io.paxoslog.kv;

import io.paxoslog.client.ReadMode;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Changes of a key or range from a revision on, each once, in the order in which they were made,
 * from whatever nodes: a read that is answered once there is something to say, and then asked again
 * from behind that.
 *
 * <pre>{@code
 * KvWatch watch = KvWatch.of(KeyRange.startingWith(prefix)).from(revision);
 * while (!watch.isCompacted()) {
 *     ReadAnswer answer = client.read(watch.mode(), watch.slot(), watch.next(), timeout);
 *     for (KvEvent event : watch.take(answer.slot(), answer.bytes())) { … }
 * }
 * }</pre>
 *
 * <p>What fails is asked again, of any node; an answer that is taken counts. Not thread-safe.
 */
public final class KvWatch {
    private final KvWatchQuery query = new KvWatchQuery();
    private KvResult result = KvResult.DONE;
    private long slot;
    private int flags;

    private KvWatch(KeyRange keys) {
        query.key.set(keys.key());
        query.end.set(keys.end());
    }

    /** Of a key, or a range; from what changes next. */
    public static KvWatch of(KeyRange keys) {
        return new KvWatch(keys);
    }

    /** From a revision on, that one included; 0: from what changes next. */
    public KvWatch from(long revision) {
        if (revision < 0) {
            throw new IllegalArgumentException("revision: from 0, not " + revision);
        }
        query.revision = revision;
        query.sub = 0;
        flags = 0;
        result = KvResult.DONE;
        return this;
    }

    /** With what each key held before. */
    public KvWatch withPrevious() {
        query.withPrevious();
        return this;
    }

    /** Deletions only. */
    public KvWatch withoutPuts() {
        query.withoutPuts();
        return this;
    }

    /** Puts only. */
    public KvWatch withoutDeletes() {
        query.withoutDeletes();
        return this;
    }

    /** So many bytes at a time, if one change is not larger; 0: as many as a reply holds. */
    public KvWatch inPiecesOf(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: from 0, not " + bytes);
        }
        query.bytes = bytes;
        return this;
    }

    /** How to ask next: whoever is told to begin with the present asks what that is. */
    public ReadMode mode() {
        return query.revision == 0 ? ReadMode.READ_INDEX : ReadMode.AT_LEAST;
    }

    /** Nodes that have not come so far know less than was said already. */
    public long slot() {
        return slot;
    }

    /** The next query. */
    public byte[] next() {
        KvOutput out = KvFormat.begin(new KvOutput(), KvFormat.WATCH);
        query.write(out);
        return out.copy();
    }

    /**
     * Takes the answer to the next query.
     *
     * @param answeredAt the slot of the answer
     * @return what has changed; may be empty
     */
    public List<KvEvent> take(long answeredAt, byte[] answer) {
        KvInput in = new KvInput().wrap(new UnsafeBuffer(answer), 0, answer.length);
        boolean isKnown = in.u8() == KvFormat.VERSION;
        result = KvResult.of(in.u8());
        in.i64();
        if (result != KvResult.DONE) {
            result = isKnown && in.isDone() ? result : KvResult.MALFORMED;
            return List.of();
        }
        int newFlags = in.u8();
        long revision = in.i64();
        int sub = in.i32();
        List<KvEvent> events = new ArrayList<>();
        for (int left = in.i32(); left > 0 && !in.isBad(); left--) {
            events.add(event(in));
        }
        if (!isKnown || !in.isDone()) {
            result = KvResult.MALFORMED;
            return List.of();
        }
        slot = Math.max(slot, answeredAt);
        flags = newFlags;
        result = isCompacted() ? KvResult.COMPACTED : result;
        query.revision = revision;
        query.sub = sub;
        return events;
    }

    private static KvEvent event(KvInput in) {
        int kind = in.u8();
        KvReply.Entry entry = KvReply.readEntry(in);
        boolean hasPrevious = (kind & KvFormat.PREVIOUS_FOLLOWS) != 0;
        return new KvEvent(
                (kind & KvFormat.DELETED) != 0,
                entry,
                hasPrevious ? KvReply.readEntry(in) : null,
                (kind & KvFormat.PREVIOUS_LEFT_OUT) != 0);
    }

    /** What came of the last answer; anything but {@link KvResult#DONE} ends the watch. */
    public KvResult result() {
        return result;
    }

    /**
     * Nothing is missing up to this revision, that one included; -1 while nobody has answered who
     * knows the present one. Never ahead of what {@link #take} gave.
     */
    public long progress() {
        return query.revision - 1;
    }

    /** Whether the last change given is not the last one of its revision. */
    public boolean isWithinRevision() {
        return (flags & KvFormat.PART_OF_REVISION) != 0;
    }

    /**
     * Whether changes that are wanted were compacted away: then the first there is one behind
     * {@link #progress}, and {@link #from} goes on there, once what was missed was read.
     */
    public boolean isCompacted() {
        return (flags & KvFormat.COMPACTED) != 0;
    }

    /** Whether the node has no room for more that wait: one pauses before one asks again. */
    public boolean isToPause() {
        return (flags & KvFormat.NOT_LET_WAIT) != 0;
    }
}
