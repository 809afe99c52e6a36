package io.paxoslog.server;

import io.paxoslog.media.HostNames;
import io.paxoslog.service.StateMachine;

/** Starts nodes inside the process of the caller. */
public final class PaxosLog {
    private PaxosLog() {}

    /**
     * Starts a node and returns once it takes part; whether a leader is there yet is another
     * matter. What the journal holds goes through the state machine again afterwards, while the
     * node takes part: {@link PaxosNode#appliedIndex} says how far it is. Any thread.
     *
     * @param app the application, in its initial state; only the node calls it from now on
     * @throws StartException saying in one line what is wrong and what to do; nothing is left
     *     running then
     */
    public static PaxosNode launch(NodeConfig config, StateMachine app) {
        return NodeBuilder.launch(
                config, app, new NodeLog(System.err, config.id()), new HostNames());
    }
}
