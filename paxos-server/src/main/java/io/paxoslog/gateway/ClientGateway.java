package io.paxoslog.gateway;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.driver.status.SystemCounterDescriptor;
import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.HandOver;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.core.ReadAnswers;
import io.paxoslog.core.Replica;
import io.paxoslog.media.MessageReader;
import io.paxoslog.media.TermLength;
import io.paxoslog.service.SessionLimits;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * The side of a node that clients talk to. Polled on the replica thread, which owns it: commands
 * heard in one turn become one batch, replies go back once they are applied. Never blocks: while
 * the replica takes no more, commands are not heard, and Aeron's flow control holds them.
 */
public final class ClientGateway implements AutoCloseable {
    /** What stands in front of one command or reply in any message. */
    private static final int LARGEST_HEAD_BYTES = 256;

    private final int fragmentsPerTurn;
    private final ClientDesk desk;
    private final MessageReader ingress;
    private final LocalDoor door;
    private final Arrivals arrivals;

    /**
     * Listens for clients.
     *
     * @param aeron the node's Aeron client; its conductor runs on the replica thread
     * @param ingressEndpoint HOST:PORT to listen on
     * @param replica proposes what clients say
     * @param handOver where this gateway, and nobody else, hears what was applied
     * @param orders tells the one who applies whom to answer
     * @param limits until the log says otherwise; equal on all nodes
     * @param reader reads the journal for those who tail the log; for this gateway alone
     * @param status what else clients are told of the node
     */
    public ClientGateway(
            Aeron aeron,
            String ingressEndpoint,
            GatewayConfig config,
            Replica replica,
            LongSupplier ticks,
            HandOver handOver,
            ApplyOrders orders,
            SessionLimits limits,
            CommittedReader reader,
            NodeStatus status) {
        this(
                aeron,
                ingressEndpoint,
                config,
                Proposals.of(replica, ticks),
                handOver,
                orders,
                limits,
                reader,
                status);
    }

    /** As above, for anything that can be proposed to. */
    public ClientGateway(
            Aeron aeron,
            String ingressEndpoint,
            GatewayConfig config,
            Proposals proposals,
            HandOver handOver,
            ApplyOrders orders,
            SessionLimits limits,
            CommittedReader reader,
            NodeStatus status) {
        fragmentsPerTurn = config.fragmentsPerTurn();
        int largest = Math.max(config.maxCommandBytes(), SessionLimits.MOST_REPLY_BYTES);
        int termBytes = TermLength.forMessagesOf(largest + LARGEST_HEAD_BYTES);
        ClientWays ways = new ClientWays(aeron.context().nanoClock());
        door =
                new LocalDoor(
                        config.maxCommandBytes() + LARGEST_HEAD_BYTES,
                        largest + LARGEST_HEAD_BYTES,
                        config.maxBatchBytes());
        desk =
                new ClientDesk(
                        config,
                        proposals,
                        handOver,
                        orders,
                        limits,
                        reader,
                        status,
                        endpoint ->
                                door.heard() != null
                                        ? door.heard().link()
                                        : new AeronResponseLink(
                                                aeron, endpoint, termBytes, ways.to(endpoint)));
        CountersReader counters = aeron.countersReader();
        int received = SystemCounterDescriptor.BYTES_RECEIVED.id();
        arrivals = new Arrivals(() -> counters.getCounterValue(received));
        ingress =
                new MessageReader(
                        aeron,
                        "aeron:udp?endpoint=" + ingressEndpoint,
                        ClientProtocol.INGRESS_STREAM,
                        new Ingress());
    }

    /**
     * Time: the replica's tick, and the wall clock in nanoseconds since 1970 that stamps batches.
     */
    public void onTick(long nowTick, long nowWallClockNs) {
        desk.onTick(nowTick, nowWallClockNs);
    }

    /** Hears clients; returns how much was heard. */
    public int poll() {
        desk.beginTurn();
        int fragments = ingress.poll(fragmentsPerTurn);
        int local = door.poll(desk, fragmentsPerTurn);
        boolean isAllRead = Math.max(fragments, local) < fragmentsPerTurn;
        desk.endTurn(arrivals.areAllHeard(isAllRead));
        return fragments + local;
    }

    /** Hears what was applied, and passes replies on; returns how much it was. */
    public int hearApplied() {
        return desk.hearApplied();
    }

    /** Where clients in this process come in. */
    public LocalDoor door() {
        return door;
    }

    /** How far all is applied. */
    public Applied applied() {
        return desk.applied();
    }

    /** Hears from which slot on reads may be answered. */
    public ReadAnswers reads() {
        return desk.reads();
    }

    /** Whether the one who applies has queries that are not answered yet. */
    public boolean awaitsAnswers() {
        return desk.awaitsAnswers();
    }

    /** Which query has a ticket, for people. */
    public String describeRead(long ticket) {
        return desk.describeRead(ticket);
    }

    /** The lowest slot that a tail is to be served next; {@link Long#MAX_VALUE} without tails. */
    public long lowestTail() {
        return desk.lowestTail();
    }

    /** Answers clients; returns the bytes of journal read for tails. */
    public int flush() {
        return desk.flush();
    }

    /** Frames from clients that were no message of the protocol. */
    public long malformedFrames() {
        return desk.malformedFrames();
    }

    /** Messages from clients that this node does not know, or has no room for. */
    public long strangerMessages() {
        return desk.strangerMessages();
    }

    /** How many senders are not heard any more for what they sent. */
    public long refusals() {
        return ingress.refusals();
    }

    /** Clients connected now. */
    public int clientCount() {
        return desk.clientCount();
    }

    /** Stops listening and lets all clients go. */
    @Override
    public void close() {
        ingress.close();
        door.close();
        desk.close();
    }

    private final class Ingress implements MessageReader.Listener {
        @Override
        public boolean onMessage(
                Image image, long reserved, DirectBuffer buffer, int offset, int length) {
            String source = image.sourceIdentity();
            return desk.decoder().decode(image.sessionId(), source, buffer, offset, length);
        }

        @Override
        public boolean isActing() {
            return desk.decoder().isActing();
        }

        @Override
        public void onLost(int image) {
            desk.imageLost(image);
        }
    }
}
