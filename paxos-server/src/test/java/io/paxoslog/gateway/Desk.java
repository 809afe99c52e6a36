package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import io.paxoslog.apply.FactReader;
import io.paxoslog.apply.HandOver;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Role;
import io.paxoslog.core.Version;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.Entry;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A gateway without Aeron: clients are image numbers, links are {@link FakeLink}s. */
final class Desk implements Proposals, NodeStatus {

    static final int REPLY_BYTES = 100;
    private static final byte WAITING = 'W';
    private static final long TOPIC = 5;
    private static final long WALL_CLOCK_NS = 1_000_000;

    /** Tickets of reads that the core was asked about. */
    final List<Long> askedLeader = new ArrayList<>();

    final List<Long> askedQuorum = new ArrayList<>();
    final List<Long> askedLease = new ArrayList<>();
    boolean offersLeases = true;
    boolean holdsLease = true;
    int queries;
    private boolean isApplying = true;

    final List<FakeLink> links = new ArrayList<>();
    final CommandApplier applier;
    final Connections clients;
    final ApplySide side;
    private final FactReader facts;
    private final ApplyFeed feed;
    final List<Batch> log = new ArrayList<>();
    final FakeSnapshots snapshots = new FakeSnapshots();

    /** Slot of the entry that says who the members are. */
    long membershipSlot;

    /** The slots below are in no journal any more. */
    long firstKept = 1;

    private final ClientFrames frames = new ClientFrames();
    private final CommandBatch batch;
    private final IngressDecoder decoder;
    private final ResponseWriter writer;
    final TailSender tails;
    boolean isLeading = true;
    private boolean areReached = true;
    int leader = 1;
    long round = 1;
    long limitsDecidedAt;
    boolean isConnected = true;
    long timeNs = 7;
    private Version version = Version.FIRST;

    Desk(GatewayConfig config, SessionLimits limits) {
        this(config, limits, null);
    }

    /**
     * @param app null: one that answers with zeros
     */
    Desk(GatewayConfig config, SessionLimits limits, StateMachine app) {
        this(config, limits, app, true);
    }

    /**
     * @param hasTicked whether time has passed since this node started
     */
    Desk(GatewayConfig config, SessionLimits limits, StateMachine app, boolean hasTicked) {
        HandOver handOver = new HandOver(1 << 20, 1 << 20);
        ApplyOrders orders = new ApplyOrders(handOver);
        side = new ApplySide(handOver, app == null ? new App() : app, limits, this::hearApplied);
        applier = side.applier();
        feed = new ApplyFeed(orders, this::read, 0, 1 << 20);
        Applied applied = new Applied(limits);
        batch = new CommandBatch(config.maxBatchBytes());
        clients =
                new Connections(
                        config,
                        this,
                        batch,
                        orders,
                        applied,
                        this,
                        endpoint -> {
                            links.add(new FakeLink());
                            links.get(links.size() - 1).isConnected = areReached;
                            return links.get(links.size() - 1);
                        });
        decoder = new IngressDecoder(clients);
        writer = new ResponseWriter(config, this, applied, clients, this);
        tails = new TailSender(config, this, applied, new Reader());
        facts = new FactReader(handOver, clients);
        // Slot 1 founds the cluster.
        chosen(new Batch().slots(1, 1, 1).value(Batch.NO_OP, 1, 0).noBytes());
        clients.noticeLeader();
        if (hasTicked) {
            tick(0);
        }
    }

    /** Answers each query with itself, those with a W in front once there is news. */
    private final class App implements StateMachine {
        private Cluster cluster;

        @Override
        public void apply(Entry entry, Reply reply) {
            reply.resize(REPLY_BYTES);
            cluster.news(TOPIC, entry.slot());
        }

        @Override
        public void begin(Cluster newCluster) {
            cluster = newCluster;
        }

