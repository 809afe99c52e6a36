package io.paxoslog.gateway;

import io.paxoslog.core.Role;
import org.agrona.DirectBuffer;

/** Node 1, which leads and takes nothing; tests say otherwise where it matters. */
abstract class LeadingNode implements Proposals, NodeStatus {
    private static final int NODE = 1;

    @Override
    public boolean propose(int count, DirectBuffer entries, int offset, int length) {
        return false;
    }

    @Override
    public long timeNs() {
        return 0;
    }

    @Override
    public boolean takesCommands() {
        return false;
    }

    @Override
    public Role role() {
        return Role.LEADING;
    }

    @Override
    public long ballot() {
        return 1;
    }

    @Override
    public int leader() {
        return NODE;
    }

    @Override
    public long commitIndex() {
        return 1;
    }

    @Override
    public long lastSlot() {
        return commitIndex();
    }

    @Override
    public int openSlotLimit() {
        return 1;
    }

    @Override
    public long clusterId() {
        return 1;
    }

    @Override
    public int node() {
        return NODE;
    }

    @Override
    public long syncedSlot() {
        return commitIndex();
    }

    @Override
    public String addressOf(int node) {
        return "";
    }
}
