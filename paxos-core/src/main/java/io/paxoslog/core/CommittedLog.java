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
     * What the state machine holds is not what others hold, somewhere above one slot and up to
     * another: it must stand still, and nothing that it applied above the first counts.
     *
     * @param equalUpTo last agreed slot at which it was equal; 0 for none known
     * @param differsAt first agreed slot at which it differs
     * @param isMinority whether most others hold one and the same, so that a snapshot of theirs
     *     will follow; else nobody knows who is right
     */
    default void diverged(long equalUpTo, long differsAt, boolean isMinority) {}

    /**
     * After {@link #diverged}: the state machine begins again with the snapshot of a slot, whatever
     * it was given before.
     */
    default void begunAnew(long snapshot) {}

    /**
     * In recovery: this node has said that it holds below a slot, until a decision about it stands
     * above slot {@code decision}. One may be known already.
     */
    default void held(long slot, long decision) {}
}
