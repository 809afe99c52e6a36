package io.paxoslog.core;

/**
 * Hears from which slot on reads may be answered. A read is linearizable when a state machine
 * answers it that has applied every slot up to the index told here, or more.
 *
 * <p>Tickets are those of {@link Replica#read}, {@link Replica#readByQuorum} and {@link
 * Replica#readByLease}, each kind with its own. What is told holds for every ticket of that kind up
 * to this one that was not told before. Nothing is ever told of a read that cannot be: whoever
 * asked gives it up at its deadline. Called from within calls of the replica, which must not be
 * called from here.
 */
public interface ReadAnswers {
    /** For whoever reads nothing. */
    ReadAnswers NONE =
            new ReadAnswers() {
                @Override
                public void indexed(long ticket, long index) {}

                @Override
                public void indexedByQuorum(long ticket, long index) {}

                @Override
                public void indexedByLease(long ticket, long index) {}
            };

    /**
     * The leader has confirmed that it led after these reads came.
     *
     * @param ticket the latest of them
     * @param index may be above the commit index of this node, which learns of it soon
     */
    void indexed(long ticket, long index);

    /**
     * So many members have told what they know that nothing more was chosen when these reads came.
     *
     * @param ticket the latest of them
     * @param index at most the commit index of this node
     */
    void indexedByQuorum(long ticket, long index);

    /**
     * This node leads, and knows what these reads need, if its lease runs: look with {@link
     * Replica#holdsLease} once the state machine has answered, before anybody hears of it.
     *
     * @param ticket the latest of them
     * @param index at most the commit index of this node
     */
    void indexedByLease(long ticket, long index);
}
