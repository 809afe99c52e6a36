package io.paxoslog.service;

import java.io.IOException;
import java.io.InputStream;

/**
 * The one interface an application implements. Every node calls it with the same entries in the
 * same order.
 *
 * <p>Called by one thread at a time, which belongs to the node and may be another one each time. It
 * may take its time: within milliseconds another thread goes on voting and leading meanwhile, and
 * answers wait. What it does must follow from the entries alone (no clock, no random, nothing from
 * outside). A node that starts feeds it the whole log from slot 1 again, or, where it takes
 * snapshots, what came after its newest one.
 *
 * <p>An exception or {@code Error} that leaves it halts it at that entry, and would halt it on
 * every node: answer bad commands with a reply that says so. A node whose state machine is halted
 * votes and serves the log. What the entry had half changed is never built upon: after a correction
 * or a decision of operators a fresh one is given a snapshot from below and the log behind it, or
 * the log from slot 1; made by what the node was launched with, or by a restart.
 *
 * <p>Snapshots keep the log short. A machine takes them if it has both {@link #view} and {@link
 * #restore}:
 *
 * <pre>{@code
 * public StateView view() {
 *     long seen = sum;
 *     return out -> new DataOutputStream(out).writeLong(seen);
 * }
 *
 * public void restore(InputStream in) throws IOException {
 *     sum = new DataInputStream(in).readLong();
 * }
 * }</pre>
 */
@FunctionalInterface
public interface StateMachine {
    /**
     * Takes a command, exactly once per session and sequence. It may close its node, which then
     * stops after the call.
     *
     * @param entry the command; valid during the call only
     * @param reply what the client gets; left alone, an empty reply
     */
    void apply(Entry entry, Reply reply);

    /**
     * Called before everything else, once for each state machine: what it can do beside replying.
     *
     * @param cluster to be kept; its methods are for the calls below and {@link #apply}
     */
    default void begin(Cluster cluster) {}

    /**
     * A client opened a session, whose commands come from here on. Of sessions that were opened
     * before the cluster ran a build with this method nothing is said.
     *
     * @param at valid during the call only
     */
    default void sessionOpened(Moment at, long session) {}

    /**
     * A session is over, and no command of it comes any more: the place to cancel what its client
     * left open.
     *
     * @param at valid during the call only
     */
    default void sessionClosed(Moment at, long session, CloseReason why) {}

    /**
     * A timer that this machine set is due. It is set no more; it may be set again. Fires once,
     * whoever leads and whatever is restored.
     *
     * @param at valid during the call only
     * @param timer its number
     */
    default void timer(Moment at, long timer) {}

    /**
     * Answers a question about the state and changes nothing: no command, no entry of the log, on
     * this node alone. Called where {@link #apply} is, between two commands, so it needs no locks;
     * what it takes of time, the next command waits.
     *
     * <p>What leaves it, an {@code Error} too, fails this one query, whose client gets the text;
     * the machine goes on. One that does not return holds up all that is to be applied here; the
     * node names it, and goes on voting and leading.
     *
     * @param query valid during the call only
     * @param answer what the client gets; left alone, an empty answer. No part of the replicated
     *     state: nodes may answer differently.
     */
    default void query(Query query, Reply answer) {
        throw new NoQueriesException();
    }

    /**
     * The state between two commands, for a snapshot. It must not change with the commands that
     * follow: what is small is copied here; what is large is kept in structures that share their
     * past, or says that it {@linkplain StateView#isFrozen is not frozen}.
     *
     * @return what writes the state; null: this machine takes no snapshots, and its log is kept for
     *     ever
     */
    default StateView view() {
        return null;
    }

    /**
     * The highest version that this machine can go by. What it does for a command may change from
     * build to build, but not from node to node: so a new build does what it did before as long as
     * {@link Entry#version} says so, and the new from the entry on at which it rises. It must know
     * every version that its log, or its newest snapshot and what came behind it, was applied
     * under.
     *
     * <p>A new cluster begins with the highest that all its founders know. Asked once, before the
     * first command.
     *
     * @return at least 1; a node whose machine knows less than is agreed does not start
     */
    default int newestVersion() {
        return 1;
    }

    /**
     * A hash of the state, if the machine can tell one quickly: nodes compare what they hold at
     * slots that all agree on, every 65,536th, and whose state differs from that of most is halted
     * and begins again with a snapshot of theirs. Without it they compare commands and replies,
     * which differ only once something wrong was answered. Equal states must have equal hashes,
     * also where one of them was restored. What leaves it counts as a hash, too.
     *
     * @return 0: none is told
     */
    default long stateHash() {
        return 0;
    }

    /**
     * Takes a written state in the place of whatever it holds: that is to be forgotten first.
     * Called before the first command, and when the node has fallen so far behind that others send
     * it a snapshot. What leaves it halts the machine.
     *
     * @param in what {@link StateView#writeTo} wrote, up to its end
     */
    default void restore(InputStream in) throws IOException {
        throw new UnsupportedOperationException("this state machine takes no snapshots");
    }
}
