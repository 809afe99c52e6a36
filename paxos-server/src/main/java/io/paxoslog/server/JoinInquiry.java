package io.paxoslog.server;

import io.paxoslog.client.ClientException;
import io.paxoslog.client.MembersReport;
import io.paxoslog.client.PaxosMembers;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Replica;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds out for a node that joins who the members are: asks those it was told of, as any client
 * may, by a thread of its own, and again as long as it hears no leader. What they say are hints:
 * whose frames this node hears, and where to.
 */
final class JoinInquiry implements AutoCloseable {
    private static final int ANSWER_MS = 2_000;
    private static final long SHORTEST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long LONGEST_WAIT_MS = 5_000;

    private final NodeConfig config;
    private final long self;
    private final NodeLog log;
    private final StopRequest stop;
    private final AtomicReference<MembersReport> said = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "paxos-join");
    private volatile boolean isNeeded = true;
    private volatile boolean isClosed;

    /**
     * @param self this node's identity
     */
    JoinInquiry(NodeConfig config, long self, NodeLog log, StopRequest stop) {
        this.config = config;
        this.self = self;
        this.log = log;
        this.stop = stop;
        thread.setDaemon(true);
    }

    /** Begins to ask, and says what an operator has to do unless that is done. */
    void start(Replica replica) {
        if (replica.membershipSlot() == 0) {
            log.line(
                    "has the incarnation %s and waits to be added: ./paxos members add %s --members %s"
                            .formatted(
                                    Long.toHexString(MemberId.incarnation(self)),
                                    config.self(),
                                    String.join(",", config.join())));
        }
        thread.start();
    }

    private void run() {
        long pauseNs = SHORTEST_PAUSE_NS;
        while (!isClosed) {
            if (isNeeded) {
                ask();
            }
            LockSupport.parkNanos(pauseNs);
            pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
        }
    }

    private void ask() {
        try {
            MembersReport latest =
                    MembersReport.latestOf(PaxosMembers.ask(config.join(), ANSWER_MS));
            if (latest != null) {
                said.set(latest);
            }
        } catch (ClientException e) {
            if (!isClosed) {
                log.rarely("cannot ask who the members are: " + e.getMessage());
            }
        }
    }

    /** Passes on what was heard meanwhile. */
    void onTick(Replica replica) {
        isNeeded = replica.leader() == 0;
        MembersReport report = said.get() == null ? null : said.getAndSet(null);
        if (report == null) {
            return;
        }
        if (replica.membershipSlot() == 0 && isTaken(report)) {
            stop.forGood(
                    "cluster %s has had a node %d before, and no id is used again: join it with an id above %d and another directory"
                            .formatted(
                                    Long.toHexString(report.clusterId()),
                                    config.id(),
                                    report.highestNode()));
        }
        for (Change.Member member : report.members()) {
            if (MemberId.node(member.identity()) != config.id()) {
                replica.hint(MemberId.node(member.identity()), member.address());
            }
        }
    }

    /** Whether this node can never be a member under its id. */
    private boolean isTaken(MembersReport report) {
        return config.id() <= report.highestNode()
                && report.members().stream().noneMatch(member -> member.identity() == self);
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        BackgroundThread.awaitEnd(thread, LONGEST_WAIT_MS);
    }
}
