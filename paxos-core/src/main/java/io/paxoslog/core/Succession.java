package io.paxoslog.core;

/**
 * Which membership entries of a log are valid, and which slots each governs. Follows from the
 * entries and their slots alone, and so is the same on every node: an entry is void while an
 * earlier valid one is not yet in force, and unless it was made from the latest valid one.
 *
 * <p>The last two valid ones are all that can matter to whoever knows every slot below the later
 * one: an entry is valid only where the one before it is in force already.
 */
public final class Succession {
    private Membership older;
    private long olderSlot;
    private long olderFirstSlot;
    private Membership newest;
    private long newestSlot;
    private long newestFirstSlot;

    /**
     * A membership entry is chosen.
     *
     * @param at its slot
     * @return whether it is valid, and was not known before
     */
    public boolean adopt(long at, Membership entry) {
        if (isVoid(at, entry)) {
            return false;
        }
        recover(at, entry);
        return true;
    }

    private boolean isVoid(long at, Membership entry) {
        if (newest == null) {
            return !entry.isFirst();
        }
        return at <= newestSlot || at < newestFirstSlot || !entry.follows(newestSlot, newest);
    }

    /** A journal or a snapshot says that an entry is valid; those before it need not be known. */
    public void recover(long at, Membership entry) {
        if (at <= newestSlot) {
            return;
        }
        older = newest;
        olderSlot = newestSlot;
        // What came next is valid, so it was in force by then, whatever came before it.
        olderFirstSlot = Math.min(newestFirstSlot, at);
        newest = entry;
        newestSlot = at;
        newestFirstSlot = older == null ? at : at + older.openSlotLimit();
    }

    /** Slot of the latest valid entry; 0 for none. */
    public long slot() {
        return newestSlot;
    }

    /** The first slot that the latest one governs. The founding one governs its own. */
    public long firstSlot() {
        return newestFirstSlot;
    }

    /** The latest valid one; null before the founding. */
    public Membership newest() {
        return newest;
    }

    /** Slot of the one before it; 0 for none. */
    public long olderSlot() {
        return olderSlot;
    }

    /** The first slot that the one before it governs. */
    long olderFirstSlot() {
        return olderFirstSlot;
    }

    /** The valid one before it; null when there is none. */
    public Membership older() {
        return older;
    }
}