        @Override
        public void query(Query query, Reply answer) {
            queries++;
            if (query.buffer().getByte(query.offset()) == WAITING && query.news() == 0) {
                query.later(TOPIC);
            }
            answer.resize(query.length())
                    .putBytes(0, query.buffer(), query.offset(), query.length());
        }
    }

    /** Time passes. */
    void tick(long tick) {
        clients.onTick(tick, WALL_CLOCK_NS + tick);
        tails.onTick(tick);
    }

    /** What is chosen is applied from now on, or is not. */
    void applies(boolean itDoes) {
        isApplying = itDoes;
    }

    ClientFrames frames() {
        return frames;
    }

    /** False when the message has to come again. */
    boolean hear(int image, byte[] frame) {
        return decoder.decode(image, new UnsafeBuffer(frame), 0, frame.length);
    }

    FakeLink hello(int image) {
        hear(image, frames.hello(1000 + image, ClientProtocol.VERSION, "127.0.0.1:4000"));
        speak();
        FakeLink link = links.get(links.size() - 1);
        link.takeSaid();
        return link;
    }

    /** A client that says hello and listens nowhere. */
    FakeLink neverReached(int image) {
        areReached = false;
        hear(image, frames.hello(1000 + image, 1, "127.0.0.1:4000"));
        areReached = true;
        return links.get(links.size() - 1);
    }

    /** Has the client open a session and resume it; returns the session. */
    long session(int image) {
        hear(image, frames.openSession(image));
        choose();
        long session = log.get(log.size() - 1).lastSlot();
        hear(image, frames.resume(session, 1, 1));
        speak();
        links.get(links.size() - 1).takeSaid();
        return session;
    }

    /** From the next slot on sessions expire. */
    Desk withExpiry() {
        version = new Version(EntryFormat.FIRST_WITH_EXPIRY, 1);
        decided(Decision.version(version, 0));
        return this;
    }

    /** Another node leads, and then this one again. */
    void reelect() {
        round++;
        clients.noticeLeader();
    }

    /** As while the replica takes no more. */
    void beFull(boolean full) {
        clients.beFull(full);
    }

    /** Chooses what was heard as one batch. */
    void choose() {
        if (batch.isEmpty()) {
            return;
        }
        propose(batch.count(), batch.entries(), 0, batch.length());
        batch.clear();
    }

    /** What was heard is never chosen. */
    void forgetBatch() {
        batch.clear();
    }

