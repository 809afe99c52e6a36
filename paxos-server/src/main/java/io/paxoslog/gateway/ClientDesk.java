package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import io.paxoslog.apply.FactReader;
import io.paxoslog.apply.HandOver;
import io.paxoslog.core.ReadAnswers;
import io.paxoslog.gateway.Connection.TailPosition;
import io.paxoslog.service.SessionLimits;
import org.agrona.DirectBuffer;

/**
 * What a node hears from its clients and answers them, whatever carries it. Belongs to the replica
 * thread. What is heard between {@link #beginTurn} and {@link #endTurn} becomes one batch.
 */
public final class ClientDesk {
    private static final int LEAST_SHARE_BYTES = 4 * 1024;

    private final GatewayConfig config;
    private final Proposals proposals;
    private final CommandBatch batch;
    private final Connections clients;
    private final OpenLinks links;
    private final IngressDecoder decoder;
    private final ResponseWriter responses;
    private final TailSender tails;
    private final FactReader facts;
    private final Applied applied;
    private int nextToTail;

    /**
     * Becomes the one that hears what was applied.
     *
     * @param handOver where that is heard
     * @param orders tells the one who applies whom to answer
     * @param limits until the log says otherwise; equal on all nodes
     * @param ways opens the ways back to clients
     * @param reader reads the journal for those who tail the log; for this desk alone
     */
    public ClientDesk(
            GatewayConfig config,
            Proposals proposals,
            HandOver handOver,
            ApplyOrders orders,
            SessionLimits limits,
            CommittedReader reader,
            NodeStatus status,
            ResponseLink.Factory ways) {
        this.config = config;
        this.proposals = proposals;
        applied = new Applied(limits);
        batch = new CommandBatch(config.maxBatchBytes());
        clients = new Connections(config, proposals, batch, orders, applied, status, ways);
        links = clients.links();
        decoder = new IngressDecoder(clients);
        responses = new ResponseWriter(config, proposals, applied, clients, status);
        tails = new TailSender(config, proposals, applied, reader);
        facts = new FactReader(handOver, clients);
    }

    /** Time: the replica's tick, and the wall clock in nanoseconds since 1970. */
    public void onTick(long nowTick, long nowWallClockNs) {
        clients.onTick(nowTick, nowWallClockNs);
        tails.onTick(nowTick);
        links.dropGone();
    }

    /**
     * Proposes what the turn before left; while the replica takes no more, no command is heard.
     *
     * @return whether commands are heard in this turn
     */
    public boolean beginTurn() {
        clients.noticeLeader();
        boolean hasRoom = propose();
        clients.beFull(!hasRoom);
        return hasRoom;
    }

    /** Hears a message; false when it must come again. {@code image}: the stream it came by. */
    public boolean hear(int image, DirectBuffer buffer, int offset, int length) {
        return decoder.decode(image, buffer, offset, length);
    }

    IngressDecoder decoder() {
        return decoder;
    }

    /**
     * Proposes what was heard, and has answered what can be; more may have come that was not read.
     */
    public void endTurn() {
        endTurn(false);
    }

    /**
     * As above.
     *
     * @param isAllHeard whether all was read that had come when this was said last: only then a
     *     session expires whose client seems to be silent
     */
    public void endTurn(boolean isAllHeard) {
        clients.endTurn(isAllHeard);
        propose();
        clients.reads().turn();
    }

    /** Hears from which slot on reads may be answered. */
    public ReadAnswers reads() {
        return clients.reads();
    }

    /** Whether the one who applies has queries that are not answered yet. */
    public boolean awaitsAnswers() {
        return clients.reads().awaitsAnswers();
    }

    /** Which query has a ticket, for people; see {@link ApplySide#slotInWork}. */
    public String describeRead(long ticket) {
        return clients.reads().describe(ticket);
    }

    /** A client's stream is gone: whatever it says from now on, it says as a new one. */
    public void imageLost(int image) {
        links.imageLost(image);
    }

    /** Hands over what was heard; false while the replica does not take it. */
    private boolean propose() {
        while (!batch.isEmpty()) {
            if (!proposals.takesCommands()) {
                clients.batchDropped();
                batch.clear();
                return true;
            }
            // More than the window holds would never be taken.
            int count = Math.min(batch.count(), proposals.openSlotLimit());
            int bytes = batch.bytesOf(count);
            if (!proposals.propose(count, batch.entries(), batch.begin(), bytes)) {
                return false;
            }
            batch.removeFirst(count, bytes);
        }
        return true;
    }

    /** Hears what was applied, and passes replies on; returns how much it was. */
    public int hearApplied() {
        return facts.poll();
    }

    /** How far all is applied. */
    public Applied applied() {
        return applied;
    }

    /** Answers clients; returns the bytes of journal read for tails. */
    public int flush() {
        clients.noticeLeader();
        clients.noticeMembers();
        for (int i = links.count() - 1; i >= 0; i--) {
            Connection client = links.get(i);
            clients.settleClaim(client);
            boolean isSaid = client.out.isConnected() && responses.speak(client);
            if (isSaid && !links.isAdmitted(client)) {
                links.remove(client);
            }
        }
        links.tellGone();
        clients.reads().turn();
        return serveTails();
    }

    /**
     * Serves tails until the bytes of this turn are used up; the next turn goes on behind. None
     * takes more than its share: who reads much makes nobody wait who is close to the end.
     */
    private int serveTails() {
        int running = runningTails();
        if (running == 0) {
            return 0;
        }
        int count = links.count();
        int share = Math.max(LEAST_SHARE_BYTES, config.tailBytesPerTurn() / running);
        int left = config.tailBytesPerTurn();
        for (int i = 0; i < count && left > 0; i++) {
            nextToTail = nextToTail + 1 < count ? nextToTail + 1 : 0;
            left -= tails.serve(links.get(nextToTail), Math.min(left, share));
        }
        return config.tailBytesPerTurn() - left;
    }

    private int runningTails() {
        int running = 0;
        for (int i = 0; i < links.count(); i++) {
            running += links.get(i).tail.isRunning ? 1 : 0;
        }
        return running;
    }

    /** The lowest slot that a tail is to be served next; {@link Long#MAX_VALUE} without tails. */
    public long lowestTail() {
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < links.count(); i++) {
            TailPosition tail = links.get(i).tail;
            boolean isPlaced = tail.isRunning && tail.nextSlot != TailPosition.FIRST_KEPT;
            lowest = isPlaced ? Math.min(lowest, tail.nextSlot) : lowest;
        }
        return lowest;
    }

    /** Frames from clients that were no message of the protocol. */
    public long malformedFrames() {
        return decoder.malformed();
    }

    /** Messages from clients that this node does not know, or has no room for. */
    public long strangerMessages() {
        return clients.strangers();
    }

    /** Clients connected now. */
    public int clientCount() {
        return links.count();
    }

    /** Lets all clients go. */
    public void close() {
        for (int i = links.count() - 1; i >= 0; i--) {
            links.remove(links.get(i));
        }
    }
}
