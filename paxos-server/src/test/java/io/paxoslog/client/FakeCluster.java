package io.paxoslog.client;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import io.paxoslog.apply.HandOver;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Role;
import io.paxoslog.core.Version;
import io.paxoslog.core.planted.Patience;
import io.paxoslog.gateway.ClientGateway;
import io.paxoslog.gateway.CommittedReader;
import io.paxoslog.gateway.FakeSnapshots;
import io.paxoslog.gateway.GatewayConfig;
import io.paxoslog.gateway.NodeStatus;
import io.paxoslog.gateway.Proposals;
import io.paxoslog.gateway.Snapshots;
import io.paxoslog.media.MediaDirectory;
import io.paxoslog.media.PatientMedia;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.Entry;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.LogStateMachine;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Nodes with real gateways over real UDP, whose log is one list in memory: what the leader of the
 * test's choice proposes is chosen as soon as the test lets it. Driven by the thread of the test.
 */
final class FakeCluster implements AutoCloseable {
    private static final long CLUSTER = 4711;

    private final List<Batch> log = new ArrayList<>();
    private final List<FakeNode> nodes = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final GatewayConfig config;
    private Version version = Version.FIRST;
    private long lastSlot = 1;
    private int leader;
    private long round = 1;
    private volatile boolean isChoosing = true;
    private boolean isTaking = true;
    private boolean isFull;

    FakeCluster(int size) {
        this(size, SessionLimits.DEFAULT, GatewayConfig.DEFAULT);
    }

    FakeCluster(int size, SessionLimits limits, GatewayConfig config) {
        this.config = config;
        noOp(1);
        for (int node = 1; node <= size; node++) {
            addresses.add("127.0.0.1:" + FreePorts.two());
        }
        for (int node = 1; node <= size; node++) {
            nodes.add(new FakeNode(node, limits));
        }
        leader = 1;
    }

    List<String> addresses() {
        return addresses;
    }

    FakeNode node(int id) {
        return nodes.get(id - 1);
    }

    /** Another node leads from now on; 0: nobody does. */
    void lead(int node) {
        leader = node;
        round++;
    }

    /** While false, what is proposed is not chosen yet. */
    void choose(boolean choosing) {
        isChoosing = choosing;
    }

    /** While false, the leader's window is full. */
    void take(boolean taking) {
        isTaking = taking;
    }

    /** Whether disks are short of room, so that the leader takes nothing. */
    void beFull(boolean full) {
        isFull = full;
    }

    void noOp(int slots) {
        log.add(
                new Batch()
                        .slots(1, log.isEmpty() ? 1 : lastSlot + 1, slots)
                        .value(Batch.NO_OP, 1, 0)
                        .noBytes());
        lastSlot = log.get(log.size() - 1).lastSlot();
    }

    /** What was proposed and not chosen is replaced by no-ops, as an election may do. */
    void loseOpen() {
        for (FakeNode node : nodes) {
            node.open.forEach(batch -> noOp(batch.count()));
            node.open.clear();
        }
    }

    /** Replaces only the first batch that is open; the others are chosen behind it. */
    void loseFirstOpen(int node) {
        List<Batch> open = node(node).open;
        noOp(open.remove(0).count());
        open.forEach(this::append);
        open.clear();
    }

