package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.Replica;
import io.paxoslog.core.Role;
import io.paxoslog.gateway.ClientDesk;
import io.paxoslog.gateway.GatewayConfig;
import io.paxoslog.gateway.NodeStatus;
import io.paxoslog.gateway.Proposals;
import io.paxoslog.gateway.ResponseLink;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.Session;
import io.paxoslog.service.SessionLimits;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * One start of a node above its replica, in production classes: sessions, state machine and the
 * desk that clients talk to. All it applies and keeps is compared with the {@link Reference}.
 */
final class SimulatedService implements NodeService {
    private static final int MOST_CLIENTS = 32;
    private static final int CLIENT_TIMEOUT_MS = 2_000;
    private static final int COMMANDS_A_BATCH = 4;

    private final SimulatedNode node;
    private final String name;
    private final Reference reference;
    private final ResponseLink.Factory links;
    private final WatchedMachine machine;
    private final CommandApplier applier;
    private final GatewayConfig bounds;
    private ClientDesk desk;

    /**
     * @param name tells this start of the node in messages
     * @param links opens the ways back to clients
     */
    SimulatedService(
            SimulatedNode node,
            String name,
            Application application,
            SessionLimits limits,
            Reference reference,
            ResponseLink.Factory links) {
        this.node = node;
        this.name = name;
        this.reference = reference;
        this.links = links;
        machine = new WatchedMachine(name, application, reference);
        applier = new CommandApplier(machine, limits);
        int largest = limits.maxReplyBytes();
        int batchBytes = COMMANDS_A_BATCH * (largest + EntryFormat.OVERHEAD_BYTES);
        bounds =
                new GatewayConfig(
                        MOST_CLIENTS, largest, batchBytes, 64, batchBytes, CLIENT_TIMEOUT_MS);
    }

    @Override
    public void committed(Batch batch) {
        applier.committed(batch);
        reference.appliedUpTo(name, batch.lastSlot(), machine.applied(), sessionsHash());
    }

    private long sessionsHash() {
        long hash = 0;
        List<Long> ids = reference.everOpened();
        for (int i = 0; i < ids.size(); i++) {
            Session session = applier.session(ids.get(i));
            if (session != null) {
                hash +=
                        ModelApplier.hashOf(
                                session.id(), session.lastSequence(), session.firstKept());
            }
        }
        return hash;
    }

    @Override
    public void recovered() {
        desk =
                new ClientDesk(
                        bounds,
                        new NodeProposals(node),
                        applier,
                        (first, last, maxBytes, handler) -> first,
                        new Status(),
                        links);
    }

    /** Where clients are heard and answered. */
    ClientDesk desk() {
        return desk;
    }

    /** Proposes what waits and answers what is decided, as each turn of a node does. */
    void turn() {
        desk.beginTurn();
        if (node.isUp()) {
            desk.flush();
        }
    }

    /** Compares every reply that is kept for clients. */
    void checkKeptReplies() {
        for (long id : reference.everOpened()) {
            Session session = applier.session(id);
            if (session == null) {
                continue;
            }
            for (long seq = session.firstKept(); seq <= session.lastSequence(); seq++) {
                long hash =
                        Fingerprint.of(
                                session.replyBuffer(),
                                session.replyOffset(seq),
                                session.replyLength(seq));
                reference.keeps(name, id, seq, session.slot(seq), hash);
            }
        }
    }

    @Override
    public long appliedIndex() {
        return applier.appliedIndex();
    }

    private final class Status implements NodeStatus {
        @Override
        public int node() {
            return node.node();
        }

        @Override
        public long syncedSlot() {
            return 0;
        }

        @Override
        public String addressOf(int other) {
            return ClientNetwork.addressOf(other);
        }
    }

    /** The node's replica, which may die of proposing. */
    private record NodeProposals(SimulatedNode node) implements Proposals {
        private Replica replica() {
            return node.replica();
        }

        @Override
        public boolean propose(int count, DirectBuffer entries, int offset, int length) {
            return node.propose(count, entries, offset, length);
        }

        @Override
        public boolean takesCommands() {
            return replica().takesCommands();
        }

        @Override
        public Role role() {
            return replica().role();
        }

        @Override
        public long ballot() {
            return replica().ballot();
        }

        @Override
        public int leader() {
            return replica().leader();
        }

        @Override
        public long commitIndex() {
            return replica().commitIndex();
        }

        @Override
        public long lastSlot() {
            return replica().lastSlot();
        }

        @Override
        public int openSlotLimit() {
            return replica().membership().openSlotLimit();
        }

        @Override
        public long clusterId() {
            return replica().clusterId();
        }
    }
}
