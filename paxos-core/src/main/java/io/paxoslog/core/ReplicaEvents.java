package io.paxoslog.core;

/**
 * What people, counters and the hosting process want to know; nothing in the protocol depends on
 * it.
 */
public interface ReplicaEvents {
    /**
     * The role, ballot or leader changed.
     *
     * @param ballot own ballot when preparing or leading, else the leader's, or the highest
     *     promised
     * @param leader node id of the leader, 0 when none is known
     * @param why short fixed text, for the log
     */
    void role(Role role, long ballot, int leader, String why);

    /**
     * This node must not take part any more: stop it, keep the disk, show {@code why} to the
     * operator.
     */
    void mustStop(String why);

    /**
     * As {@link #mustStop}, for the one reason that is as it should be: the cluster was changed,
     * and goes on without this node.
     */
    default void removed(String why) {
        mustStop(why);
    }

    /**
     * This node leads, and begins to hand over, or goes on after it could not.
     *
     * @param what one line
     */
    default void transfer(String what) {}

    /**
     * Something is wrong that this node lives with, but an operator should see. Said once, then at
     * growing intervals.
     *
     * @param what one line
     */
    void warning(String what);
}
