package io.paxoslog.server;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.ReplicaEvents;
import io.paxoslog.core.Role;
import io.paxoslog.metrics.ReplicaCounters;
import java.util.Locale;

/**
 * Shows operators what a replica does about leadership, and stops the node when it must not go on.
 */
final class NodeEvents implements ReplicaEvents {
    private final NodeLog log;
    private final ReplicaCounters counters;
    private final StopRequest stop;

    NodeEvents(NodeLog log, ReplicaCounters counters, StopRequest stop) {
        this.log = log;
        this.counters = counters;
        this.stop = stop;
    }

    @Override
    public void role(Role role, long ballot, int leader, String why) {
        counters.role(role, ballot, leader);
        log.line(
                "%s ballot %s leader %s: %s"
                        .formatted(
                                role.name().toLowerCase(Locale.ROOT),
                                Ballot.text(ballot),
                                leader == 0 ? "none" : leader,
                                why));
    }

    @Override
    public void mustStop(String why) {
        stop.because(why);
    }

    @Override
    public void warning(String what) {
        log.line("warning: " + what);
    }
}
