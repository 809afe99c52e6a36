package io.paxoslog.server;

import io.paxoslog.core.ReplicaEvents;
import io.paxoslog.core.Role;
import io.paxoslog.metrics.ReplicaCounters;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Shows operators what a replica does about leadership, and stops the node when it must not go on.
 */
final class NodeEvents implements ReplicaEvents {
    private final NodeLog log;
    private final ReplicaCounters counters;
    private final StopRequest stop;
    private final ElectionLines elections;

    NodeEvents(NodeLog log, ReplicaCounters counters, StopRequest stop) {
        this.log = log;
        this.counters = counters;
        this.stop = stop;
        elections = new ElectionLines(log::line, SystemNanoClock.INSTANCE);
    }

    @Override
    public void role(Role role, long ballot, int leader, String why) {
        counters.role(role, ballot, leader);
        elections.role(role, ballot, leader, why);
    }

    @Override
    public void mustStop(String why) {
        stop.forGood(why);
    }

    @Override
    public void removed(String why) {
        stop.asRemoved(why);
    }

    @Override
    public void transfer(String what) {
        log.line(what);
    }

    @Override
    public void warning(String what) {
        log.line("warning: " + what);
    }
}
