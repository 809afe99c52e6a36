package io.paxoslog.core;

/**
 * Hears every chosen slot once since the start of this replica, in slot order and without gaps but
 * those that {@link #jumped} tells of.
 */
@FunctionalInterface
public interface CommittedLog {
    /**
     * The next slots. The first call starts right above the commit index that recovery ended with.
     */
    void committed(Batch batch);

    /**
     * A snapshot took the place of all slots up to this one that were not heard: the next ones come
     * right above it.
     */
    default void jumped(long slot) {}

    /**
     * A decision came into force. Heard as soon as it is known, which may be long before the slots
     * in front of it are applied, and also in recovery.
     *
     * @param at its slot
     */
    default void decided(long at, Decision decision) {}

    /**
     * In recovery: this node has said that it holds below a slot, until a decision about it stands
     * above slot {@code decision}. One may be known already.
     */
    default void held(long slot, long decision) {}

    /**
     * Slots up to it are covered by a snapshot installed here; what is committed next comes right
     * above it.
     */
    default void jumped(long slot) {}
}
