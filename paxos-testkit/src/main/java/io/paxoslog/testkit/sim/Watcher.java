package io.paxoslog.testkit.sim;

import io.paxoslog.core.Role;

/**
 * Hears, in the order in which it happens, what the nodes of a simulation do. Must not change
 * anything.
 */
public interface Watcher {
    /** The settings that all nodes share; before anything else. */
    default void settings(
            int nodes,
            int prepareQuorum,
            int acceptQuorum,
            int openSlotLimit,
            boolean valuesWait) {}

    /** The node has recovered what its disk holds, and takes part from now on. */
    default void started(SimulatedNode node) {}

    /** The node lets a message in and is about to act on it. */
    default void hears(SimulatedNode node, Envelope envelope) {}

    /** The node has made a message; it leaves now, later or never. */
    default void said(SimulatedNode node, Envelope envelope) {}

    /** The message has left. */
    default void left(SimulatedNode node, Envelope envelope) {}

    /** The node wrote a record. */
    default void written(SimulatedNode node, JournalRecord entry) {}

    /** The node committed slots. */
    default void committed(SimulatedNode node, BatchCopy batch) {}

    /** The node changed its role. */
    default void role(SimulatedNode node, Role role, long ballot) {}
}
