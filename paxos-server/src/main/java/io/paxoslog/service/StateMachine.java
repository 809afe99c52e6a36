package io.paxoslog.service;

/**
 * The one interface an application implements. Every node calls it with the same entries in the
 * same order.
 *
 * <p>Called by one thread at a time, which belongs to the node. It may take its time: the node goes
 * on voting and leading meanwhile, and answers wait. What it does must follow from the entries
 * alone (no clock, no random, nothing from outside). An exception or {@code Error} halts it at that
 * entry, and would halt it on every node: answer bad commands with a reply that says so. A node
 * whose state machine is halted votes and serves the log, and waits for a decision. A node that
 * starts feeds it the whole log from slot 1 again.
 */
public interface StateMachine {
    /**
     * Takes a command, exactly once per session and sequence.
     *
     * @param entry the command; valid during the call only
     * @param reply what the client gets; left alone, an empty reply
     */
    void apply(Entry entry, Reply reply);
}
