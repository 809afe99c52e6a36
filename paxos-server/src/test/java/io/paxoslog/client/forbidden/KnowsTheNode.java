package io.paxoslog.client.forbidden;

import io.paxoslog.core.Replica;

/** Breaks R4: what belongs to a node would come along with every client. */
public final class KnowsTheNode {
    /** Holds on to a replica. */
    public boolean isNode(Object other) {
        return other instanceof Replica;
    }
}
