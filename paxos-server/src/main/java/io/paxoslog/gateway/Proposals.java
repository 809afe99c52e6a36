package io.paxoslog.gateway;

import io.paxoslog.core.Replica;
import io.paxoslog.core.Role;
import org.agrona.DirectBuffer;

/** What the gateway needs of the replica: to propose, and to know who leads. */
public interface Proposals {
    /** Proposes entries as one batch; false: not taken, keep it. See {@link Replica#propose}. */
    boolean propose(int count, DirectBuffer entries, int offset, int length);

    /** Whether this node leads and takes commands. */
    boolean takesCommands();

    /** What this node does about leadership. */
    Role role();

    /** The ballot of the leader, or the highest known. */
    long ballot();

    /** Node id of the leader; 0 when none is known. */
    int leader();

    /** Every slot up to it is chosen. */
    long commitIndex();

    /** Last slot proposed. */
    long lastSlot();

    /** Most slots that one batch may have. */
    int openSlotLimit();

    /** The cluster; 0 until it is founded. */
    long clusterId();

    /** The proposals of a replica. */
    static Proposals of(Replica replica) {
        return new ReplicaProposals(replica);
    }
}
