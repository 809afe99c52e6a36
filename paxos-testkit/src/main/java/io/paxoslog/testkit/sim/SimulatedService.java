package io.paxoslog.testkit.sim;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import io.paxoslog.apply.HandOver;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Membership;
import io.paxoslog.core.ReadAnswers;
import io.paxoslog.core.Replica;
import io.paxoslog.core.Role;
import io.paxoslog.core.Version;
import io.paxoslog.gateway.ClientDesk;
import io.paxoslog.gateway.GatewayConfig;
import io.paxoslog.gateway.NodeStatus;
import io.paxoslog.gateway.Proposals;
import io.paxoslog.gateway.ResponseLink;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.EventQueue;
import io.paxoslog.service.Halt;
import io.paxoslog.service.Session;
import io.paxoslog.service.SessionLimits;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.LangUtil;

/**
 * One start of a node above its replica, in production classes: the hand-over to the one who
 * applies, sessions, state machine and the desk that clients talk to. All it applies and keeps is
 * compared with the {@link Reference}.
 */
final class SimulatedService implements NodeService {
    /** Real nodes compare what they applied more seldom. */
    private static final int AGREED_STEP = 16;

    private static final int MOST_CLIENTS = 32;
    private static final int CLIENT_TIMEOUT_MS = 2_000;
    private static final int COMMANDS_A_BATCH = 4;
    private static final int BYTES_READ_A_TURN = 4_000;
    private static final int MOST_READS = 64;

    private final SimulatedNode node;
    private final String name;
    private final Reference reference;
    private final ResponseLink.Factory links;
    private WatchedMachine machine;
    private final HandOver handOver;
    private final Runnable wentBehind;
    private final ClientNetwork network;
    private final LongSupplier clock;
    private final ApplyOrders orders;
    private final ApplySide side;
    private final ApplyFeed feed;
    private final SessionLimits limits;
    private final GatewayConfig bounds;
    private ClientDesk desk;
    private long comparedUpTo;

    /**
     * @param name tells this start of the node in messages
     * @param links opens the ways back to clients
     * @param handOver what crosses between the threads of the node
     * @param snapshots takes those that are taken, and gives them back
     * @param wentBehind told when what was committed did not fit there
     * @param network knows what of clients waits to be heard
     * @param clock the node's own, monotonic
     */
    SimulatedService(
            SimulatedNode node,
            String name,
            Application application,
            SessionLimits limits,
            Reference reference,
            ResponseLink.Factory links,
            HandOver handOver,
            SnapshotDriver snapshots,
            Runnable wentBehind,
            ClientNetwork network,
            LongSupplier clock) {
        this.node = node;
        this.name = name;
        this.reference = reference;
        this.links = links;
        machine = new WatchedMachine(name, application, reference);
        this.handOver = handOver;
        this.wentBehind = wentBehind;
        this.network = network;
        this.clock = clock;
        this.limits = limits;
        orders = new ApplyOrders(handOver);
        side =
                new ApplySide(
                        handOver,
                        machine,
                        () -> machine = new WatchedMachine(name, application, reference),
                        limits,
                        this::hearApplied,
                        SimulatedService::mistake,
                        AGREED_STEP);
        long begin = node.disk().jumpedTo();
        feed =
                new ApplyFeed(
                        orders,
                        node::readCommitted,
                        snapshots::newestBelow,
                        begin,
                        BYTES_READ_A_TURN);
        side.keepSnapshots(snapshots, snapshots);
        comparedUpTo = begin;
        int largest = limits.maxReplyBytes();
        int batchBytes = COMMANDS_A_BATCH * (largest + EntryFormat.OVERHEAD_BYTES);
        bounds =
                new GatewayConfig(
                        MOST_CLIENTS,
                        largest,
                        batchBytes,
                        64,
                        batchBytes,
                        CLIENT_TIMEOUT_MS,
                        MOST_READS,
                        MOST_READS * largest);
    }

    /** What oracles and users find wrong while a command is applied ends the run. */
    private static void mistake(Halt halt) {
        if (halt.isOfSnapshot()) {
            throw new SafetyViolation(
                    "the snapshot of slot " + halt.slot() + " cannot be restored: " + halt.cause());
        }
        LangUtil.rethrowUnchecked(halt.cause());
    }

    private void hearApplied() {
        desk.hearApplied();
    }

    @Override
    public void committed(Batch batch) {
        boolean wasBehind = feed.isBehind();
        feed.committed(batch);
        if (feed.isBehind() && !wasBehind) {
            wentBehind.run();
        }
    }

    @Override
    public void decided(long at, Decision decision) {
        feed.decided(at, decision);
    }

    @Override
    public void held(long slot, long decision) {
        feed.held(slot, decision);
    }

    @Override
    public void jumped(long slot) {
        feed.jumped(slot);
    }

    /** Tells the one who applies to take a snapshot of all that was handed over. */
    boolean orderSnapshot() {
        boolean mayStandStill = node.replica().role() != Role.LEADING;
        return orders.snapshot(feed.handedOverUpTo(), mayStandStill);
    }

    /** Slots up to one are in the journal no more; false when that could not be told. */
    boolean compacted(long slot) {
        boolean isTold = orders.compacted(slot);
        if (isTold) {
            desk.applied().compacted(slot);
        }
        return isTold;
    }

    /** How far all is applied, as the replica's thread knows it. */
    Applied applied() {
        return desk.applied();
    }

    /** Every slot up to it was given to the one who applies. */
    long handedOverUpTo() {
        return feed.handedOverUpTo();
    }

