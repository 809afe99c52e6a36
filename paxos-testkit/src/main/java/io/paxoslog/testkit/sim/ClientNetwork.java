package io.paxoslog.testkit.sim;

import io.paxoslog.client.MemberLine;
import io.paxoslog.client.MemberLines;
import io.paxoslog.codecs.client.CommandsDecoder;
import io.paxoslog.codecs.client.KeepAliveDecoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.ReadsDecoder;
import io.paxoslog.gateway.ClientDesk;
import io.paxoslog.gateway.ResponseLink;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The ways between clients and nodes. In half of the seeds streams as Aeron gives them: in order
 * and without loss, until one breaks. In the others each message fends for itself.
 */
final class ClientNetwork {
    private static final int MOST_HELD = 64;
    private static final String NODE_HOST = "10.0.0.";
    private static final String CLIENT_HOST = "10.1.0.1:";
    private static final int NODE_PORT = 9000;
    private static final int TIMEOUT = ReadsDecoder.timeoutMsEncodingOffset();

    private final World world;
    private final Swarm swarm;
    private final SimRandom random;
    private final Timeline timeline;
    private final Totals totals;
    private final SessionThief thief;
    private final Narrator narrator;
    private final List<SimulatedClient> clients = new ArrayList<>();

    /** Streams by which something has come that may not be heard yet. */
    private final Set<ToNode> arriving = new LinkedHashSet<>();

    private int lastImage;

    ClientNetwork(
            World world,
            Swarm swarm,
            SimRandom random,
            Timeline timeline,
            Totals totals,
            Narrator narrator) {
        this.world = world;
        this.swarm = swarm;
        this.random = random;
        this.timeline = timeline;
        this.totals = totals;
        thief = new SessionThief(totals);
        this.narrator = narrator;
    }

    /** HOST:PORT of a node. */
    static String addressOf(int node) {
        return NODE_HOST + node + ":" + NODE_PORT;
    }

