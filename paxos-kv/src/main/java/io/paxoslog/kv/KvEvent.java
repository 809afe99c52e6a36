package io.paxoslog.kv;

/**
 * A change that a watch saw.
 *
 * @param isDelete whether the key was deleted; it was put otherwise
 * @param entry what was put; of a deletion the key and, as modified, its revision
 * @param previous what the key held before, where that was asked for; null: nothing, or it was not
 *     asked for
 * @param isPreviousLeftOut whether there was something before that no answer could hold: it can be
 *     read at the revision before
 */
public record KvEvent(
        boolean isDelete, KvReply.Entry entry, KvReply.Entry previous, boolean isPreviousLeftOut) {
    /** The revision it belongs to. */
    public long revision() {
        return entry.modified();
    }
}