    /**
     * The thread that applies does something, if there is something to do.
     *
     * @return whether it did
     */
    boolean applySome() {
        boolean hasDone = side.step(1) > 0;
        if (side.applier().appliedIndex() > comparedUpTo) {
            if (!reference.knowsEvents()) {
                showEventsBehind(comparedUpTo);
            }
            comparedUpTo = side.applier().appliedIndex();
            reference.appliedUpTo(
                    name,
                    comparedUpTo,
                    machine.applied(),
                    sessionsHash(),
                    side.applier().appliedHash(),
                    machine.stateHash());
        }
        return hasDone;
    }

    /** Whether the thread that applies has something to do, or something left to say. */
    boolean hasToApply() {
        return side.hasOrders() || side.isHeldUp();
    }

    private long sessionsHash() {
        long hash = 0;
        List<Long> ids = reference.everOpened();
        for (int i = 0; i < ids.size(); i++) {
            Session session = side.applier().session(ids.get(i));
            if (session != null) {
                hash +=
                        ModelApplier.hashOf(
                                session.id(), session.lastSequence(), session.firstKept());
                hash += reference.knowsEvents() ? eventsHash(session.id(), session.events()) : 0;
            }
        }
        return hash;
    }

    private void showEventsBehind(long slot) {
        for (long id : reference.everOpened()) {
            Session session = side.applier().session(id);
            EventQueue events = session == null ? null : session.events();
            if (events != null && events.first() <= events.last()) {
                long first = events.firstBehind(slot, Integer.MAX_VALUE);
                checkKeptEvents(id, events, first);
            }
        }
    }

    private static long eventsHash(long session, EventQueue events) {
        if (events == null || events.last() < events.first()) {
            return 0;
        }
        return ModelEvents.hashOf(
                session,
                events.last() - events.first() + 1,
                events.slot(events.first()),
                events.index(events.first()),
                events.slot(events.last()),
                events.index(events.last()));
    }

    @Override
    public void recovered() {
        desk =
                new ClientDesk(
                        bounds,
                        new NodeProposals(node, network, clock),
                        handOver,
                        orders,
                        limits,
                        (first, last, maxBytes, handler) -> first,
                        new Status(),
                        links);
    }

    @Override
    public ReadAnswers reads() {
        return desk.reads();
    }

    /** Where clients are heard and answered. */
    ClientDesk desk() {
        return desk;
    }

    /** Proposes what waits and answers what is decided, as each turn of a node does. */
    void turn() {
        boolean hadRoom = desk.beginTurn();
        network.hearWaitingAt(node);
        if (node.isUp()) {
            node.perform(() -> feed.catchUp(node.replica().commitIndex()));
        }
        if (node.isUp()) {
            desk.hearApplied();
            node.perform(() -> feed.hear(desk.applied(), node.replica()));
        }
        if (node.isUp()) {
            desk.flush();
        }
        if (hadRoom) {
            network.noteWaitingAt(node.node());
        }
        if (node.isUp()) {
            desk.endTurn(network.isAllHeardAt(node.node()));
        }
    }

    /** Compares every reply that is kept for clients. */
    void checkKeptReplies() {
        for (long id : reference.everOpened()) {
            Session session = side.applier().session(id);
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
            if (session.events() != null) {
                checkKeptEvents(id, session.events(), session.events().first());
            }
        }
    }

    private void checkKeptEvents(long session, EventQueue events, long first) {
        for (long number = first; number <= events.last(); number++) {
            long hash =
                    Fingerprint.of(events.buffer(), events.offset(number), events.length(number));
            reference.keepsEvent(name, session, events.slot(number), events.index(number), hash);
        }
    }

    @Override
    public long appliedIndex() {
        return side.applier().appliedIndex();
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
    private record NodeProposals(SimulatedNode node, ClientNetwork network, LongSupplier clock)
            implements Proposals {
        private Replica replica() {
            return node.replica();
        }

        @Override
        public boolean propose(int count, DirectBuffer entries, int offset, int length) {
            boolean isTaken = node.propose(count, entries, offset, length);
            for (byte[] entry : Entries.decode(entries, offset, length)) {
                if (isTaken && entry[0] == Command.EXPIRE_SESSION) {
                    network.expires(node.node(), Command.decode(entry).session());
                }
            }
            return isTaken;
        }

        @Override
        public boolean takesCommands() {
            return replica().takesCommands();
        }

        @Override
        public long timeNs() {
            return replica().timeNs();
        }

        @Override
        public boolean isSettled() {
            return replica().isSettled();
        }

        @Override
        public boolean isConnected() {
            return replica().isConnected();
        }

        @Override
        public int heartbeatTicks() {
            return replica().heartbeatTicks();
        }

        @Override
        public Version version() {
            return replica().version();
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
        public boolean read(long ticket) {
            node.readOfClient(ReadKind.INDEX, ticket);
            return true;
        }

        @Override
        public boolean readByQuorum(long ticket) {
            node.readOfClient(ReadKind.QUORUM, ticket);
            return true;
        }

        @Override
        public boolean offersLeases() {
            return replica().offersLeases();
        }

        @Override
        public boolean readByLease(long ticket) {
            return node.readOfClient(ReadKind.LEASE, ticket);
        }

        @Override
        public boolean holdsLease(long ballot) {
            return replica().holdsLease(ballot, clock.getAsLong());
        }

        @Override
        public boolean isMember(long identity) {
            return replica().membership().indexOf(identity) >= 0
                    || replica().newestMembership().indexOf(identity) >= 0;
        }

        @Override
        public Membership newestMembership() {
            return replica().newestMembership();
        }

        @Override
        public long membershipSlot() {
            return replica().membershipSlot();
        }

        @Override
        public long membershipFirstSlot() {
            return replica().membershipFirstSlot();
        }

        @Override
        public long clusterId() {
            return replica().clusterId();
        }
    }
}
