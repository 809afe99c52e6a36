package io.paxoslog.kv;

/** The body of a watch, as client and node know it. */
final class KvWatchQuery {
    private static final int PREVIOUS = 1;
    private static final int NO_PUTS = 2;
    private static final int NO_DELETES = 4;
    private static final int ALL_FLAGS = PREVIOUS | NO_PUTS | NO_DELETES;

    final Slice key = new Slice();
    final Slice end = new Slice();

    /** The first revision that is wanted; 0: the next one there will be. */
    long revision;

    /** The first change of that revision that is wanted. */
    int sub;

    /** So much is wanted at a time; 0: as much as a reply holds. */
    int bytes;

    private int flags;

    void withPrevious() {
        flags |= PREVIOUS;
    }

    void withoutPuts() {
        flags |= NO_PUTS;
    }

    void withoutDeletes() {
        flags |= NO_DELETES;
    }

    boolean isWithPrevious() {
        return (flags & PREVIOUS) != 0;
    }

    boolean admits(boolean isDeletion) {
        return (flags & (isDeletion ? NO_DELETES : NO_PUTS)) == 0;
    }

    void read(KvInput in) {
        flags = in.u8();
        revision = in.i64();
        sub = in.i32();
        bytes = in.i32();
        in.slice(key);
        in.slice(end);
        boolean isRight = flags <= ALL_FLAGS && revision >= 0 && sub >= 0 && bytes >= 0;
        if (!isRight || key.length > KvFormat.MOST_KEY_BYTES) {
            in.refuse();
        }
    }

    void write(KvOutput out) {
        out.u8(flags).i64(revision).i32(sub).i32(bytes).slice(key).slice(end);
    }
}
