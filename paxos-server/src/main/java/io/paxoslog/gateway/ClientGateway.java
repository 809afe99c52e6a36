package io.paxoslog.gateway;

import io.aeron.Aeron;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.core.Replica;
import io.paxoslog.service.CommandApplier;
import org.agrona.CloseHelper;
import org.agrona.collections.IntArrayList;

/**
 * The side of a node that clients talk to. Polled on the replica thread, which owns it: commands
 * heard in one turn become one batch, replies go back once they are applied. Never blocks: while
 * the replica takes no more, clients are not heard, and Aeron's flow control holds them.
 */
public final class ClientGateway implements AutoCloseable {
    private final GatewayConfig config;
    private final Proposals proposals;
    private final CommandBatch batch;
    private final Connections clients;
    private final IngressDecoder decoder;
    private final ControlledFragmentAssembler assembler;
    private final ResponseWriter responses;
    private final TailSender tails;
    private final Subscription ingress;
    private final IntArrayList lostImages = new IntArrayList();
    private long wallClockNs;
    private int nextToTail;

    /**
     * Listens for clients.
     *
     * @param aeron the node's Aeron client; its conductor runs on the replica thread
     * @param ingressEndpoint HOST:PORT to listen on
     * @param replica proposes what clients say
     * @param applier what it applies is answered; this gateway becomes who it reports to
     * @param reader reads the journal for those who tail the log; for this gateway alone
     * @param status what else clients are told of the node
     */
    public ClientGateway(
            Aeron aeron,
            String ingressEndpoint,
            GatewayConfig config,
            Replica replica,
            CommandApplier applier,
            CommittedReader reader,
            NodeStatus status) {
        this(aeron, ingressEndpoint, config, Proposals.of(replica), applier, reader, status);
    }

    /** As above, for anything that can be proposed to. */
    public ClientGateway(
            Aeron aeron,
            String ingressEndpoint,
            GatewayConfig config,
            Proposals proposals,
            CommandApplier applier,
            CommittedReader reader,
            NodeStatus status) {
        this.config = config;
        this.proposals = proposals;
        batch = new CommandBatch(config.maxBatchBytes());
        clients =
                new Connections(
                        config,
                        proposals,
                        batch,
                        endpoint -> new AeronResponseLink(aeron, endpoint));
        decoder = new IngressDecoder(clients);
        assembler = new ControlledFragmentAssembler(decoder);
        responses = new ResponseWriter(config, proposals, applier, status);
        tails = new TailSender(config, applier, reader);
        applier.reportTo(clients);
        ingress =
                aeron.addSubscription(
                        "aeron:udp?endpoint=" + ingressEndpoint,
                        ClientProtocol.INGRESS_STREAM,
                        image -> {},
                        this::onUnavailableImage);
    }

    private void onUnavailableImage(Image image) {
        // Called by Aeron's conductor, in which no publication may be closed.
        lostImages.addInt(image.sessionId());
    }

    /**
     * Time: the replica's tick, and the wall clock in nanoseconds since 1970 that stamps batches.
     */
    public void onTick(long nowTick, long nowWallClockNs) {
        wallClockNs = nowWallClockNs;
        clients.onTick(nowTick, nowWallClockNs);
        clients.dropGone();
    }

    /** Hears clients; returns how much was heard. */
    public int poll() {
        forgetLostImages();
        clients.noticeLeader();
        if (!propose()) {
            return 0;
        }
        int fragments = ingress.controlledPoll(assembler, config.fragmentsPerTurn());
        propose();
        return fragments;
    }

    private void forgetLostImages() {
        for (int i = 0; i < lostImages.size(); i++) {
            int image = lostImages.getInt(i);
            // Half a message may lie there, whose other half will never come.
            assembler.freeSessionBuffer(image);
            clients.imageLost(image);
        }
        lostImages.clear();
    }

    /** Hands over what was heard; false while the replica does not take it. */
    private boolean propose() {
        if (batch.isEmpty()) {
            return true;
        }
        if (!proposals.takesCommands()) {
            clients.batchDropped();
            batch.clear();
            return true;
        }
        boolean isTaken =
                proposals.propose(wallClockNs, batch.count(), batch.entries(), 0, batch.length());
        if (isTaken) {
            batch.clear();
        }
        return isTaken;
    }

    /** Answers clients; returns the bytes of journal read for tails. */
    public int flush() {
        clients.noticeLeader();
        for (int i = clients.count() - 1; i >= 0; i--) {
            Connection client = clients.get(i);
            boolean isSaid = client.out.isConnected() && responses.speak(client);
            if (isSaid && !clients.isAdmitted(client)) {
                clients.remove(client);
            }
        }
        return serveTails();
    }

    /** Serves tails until the bytes of this turn are used up; the next turn goes on behind. */
    private int serveTails() {
        int count = clients.count();
        int left = config.tailBytesPerTurn();
        for (int i = 0; i < count && left > 0; i++) {
            nextToTail = nextToTail + 1 < count ? nextToTail + 1 : 0;
            left -= tails.serve(clients.get(nextToTail), left);
        }
        return config.tailBytesPerTurn() - left;
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
        return clients.count();
    }

    /** Stops listening and lets all clients go. */
    @Override
    public void close() {
        CloseHelper.close(ingress);
        for (int i = clients.count() - 1; i >= 0; i--) {
            clients.remove(clients.get(i));
        }
    }
}
