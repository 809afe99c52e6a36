package io.paxoslog.transport;

import io.aeron.Aeron;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import io.paxoslog.core.Snapshots;
import io.paxoslog.core.StoredValues;
import io.paxoslog.media.DatagramSize;
import io.paxoslog.media.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.BitUtil;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Everything between a replica and its peers: hears them, and says what the replica said. Belongs
 * to the replica thread once {@link #ownedBy} was called.
 */
public final class PeerTransport implements AutoCloseable {
    private static final int PROTOCOL_STREAM = 1;
    private static final int CATCHUP_STREAM = 2;
    private static final int SNAPSHOT_STREAM = 3;
    private static final int PROTOCOL_FRAGMENTS_PER_TURN = 64;
    private static final int CATCHUP_FRAGMENTS_PER_TURN = 16;
    private static final int SNAPSHOT_FRAGMENTS_PER_TURN = 16;
    private static final int FIRST_CATCHUP_BYTES = 128 * 1024;
    private static final int FIRST_SNAPSHOT_BYTES = 1024;
    private static final int PARTS_IN_QUEUE = 8;

    private final Aeron aeron;
    private final TransportConfig config;
    private final LongSupplier run;
    private final PeerCounters counters;
    private final Consumer<String> mustStop;
    private final PeerLinks links;
    private final Outbox outbox;
    private final CatchupSender catchup;
    private final SnapshotTransfer snapshots;
    private final List<PeerReceiver> receivers = new ArrayList<>();
    private final Int2ObjectHashMap<String> addresses = new Int2ObjectHashMap<>();
    private final Peers listeners = new Listeners();
    private LongSupplier clusterId = () -> 0;
    private SnapshotTaker taker = SnapshotTaker.NOBODY;

    /**
     * Opens a way to every other node. Nothing is heard before {@link #connect}.
     *
     * @param journal tells how far the journal has been written, and in which run
     * @param reader reads slots back for those who lack them
     * @param files where the snapshots of this node lie
     * @param mustStop told when a stream broke for good
     */
    public PeerTransport(
            Aeron aeron,
            TransportConfig config,
            JournalPositions journal,
            SlotReader reader,
            SnapshotFiles files,
            PeerCounters counters,
            Consumer<String> mustStop) {
        this.aeron = aeron;
        this.config = config;
        this.run = journal::run;
        this.counters = counters;
        this.mustStop = mustStop;
        int maxBytes = config.maxQueueBytes();
        links = new PeerLinks(config.ringBytes(), maxBytes, counters.framesDropped(), mustStop);
        outbox =
                new Outbox(
                        config.syncRule(),
                        journal,
                        this::clusterId,
                        maxBytes,
                        counters.framesDropped());
        catchup = new CatchupSender(config.self(), outbox, reader);
        snapshots = transfer(files);
        outbox.addEveryone(links.everyone());
        config.peers().forEach(this::addPeer);
    }

    private long clusterId() {
        return clusterId.getAsLong();
    }

    private SnapshotTransfer transfer(SnapshotFiles files) {
        SnapshotSender sender =
                new SnapshotSender(
                        config.self(),
                        files,
                        config.snapshotBytesPerSecond(),
                        config.maxPartBytes(),
                        () -> !taker.hearsLeader());
        SnapshotReceiver receiver = new SnapshotReceiver(config.self(), outbox, files, () -> taker);
        return new SnapshotTransfer(files, sender, receiver);
    }

    /** Never waits: streams are opened in the background, once it is known where the node is. */
    private void addPeer(int node, String address) {
        String name = "node " + node + " at " + address;
        DatagramSize size = new DatagramSize(SystemNanoClock.INSTANCE);
        addresses.put(node, address);
        outbox.addNode(node, links.addPeer(node, name, line(address, PROTOCOL_STREAM, size)));
        addCatchup(node, name, line(address, CATCHUP_STREAM, size));
        addSnapshots(node, name, line(address, SNAPSHOT_STREAM, size));
    }

    private void removePeer(int node) {
        if (addresses.remove(node) != null) {
            outbox.removeNode(node);
            links.removePeer(node);
            catchup.removeNode(node);
            snapshots.removeNode(node);
        }
    }

    /**
     * Where a node is found from now on, if there is a way to it: another one is opened when it was
     * elsewhere.
     */
    public void moved(int node, String address) {
        String before = addresses.get(node);
        if (before != null && !before.equals(address)) {
            removePeer(node);
            addPeer(node, address);
        }
    }

    /** HOST:PORT where another node listens for its peers; null when there is no way to it. */
    public String addressOf(int node) {
        return addresses.get(node);
    }

    private PeerLine line(String address, int streamId, DatagramSize size) {
        Destination way = Destination.of(config.names(), address, config.mtuBytes(), size);
        return new AeronLine(aeron, way, streamId, run);
    }

    private void addCatchup(int node, String name, PeerLine line) {
        FrameRing queue = new FrameRing(FIRST_CATCHUP_BYTES, config.maxQueueBytes());
        Lane lane = new Lane(queue);
        catchup.addNode(node, link(name, line, lane), speech(queue, lane));
    }

    private PeerLink link(String name, PeerLine line, Lane lane) {
        return new PeerLink(name, line, counters.framesDropped(), mustStop, lane);
    }

    private PeerEncoder speech(FrameRing queue, Lane lane) {
        return new PeerEncoder(
                new QueueSink(queue, lane), this::clusterId, counters.framesDropped());
    }

    private void addSnapshots(int node, String name, PeerLine line) {
        int part = BitUtil.findNextPositivePowerOfTwo(config.maxPartBytes() + 1);
        // What is read ahead must fit: a part that is dropped costs a time-out.
        FrameRing queue = new FrameRing(FIRST_SNAPSHOT_BYTES, PARTS_IN_QUEUE * part);
        Lane lane = new Lane(queue);
        snapshots.addNode(node, link(name, line, lane), speech(queue, lane));
    }

    /** Chooses who listens to the replica, which says who comes and goes. */
    public Peers peers() {
        return listeners;
    }

    /** Sends what lies in the journal only. */
    public StoredValues stored() {
        return catchup;
    }

    /** Moves snapshots between this node and others. */
    public Snapshots snapshots() {
        return snapshots;
    }

    /** Chooses who takes the snapshots that come; nobody does before. */
    public void takeSnapshotsFor(SnapshotTaker whoever) {
        taker = whoever;
    }

    /**
     * Begins to listen.
     *
     * @param replica hears the peers, and itself
     * @param admission judges who is heard
     * @param cluster the replica's cluster, 0 while it knows none
     */
    public void connect(PeerMessages replica, Admission admission, LongSupplier cluster) {
        clusterId = cluster;
        outbox.addNode(
                MemberId.node(config.self()),
                links.addSelf(new LocalLine(decoder(replica, admission), run)));
        String channel = "aeron:udp?endpoint=" + config.address();
        PeerDecoder decoder = decoder(replica, admission);
        listen(channel, PROTOCOL_STREAM, PROTOCOL_FRAGMENTS_PER_TURN, decoder);
        listen(channel, CATCHUP_STREAM, CATCHUP_FRAGMENTS_PER_TURN, decoder);
        listen(channel, SNAPSHOT_STREAM, SNAPSHOT_FRAGMENTS_PER_TURN, decoder);
    }

    private PeerDecoder decoder(PeerMessages replica, Admission admission) {
        return new PeerDecoder(
                replica, admission, counters.framesRefused(), counters.framesNotAdmitted());
    }

    private void listen(String channel, int streamId, int fragmentLimit, PeerDecoder decoder) {
        receivers.add(new PeerReceiver(aeron, channel, streamId, fragmentLimit, decoder));
    }

    /** From now on only this thread may speak. */
    public void ownedBy(Thread thread) {
        outbox.ownedBy(thread);
    }

    /** Hears what peers said and returns how much that was. */
    public int poll() {
        int work = 0;
        for (int i = 0; i < receivers.size(); i++) {
            work += receivers.get(i).poll();
        }
        return work;
    }

    /** Hands to the links what the disk holds by now and returns how much that was. */
    public int release(long syncedPosition) {
        return outbox.release(syncedPosition);
    }

    /** Says to other nodes what their lines take and returns how much that was. */
    public int flush() {
        return links.flushOthers();
    }

    /** Lets this node hear what it said to itself and returns how much that was. */
    public int hearSelf() {
        return links.flushSelf();
    }

    /** Sends a little of what lies in the journal and returns how much that was. */
    public int catchUp() {
        return catchup.poll();
    }

    /**
     * The lowest slot that another node was being sent since this was asked last; {@link
     * Long#MAX_VALUE} when none was.
     */
    public long lowestCursor() {
        return catchup.lowestCursor();
    }

    /**
     * Sends and takes a little of snapshots, and returns how much that was.
     *
     * @param tick the time now, milliseconds of a monotonic clock
     */
    public int moveSnapshots(long tick) {
        return snapshots.poll(tick);
    }

    /** How many senders are not heard any more for what they sent. */
    public long refusals() {
        long refusals = 0;
        for (int i = 0; i < receivers.size(); i++) {
            refusals += receivers.get(i).refusals();
        }
        return refusals;
    }

    @Override
    public void close() {
        receivers.forEach(PeerReceiver::close);
        links.close();
        catchup.close();
        snapshots.close();
    }

    /** The nodes that there is a way to. */
    private final class Listeners implements Peers {
        @Override
        public PeerMessages to(int node) {
            return outbox.to(node);
        }

        @Override
        public PeerMessages toAll() {
            return outbox.toAll();
        }

        @Override
        public void joined(long member, String address) {
            int node = MemberId.node(member);
            removePeer(node);
            if (Valid.address(address)) {
                addPeer(node, address);
            }
        }

        @Override
        public void left(long member) {
            removePeer(MemberId.node(member));
        }
    }
}