    static List<String> addresses(int nodes) {
        List<String> all = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            all.add(addressOf(node));
        }
        return all;
    }

    static int nodeAt(String address) {
        return Integer.parseInt(address.substring(NODE_HOST.length(), address.indexOf(':')));
    }

    /** The lines of a new client. */
    MemberLines linesOf(SimulatedClient client) {
        clients.add(client);
        int port = clients.size();
        return new MemberLines() {
            @Override
            public String responseEndpoint(String member) {
                return CLIENT_HOST + port;
            }

            @Override
            public MemberLine connect(String member, int largestMessageBytes) {
                return new ToNode(client, nodeAt(member));
            }
        };
    }

    /** Whether nothing that has come to a node waits there to be heard. */
    boolean isAllHeardAt(int node) {
        arriving.removeIf(stream -> stream.arrived.isEmpty());
        return arriving.stream().noneMatch(stream -> stream.node == node);
    }

    /** A node looks, in its turn, what has come: each stream goes on where it takes more. */
    void hearWaitingAt(SimulatedNode node) {
        if (world.isPaused(node)) {
            return;
        }
        for (ToNode stream : List.copyOf(arriving)) {
            if (stream.node == node.node()) {
                stream.hearAll(node);
            }
        }
    }

    /** A node ends a turn in which it could have heard what waits. */
    void noteWaitingAt(int node) {
        for (ToNode stream : arriving) {
            if (stream.node == node) {
                stream.waited = stream.arrived.size();
            }
        }
    }

    /**
     * A node has a session expire, as it decided in a turn in which it could hear: no word of its
     * client may have waited then, and wait still.
     */
    void expires(int node, long session) {
        for (ToNode stream : arriving) {
            if (stream.node == node && stream.hasWordOf(session)) {
                throw new SafetyViolation(
                        "node "
                                + node
                                + " has session "
                                + session
                                + " expire, of which words wait to be heard");
            }
        }
    }

    /** The ways back from a node, for one start of it. */
    ResponseLink.Factory linksFrom(int node) {
        return endpoint -> {
            int port = Integer.parseInt(endpoint.substring(CLIENT_HOST.length()));
            return new ToClient(node, clients.get(port - 1));
        };
    }

    /** What both directions offer to those who speak. */
    interface Line {
        boolean isBroken();

        int fragmentBytes();

        boolean send(DirectBuffer message, int length);
    }

    /** One direction between a client and a node. */
    private abstract class Stream implements Line {
        final int image = ++lastImage;
        final SimulatedClient client;
        final int node;
        boolean isBroken;
        private boolean isClosed;
        private int travelling;
        private long lastArrivalMs;

        Stream(SimulatedClient client, int node) {
            this.client = client;
            this.node = node;
        }

        abstract void arrive(byte[] message);

        abstract void breakNow();

        abstract Fault lossOf();

        /** Whether the other end has room for one more. */
        abstract boolean hasRoom();

        @Override
        public boolean isBroken() {
            return isBroken;
        }

        @Override
        public int fragmentBytes() {
            return swarm.fragmentBytes;
        }

        @Override
        public boolean send(DirectBuffer message, int length) {
            byte[] bytes = new byte[length];
            message.getBytes(0, bytes);
            return send(bytes);
        }

        /** Whether as much is on its way as a window holds. */
        final boolean isFull() {
            return travelling >= MOST_HELD;
        }

        boolean send(byte[] message) {
            if (isClosed || !hasRoom() || isFull()) {
                return false;
            }
            if (!world.isCalm() && random.chance(swarm.pressedBackPerMille)) {
                totals.count(Fault.CLIENT_PRESSED_BACK);
                return false;
            }
            if (!world.isCalm() && random.chance(swarm.clientLossPerMille)) {
                totals.count(lossOf());
                if (swarm.hasClientStreams) {
                    breakNow();
                }
                return true;
            }
            post(message);
            if (!world.isCalm() && random.chance(swarm.clientDuplicatePerMille)) {
                totals.count(Fault.CLIENT_DUPLICATE);
                post(message);
            }
            return true;
        }

        private void post(byte[] message) {
            long atMs = timeline.nowMs() + random.below(swarm.delayMs + 1);
            if (swarm.hasClientStreams) {
                atMs = Math.max(atMs, lastArrivalMs);
                lastArrivalMs = atMs;
            } else if (!world.isCalm() && random.chance(swarm.clientDuplicatePerMille)) {
                totals.count(Fault.CLIENT_OVERTAKEN);
                atMs += random.below(2 * swarm.longestTimeoutMs());
            }
            travelling++;
            timeline.after(
                    atMs - timeline.nowMs(),
                    () -> {
                        travelling--;
                        arrive(message);
                    });
        }

        void shut() {
            isClosed = true;
        }
    }

    /** What a client says to a node; waits there while the node takes no more. */
    private final class ToNode extends Stream implements MemberLine {
        private final Deque<byte[]> arrived = new ArrayDeque<>();

        /** So many of them waited when the node could have heard them last. */
        private int waited;

        private boolean isOver;

        ToNode(SimulatedClient client, int node) {
            super(client, node);
        }

        @Override
        public int maxMessageBytes() {
            return Integer.MAX_VALUE;
        }

        @Override
        public boolean isOpen() {
            return !isBroken;
        }

        @Override
        public boolean hasRoom() {
            return arrived.size() < MOST_HELD;
        }

        @Override
        public boolean send(
                DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
            byte[] bytes = new byte[headLength + length];
            head.getBytes(0, bytes, 0, headLength);
            body.getBytes(offset, bytes, headLength, length);
            return send(bytes);
        }

        /** Clients have a time of their own, and their deadlines are in it. */
        @Override
        boolean send(byte[] message) {
            UnsafeBuffer buffer = new UnsafeBuffer(message);
            if (new MessageHeaderDecoder().wrap(buffer, 0).templateId()
                    == ReadsDecoder.TEMPLATE_ID) {
                int at = MessageHeaderDecoder.ENCODED_LENGTH + TIMEOUT;
                int ms = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
                int nodeMs = (int) Math.max(1, SimulatedClient.nodeMs(swarm, ms));
                buffer.putInt(at, nodeMs, ByteOrder.LITTLE_ENDIAN);
            }
            return super.send(message);
        }

        @Override
        Fault lossOf() {
            return Fault.LOST_REQUEST;
        }

        /** The node forgets the stream; the client learns it only from what the node says. */
        @Override
        void breakNow() {
            totals.count(Fault.CLIENT_STREAM_LOST);
            forgetArrived();
            if (random.chance(300)) {
                isBroken = true;
            }
            forgetImage();
        }

        private void forgetImage() {
            if (world.isThere(node) && world.node(node).isUp()) {
                world.service(world.node(node)).desk().imageLost(image);
            }
        }

        @Override
        void arrive(byte[] message) {
            if (isOver) {
                return;
            }
            arrived.add(message);
            arriving.add(this);
            if (arrived.size() > 2 * MOST_HELD) {
                throw new SafetyViolation("a stream of " + client + " holds more than its bound");
            }
            if (arrived.size() == 1) {
                pump();
            }
        }

        private void forgetArrived() {
            arrived.clear();
            waited = 0;
        }

        boolean hasWordOf(long session) {
            return arrived.stream().limit(waited).anyMatch(each -> isWordOf(each, session));
        }

        private boolean isWordOf(byte[] message, long session) {
            UnsafeBuffer buffer = new UnsafeBuffer(message);
            int template = new MessageHeaderDecoder().wrap(buffer, 0).templateId();
            boolean isWord =
                    template == KeepAliveDecoder.TEMPLATE_ID
                            || template == CommandsDecoder.TEMPLATE_ID;
            int at = MessageHeaderDecoder.ENCODED_LENGTH;
            return isWord && buffer.getLong(at, ByteOrder.LITTLE_ENDIAN) == session;
        }

        private void pump() {
            if (!world.isThere(node)) {
                forgetArrived();
                return;
            }
            SimulatedNode at = world.node(node);
            if (!at.isUp()) {
                forgetArrived();
                return;
            }
            if (world.isPaused(at)) {
                timeline.after(1 + world.pausedForMs(at), this::pump);
                return;
            }
            hearAll(at);
            if (at.isUp()) {
                world.service(at).desk().endTurn();
            }
            world.settle(at);
            if (!arrived.isEmpty()) {
                // Not in step with others, who would otherwise always come first, or never.
                timeline.after(1 + random.below(2), this::pump);
            }
        }

        private void hearAll(SimulatedNode at) {
            while (at.isUp() && !arrived.isEmpty() && hear(at, arrived.peek())) {
                arrived.poll();
                waited = Math.max(0, waited - 1);
            }
        }

        private boolean hear(SimulatedNode at, byte[] message) {
            ClientDesk desk = world.service(at).desk();
            desk.beginTurn();
            if (!at.isUp() || !desk.hear(image, new UnsafeBuffer(message), 0, message.length)) {
                return false;
            }
            totals.countEvent();
            narrator.clientSaid(client.id(), node, message);
            if (!world.isCalm()) {
                thief.overhear(message, desk, ++lastImage, CLIENT_HOST + 1);
            }
            return true;
        }

        @Override
        public void close() {
            shut();
            timeline.after(random.below(2 * swarm.longestTimeoutMs()), this::end);
        }

        /** Nothing is heard of a stream once the node knows that it is over. */
        private void end() {
            isOver = true;
            forgetArrived();
            forgetImage();
        }
    }

    /** What a node says to a client. */
    private final class ToClient extends Stream implements ResponseLink {
        ToClient(int node, SimulatedClient client) {
            super(client, node);
        }

        @Override
        public boolean isRefused() {
            return false;
        }

        @Override
        public boolean isConnected() {
            return !isBroken && !client.isGone();
        }

        @Override
        public boolean hasRoom() {
            return !isBroken && !isFull();
        }

        @Override
        public void close() {
            shut();
        }

        @Override
        Fault lossOf() {
            return Fault.LOST_REPLY;
        }

        @Override
        void breakNow() {
            totals.count(Fault.CLIENT_STREAM_LOST);
            isBroken = random.chance(500);
            if (!isBroken || random.chance(500)) {
                client.responseImageLost(image);
            }
        }

        @Override
        void arrive(byte[] message) {
            if (client.isGone()) {
                return;
            }
            totals.countEvent();
            narrator.clientTold(node, client.id(), message);
            client.hear(image, message, timeline.nowMs());
        }
    }
}
