package io.paxoslog.service;

/**
 * The one interface an application implements. Every node calls it with the same entries in the
 * same order.
 *
 * <p>Called by one thread at a time, which belongs to the node; by default one that does nothing
 * else, so that it may take its time: the node goes on voting and leading meanwhile, and answers
 * wait. What it does must follow from the entries alone (no clock, no random, nothing from
 * outside). A node that starts feeds it the whole log from slot 1 again.
 *
 * <p>An exception or {@code Error} that leaves it halts it at that entry, and would halt it on
 * every node: answer bad commands with a reply that says so. A node whose state machine is halted
 * votes and serves the log. What the entry had half changed is never built upon: after a correction
 * or a decision of operators a fresh one is given the log from slot 1, made by what the node was
 * launched with, or by a restart.
 */
public interface StateMachine {
    /**
     * Takes a command, exactly once per session and sequence. It may close its node, which then
     * stops after the call.
     *
     * @param entry the command; valid during the call only
     * @param reply what the client gets; left alone, an empty reply
     */
    void apply(Entry entry, Reply reply);
}
