package io.paxoslog.kv;

/**
 * What the store holds at a revision as one number, read piece by piece: equal on all nodes that
 * are compacted to the same revision. Used as {@link KvPages} is.
 */
public final class KvHash {
    private static final int MOST_BEGINNINGS = 4;
    private static final byte[] FIRST = {};

    private byte[] from = FIRST;
    private KvResult result = KvResult.DONE;
    private long revision;
    private long sum;
    private long compacted;
    private int beginnings = 1;
    private boolean isDone;

    /**
     * Nothing is read yet.
     *
     * @param revision 0: the present one
     */
    public KvHash(long revision) {
        this.revision = revision;
    }

    /** Whether there is nothing more to ask. */
    public boolean isDone() {
        return isDone;
    }

    /** The next query. */
    public byte[] next() {
        return KvCommands.hash(revision, from);
    }

    /** Takes the answer to the next query. */
    public void take(byte[] answer) {
        KvReply reply = KvReply.of(KvFormat.HASH, answer);
        result = reply.result();
        if (result != KvResult.DONE) {
            isDone = true;
            return;
        }
        if (from.length > 0 && reply.compacted() != compacted) {
            beginAgain();
            return;
        }
        revision = revision > 0 ? revision : reply.revision();
        compacted = reply.compacted();
        sum += reply.hash();
        from = reply.next();
        isDone = from.length == 0;
    }

    /** Pieces on both sides of a compaction do not fit together. */
    private void beginAgain() {
        from = FIRST;
        sum = 0;
        if (beginnings++ == MOST_BEGINNINGS) {
            result = KvResult.COMPACTED;
            isDone = true;
        }
    }

    /** What came of it: of the last answer. */
    public KvResult result() {
        return result;
    }

    /** The revision that was read. */
    public long revision() {
        return revision;
    }

    /** The revision that the store was compacted to; below 0: it was not. */
    public long compacted() {
        return compacted;
    }

    /** The hash. */
    public long hash() {
        return sum;
    }
}