    /** Chooses an entry that did not come by this gateway. */
    void chooseForeign(long session, long sequence) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES]);
        EntryFormat.putHead(entry, 0, EntryFormat.COMMAND, session, sequence, 1, 0);
        propose(1, entry, 0, entry.capacity());
    }

    /** Opens a session as former releases did, without a secret; returns it. */
    long chooseSessionOfOld(long nonce) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES]);
        EntryFormat.putHead(entry, 0, EntryFormat.OPEN_SESSION, nonce, 0, 0, 0);
        propose(1, entry, 0, entry.capacity());
        return lastSlot();
    }

    private void chosen(Batch chosen) {
        log.add(chosen);
        feed.committed(chosen);
    }

    /** Applies what is chosen and hears what came of it, as in one turn. */
    private void apply() {
        feed.catchUp(log.isEmpty() ? 0 : lastSlot());
        while (isApplying && side.step(1) + facts.poll() > 0) {
            // What is answered may be asked for again.
        }
    }

    private void hearApplied() {
        facts.poll();
    }

    void speak() {
        clients.noticeLeader();
        clients.noticeMembers();
        clients.reads().turn();
        apply();
        clients.reads().turn();
        apply();
        for (int i = 0; i < clients.links().count(); i++) {
            Connection client = clients.links().get(i);
            if (client.out.isConnected()) {
                clients.settleClaim(client);
                writer.speak(client);
            }
        }
        clients.links().tellGone();
        apply();
    }

    int heardCommands() {
        return batch.count();
    }

    private final class Reader implements CommittedReader {
        @Override
        public long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
            return firstSlot < firstKept
                    ? firstSlot
                    : Desk.this.read(firstSlot, lastSlot, maxBytes, handler);
        }

        @Override
        public long firstKept() {
            return firstKept;
        }
    }

    private long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
        long next = firstSlot;
        int bytes = 0;
        for (Batch held : log) {
            if (held.lastSlot() >= next && next <= lastSlot && bytes < maxBytes) {
                Batch part = new Batch().slice(held, next, lastSlot);
                handler.accept(part);
                bytes += part.length();
                next = part.lastSlot() + 1;
            }
        }
        return next;
    }

    @Override
    public boolean propose(int count, DirectBuffer entries, int offset, int length) {
        UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, entries, offset, length);
        chosen(
                new Batch()
                        .slots(ballot(), lastSlot() + 1, count)
                        .value(Batch.COMMANDS, ballot(), timeNs)
                        .bytes(copy, 0, length));
        return true;
    }

    @Override
    public boolean read(long ticket) {
        return askedLeader.add(ticket);
    }

    @Override
    public boolean offersLeases() {
        return offersLeases;
    }

    @Override
    public boolean readByLease(long ticket) {
        if (holdsLease) {
            askedLease.add(ticket);
        }
        return holdsLease;
    }

    @Override
    public boolean holdsLease(long ballot) {
        return holdsLease && ballot == ballot();
    }

    @Override
    public boolean readByQuorum(long ticket) {
        return askedQuorum.add(ticket);
    }

    @Override
    public boolean decide(Decision decision) {
        if (decision.previous() != limitsDecidedAt) {
            return false;
        }
        decided(decision);
        limitsDecidedAt = lastSlot();
        return true;
    }

    private void decided(Decision decision) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Integer.BYTES + Decision.BYTES]);
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        decision.encode(entry, Integer.BYTES);
        chosen(
                new Batch()
                        .slots(ballot(), lastSlot() + 1, 1)
                        .value(Batch.DECISION, ballot(), 0)
                        .bytes(entry, 0, entry.capacity()));
    }

    @Override
    public Version version() {
        return version;
    }

    @Override
    public boolean isConnected() {
        return isLeading && isConnected;
    }

    @Override
    public String refusal() {
        return "changed by somebody else";
    }

    @Override
    public boolean isInForce(long slot) {
        return slot == limitsDecidedAt;
    }

    @Override
    public long limitsDecidedAt() {
        return limitsDecidedAt;
    }

    @Override
    public long timeNs() {
        return timeNs;
    }

    @Override
    public boolean takesCommands() {
        return isLeading;
    }

    @Override
    public boolean isSettled() {
        return isLeading;
    }

    @Override
    public Role role() {
        return isLeading ? Role.LEADING : Role.FOLLOWING;
    }

    @Override
    public long membershipSlot() {
        return membershipSlot;
    }

    @Override
    public long ballot() {
        return Ballot.of(round, 1);
    }

    @Override
    public int leader() {
        return leader;
    }

    @Override
    public long commitIndex() {
        return lastSlot();
    }

    @Override
    public long lastSlot() {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).lastSlot();
    }

    @Override
    public int openSlotLimit() {
        return 1 << 20;
    }

    @Override
    public long clusterId() {
        return 9;
    }

    @Override
    public int node() {
        return 1;
    }

    @Override
    public Snapshots snapshots() {
        return snapshots;
    }

    @Override
    public long firstKept() {
        return firstKept;
    }

    @Override
    public long journalBytes() {
        return 64;
    }

    @Override
    public long snapshotBytes() {
        return 16;
    }

    @Override
    public long freeBytes() {
        return 1_000;
    }

    @Override
    public long syncedSlot() {
        return 0;
    }

    @Override
    public String addressOf(int node) {
        return "10.0.0." + node + ":9000";
    }
}