    /** A session ends without its client, as when it expires. */
    void closeSession(long session) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[EntryFormat.OVERHEAD_BYTES]);
        EntryFormat.putHead(entry, 0, EntryFormat.CLOSE_SESSION, session, 0, 0, 0);
        append(
                new Batch()
                        .slots(1, 1, 1)
                        .value(Batch.COMMANDS, 1, 0)
                        .bytes(entry, 0, entry.capacity()));
    }

    /** From the next slot on sessions may hold so much, for the first time. */
    void limit(SessionLimits limits) {
        UnsafeBuffer entry = new UnsafeBuffer(ByteBuffer.allocate(Integer.BYTES + Decision.BYTES));
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        Decision.limits(limits.toDecide(), 0).encode(entry, Integer.BYTES);
        append(
                new Batch()
                        .slots(1, 1, 1)
                        .value(Batch.DECISION, 1, 0)
                        .bytes(entry, 0, entry.capacity()));
    }

    /** The command that comes next takes no effect, as operators decided. */
    void skipNext() {
        long slot = lastSlot + 1;
        nodes.forEach(node -> node.feed.decided(slot + 1, Decision.skip(slot, 0)));
    }

    /** From the next slot on sessions expire of which nothing is heard. */
    FakeCluster withExpiry() {
        version = new Version(EntryFormat.FIRST_WITH_EXPIRY, 1);
        UnsafeBuffer entry = new UnsafeBuffer(ByteBuffer.allocate(Integer.BYTES + Decision.BYTES));
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        Decision.version(version, 0).encode(entry, Integer.BYTES);
        append(
                new Batch()
                        .slots(1, 1, 1)
                        .value(Batch.DECISION, 1, 0)
                        .bytes(entry, 0, entry.capacity()));
        return this;
    }

    private Membership membership() {
        UnsafeBuffer entry = new UnsafeBuffer(ByteBuffer.allocate(1024));
        entry.putByte(0, (byte) 1);
        entry.putByte(1, (byte) nodes.size());
        entry.putByte(2, (byte) nodes.size());
        entry.putByte(3, (byte) nodes.size());
        entry.putInt(4, 1 << 10, ByteOrder.LITTLE_ENDIAN);
        entry.putLong(8, CLUSTER, ByteOrder.LITTLE_ENDIAN);
        int at = 16;
        for (int node = 1; node <= nodes.size(); node++) {
            entry.putLong(at, MemberId.of(node, 7), ByteOrder.LITTLE_ENDIAN);
            int length = entry.putStringWithoutLengthAscii(at + 9, addresses.get(node - 1));
            entry.putByte(at + 8, (byte) length);
            at += 9 + length;
        }
        return Membership.decode(entry, 0, at);
    }

    private void append(Batch batch) {
        batch.slots(batch.ballot(), lastSlot + 1, batch.count());
        log.add(batch);
        lastSlot = batch.lastSlot();
    }

    long lastSlot() {
        return lastSlot;
    }

    int turn() {
        int work = 0;
        for (FakeNode node : nodes) {
            work += node.isUp ? node.turn() : 0;
        }
        return work;
    }

    /** Nodes that run on a thread of their own, until it is closed. Only then the test may look. */
    final class Crew implements AutoCloseable {
        private final AtomicBoolean isToStop = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "nodes of the test");
        private Throwable thrown;

        Crew() {
            thread.start();
        }

        private void run() {
            IdleStrategy idle = new BackoffIdleStrategy();
            try {
                while (!isToStop.get()) {
                    idle.idle(turn());
                }
            } catch (Throwable e) {
                thrown = e;
            }
        }

        @Override
        public void close() {
            isToStop.set(true);
            boolean isInterrupted = Thread.interrupted();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
            if (thrown != null) {
                throw new AssertionError("a node threw", thrown);
            }
        }
    }

    /** All nodes run by themselves. */
    Crew crew() {
        return new Crew();
    }

    /** What a node has applied; while nothing runs by itself. */
    CommandApplier applier(int node) {
        return node(node).side.applier();
    }

    /** One node says nothing to clients any more, and leads on; the others run by themselves. */
    Crew cutOff(int node) {
        node(node).isUp = false;
        return new Crew();
    }

    /** Runs nodes and clients until something holds; fails after a generous time. */
    void runUntil(BooleanSupplier condition, PaxosClient... clients) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Patience.ms());
        IdleStrategy idle = new BackoffIdleStrategy();
        while (!condition.getAsBoolean()) {
            int work = turn();
            for (PaxosClient client : clients) {
                work += client.poll();
            }
            idle.idle(work);
            if (System.nanoTime() > deadline) {
                throw new AssertionError("does not come true");
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(FakeNode::close);
    }

    /** One node: its own driver, its own state machine, the shared log. */
    final class FakeNode implements Proposals, NodeStatus {
        final List<Batch> open = new ArrayList<>();
        final List<String> effects = new ArrayList<>();
        final List<String> queries = new ArrayList<>();

        /** While false, the core confirms no read. */
        volatile boolean isConfirming = true;

        /** The last ticket that the core was asked to confirm; 0: none. */
        volatile long askedLeader;

        private long askedQuorum;
        private final MediaDirectory directory;
        private final MediaDriver driver;
        private final Aeron aeron;
        private final int id;
        private final ApplySide side;
        private final ApplyFeed feed;
        private int committedBatches;
        final ClientGateway gateway;
        boolean isUp = true;
        int proposals;

        /** A slot that this node's disk does not give back; 0 when there is none. */
        long unreadable;

        /** While true, this node learns of nothing that is chosen. */
        boolean isBehind;

        long clusterId = CLUSTER;

        /** The slots below are in this node's log no more. */
        long firstKept = 1;

        final FakeSnapshots snapshots = new FakeSnapshots();

        FakeNode(int id, SessionLimits limits) {
            this.id = id;
            directory = takeDirectory(id);
            driver =
                    MediaDriver.launch(
                            new MediaDriver.Context()
                                    .aeronDirectoryName(directory.driver().toString())
                                    .dirDeleteOnShutdown(true)
                                    .threadingMode(ThreadingMode.INVOKER)
                                    .asyncExecutorEnabled(false)
                                    .mtuLength(8192)
                                    .imageLivenessTimeoutNs(TimeUnit.MILLISECONDS.toNanos(500))
                                    .clientLivenessTimeoutNs(TimeUnit.HOURS.toNanos(1))
                                    .publicationUnblockTimeoutNs(TimeUnit.HOURS.toNanos(2))
                                    .publicationLingerTimeoutNs(0)
                                    .socketRcvbufLength(2 << 20)
                                    .socketSndbufLength(2 << 20));
            aeron =
                    Aeron.connect(
                            new Aeron.Context()
                                    .aeronDirectoryName(driver.aeronDirectoryName())
                                    .errorHandler(PatientMedia::tell)
                                    .useConductorAgentInvoker(true)
                                    .driverAgentInvoker(driver.sharedAgentInvoker()));
            HandOver handOver = new HandOver(HandOver.ringFor(config.maxBatchBytes(), 1), 2 << 20);
            ApplyOrders orders = new ApplyOrders(handOver);
            feed = new ApplyFeed(orders, this::read, 0, 1 << 20);
            gateway =
                    new ClientGateway(
                            aeron,
                            MemberAddress.ingress(addresses.get(id - 1)),
                            config,
                            this,
                            handOver,
                            orders,
                            limits,
                            new Reader(),
                            this);
            side = new ApplySide(handOver, new App(), limits, gateway::hearApplied);
        }

        /**
         * A log that answers each query with it and its own node, and sends what commands say:
         * "send SESSION TEXT", session 0 being the sender's own.
         */
        private final class App implements StateMachine {
            private final StateMachine log = new LogStateMachine();
            private Cluster cluster;

            @Override
            public void begin(Cluster newCluster) {
                cluster = newCluster;
            }

            @Override
            public void apply(Entry entry, Reply reply) {
                String text =
                        entry.buffer().getStringWithoutLengthUtf8(entry.offset(), entry.length());
                effects.add(text);
                log.apply(entry, reply);
                if (text.startsWith("send ")) {
                    String[] words = text.split(" ", 3);
                    long session = Long.parseLong(words[1]);
                    byte[] event = words[2].getBytes(StandardCharsets.UTF_8);
                    cluster.send(
                            session == 0 ? entry.session() : session,
                            new UnsafeBuffer(event),
                            0,
                            event.length);
                }
            }

            @Override
            public void query(Query query, Reply answer) {
                String text =
                        query.buffer().getStringWithoutLengthUtf8(query.offset(), query.length());
                queries.add(text);
                if (text.startsWith("bad")) {
                    throw new IllegalArgumentException(text);
                }
                byte[] bytes = (text + " of " + id).getBytes(StandardCharsets.UTF_8);
                answer.resize(bytes.length).putBytes(0, bytes);
            }
        }

        private static MediaDirectory takeDirectory(int id) {
            try {
                return MediaDirectory.take(MediaDirectory.usualParent(), "fake-node-" + id);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int turn() {
            int work = aeron.conductorAgentInvoker().invoke();
            work += driver.sharedAgentInvoker().invoke();
            gateway.onTick(
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                    TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
            work += gateway.poll();
            if (isChoosing) {
                open.forEach(FakeCluster.this::append);
                open.clear();
            }
            if (isConfirming) {
                gateway.reads().indexed(askedLeader, lastSlot);
                gateway.reads().indexedByQuorum(askedQuorum, lastSlot);
            }
            while (!isBehind && committedBatches < FakeCluster.this.log.size()) {
                feed.committed(FakeCluster.this.log.get(committedBatches++));
            }
            work += feed.catchUp(isBehind ? 0 : lastSlot) + side.step(64) + gateway.hearApplied();
            return work + gateway.flush();
        }

        private final class Reader implements CommittedReader {
            @Override
            public long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler) {
                return firstSlot < firstKept
                        ? firstSlot
                        : FakeNode.this.read(firstSlot, lastSlot, maxBytes, handler);
            }

            @Override
            public long firstKept() {
                return firstKept;
            }
        }

        private long read(long firstSlot, long upTo, int maxBytes, Consumer<Batch> handler) {
            long next = firstSlot;
            int bytes = 0;
            for (Batch batch : FakeCluster.this.log) {
                if (batch.lastSlot() < next || batch.firstSlot() > upTo || bytes > maxBytes) {
                    continue;
                }
                if (next <= unreadable && unreadable <= Math.min(batch.lastSlot(), upTo)) {
                    if (next < unreadable) {
                        handler.accept(new Batch().slice(batch, next, unreadable - 1));
                    }
                    return unreadable;
                }
                handler.accept(new Batch().slice(batch, next, upTo));
                bytes += batch.length();
                next = Math.min(batch.lastSlot(), upTo) + 1;
            }
            return next;
        }

        @Override
        public boolean propose(int count, DirectBuffer entries, int offset, int length) {
            if (!isTaking) {
                return false;
            }
            UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocate(length));
            copy.putBytes(0, entries, offset, length);
            long ballot = Ballot.of(round, id);
            open.add(
                    new Batch()
                            .slots(ballot, 1, count)
                            .value(Batch.COMMANDS, ballot, proposals + 1L)
                            .bytes(copy, 0, length));
            proposals++;
            return true;
        }

        @Override
        public boolean read(long ticket) {
            askedLeader = ticket;
            return true;
        }

        @Override
        public boolean readByQuorum(long ticket) {
            askedQuorum = ticket;
            return true;
        }

        @Override
        public long timeNs() {
            return 0;
        }

        @Override
        public boolean takesCommands() {
            return leader == id && !isFull;
        }

        @Override
        public boolean isSettled() {
            return leader == id;
        }

        @Override
        public boolean lacksRoom() {
            return leader == id && isFull;
        }

        @Override
        public Role role() {
            return leader == id ? Role.LEADING : Role.FOLLOWING;
        }

        @Override
        public long ballot() {
            return Ballot.of(round, Math.max(leader, 1));
        }

        @Override
        public int leader() {
            return leader;
        }

        @Override
        public long commitIndex() {
            return lastSlot;
        }

        @Override
        public long lastSlot() {
            return lastSlot + open.stream().mapToInt(Batch::count).sum();
        }

        @Override
        public Version version() {
            return version;
        }

        @Override
        public Membership newestMembership() {
            return membership();
        }

        @Override
        public long membershipSlot() {
            return 1;
        }

        @Override
        public int openSlotLimit() {
            return 1 << 20;
        }

        @Override
        public long clusterId() {
            return clusterId;
        }

        @Override
        public int node() {
            return id;
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
        public long syncedSlot() {
            return lastSlot;
        }

        @Override
        public String addressOf(int node) {
            return addresses.get(node - 1);
        }

        CommandApplier applier() {
            return side.applier();
        }

        /** Gone without a word, as after {@code kill -9}. */
        void close() {
            isUp = false;
            CloseHelper.close(aeron);
            CloseHelper.close(driver);
            directory.close();
        }
    }
}
