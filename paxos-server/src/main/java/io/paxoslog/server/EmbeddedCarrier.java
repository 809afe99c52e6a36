package io.paxoslog.server;

import io.paxoslog.client.Carrier;
import io.paxoslog.client.ClientConfig;
import io.paxoslog.client.ClientDriver;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.MemberLine;
import io.paxoslog.gateway.LocalDoor;
import io.paxoslog.gateway.LocalWay;
import io.paxoslog.media.Bell;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Carries to the node of this process through its door, and to all others over UDP: that is opened
 * when there is something to say to one of them, as when another node leads. Belongs to the thread
 * of the client.
 */
final class EmbeddedCarrier implements Carrier {
    private static final int MESSAGES_PER_POLL = 64;

    /** Where the node of this process answers needs no address. */
    private static final String HERE = "127.0.0.1:1";

    private final String own;
    private final LocalDoor door;
    private final ClientConfig config;
    private final Carrier.Factory network;
    private final Bell bell;
    private final List<LocalWay> ways = new ArrayList<>();
    private Carrier others;
    private Listener listener;
    private LocalWay.Hearer hearer;

    /**
     * @param own HOST:PORT by which the cluster knows the node of this process
     * @param config names all members that are known, for the ways to the others
     * @param bell rings when something has come
     */
    EmbeddedCarrier(
            String own, LocalDoor door, ClientConfig config, Carrier.Factory network, Bell bell) {
        this.bell = bell;
        this.own = own;
        this.door = door;
        this.config = config;
        this.network = network;
    }

    @Override
    public MemberLine connect(String member, int largestMessageBytes) {
        LocalWay way = member.equals(own) ? door.open(bell::ring) : null;
        if (way == null) {
            return new DistantLine(member, largestMessageBytes);
        }
        ways.add(way);
        return new OwnLine(way);
    }

    @Override
    public String responseEndpoint(String member) {
        boolean isHere = member.equals(own) && others == null;
        return isHere ? HERE : others().responseEndpoint(member);
    }

    private Carrier others() {
        if (others == null) {
            others = network.open(config, bell);
        }
        return others;
    }

    @Override
    public int poll(Listener newListener) {
        if (newListener != listener) {
            listener = newListener;
            hearer = newListener::onMessage;
        }
        int heard = 0;
        for (int i = ways.size() - 1; i >= 0; i--) {
            LocalWay way = ways.get(i);
            heard += way.hear(hearer, MESSAGES_PER_POLL);
        }
        ways.removeIf(way -> !way.isOpen());
        return others == null ? heard : heard + others.poll(listener);
    }

    @Override
    public int invoke() {
        return others == null ? 0 : others.invoke();
    }

    @Override
    public String whyNoAnswer() {
        return others == null ? null : others.whyNoAnswer();
    }

    @Override
    public void close() {
        ways.forEach(LocalWay::leave);
        ways.clear();
        if (others != null) {
            others.close();
        }
    }

    /** To the node of this process. */
    private static final class OwnLine implements MemberLine {
        private final LocalWay way;

        OwnLine(LocalWay way) {
            this.way = way;
        }

        @Override
        public boolean isOpen() {
            return way.isOpen();
        }

        @Override
        public boolean isBroken() {
            return !way.isOpen();
        }

        @Override
        public boolean isNear() {
            return isOpen();
        }

        @Override
        public int fragmentBytes() {
            return way.fragmentBytes();
        }

        @Override
        public int maxMessageBytes() {
            return way.maxMessageBytes();
        }

        @Override
        public boolean send(DirectBuffer message, int length) {
            return way.say(message, length, message, 0, 0);
        }

        @Override
        public boolean send(
                DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
            return way.say(head, headLength, body, offset, length);
        }

        @Override
        public void close() {
            way.leave();
        }
    }

    /** To another node: opened when somebody is about to speak to it. */
    private final class DistantLine implements MemberLine {
        private final String member;
        private final int largestMessageBytes;
        private MemberLine line;
        private boolean isBroken;

        DistantLine(String member, int largestMessageBytes) {
            this.member = member;
            this.largestMessageBytes = largestMessageBytes;
        }

        @Override
        public boolean isOpen() {
            if (line == null && !isBroken) {
                open();
            }
            return line != null && line.isOpen();
        }

        private void open() {
            try {
                line = others().connect(member, largestMessageBytes);
            } catch (ClientException e) {
                // No room for the buffers of streams, say: it is tried again.
                isBroken = true;
            }
        }

        @Override
        public boolean isBroken() {
            return isBroken || (line != null && line.isBroken());
        }

        @Override
        public int fragmentBytes() {
            return line.fragmentBytes();
        }

        @Override
        public int maxMessageBytes() {
            return line == null ? Integer.MAX_VALUE : line.maxMessageBytes();
        }

        @Override
        public boolean send(DirectBuffer message, int length) {
            return line != null && line.send(message, length);
        }

        @Override
        public boolean send(
                DirectBuffer head, int headLength, DirectBuffer body, int offset, int length) {
            return line != null && line.send(head, headLength, body, offset, length);
        }

        @Override
        public void close() {
            if (line != null) {
                line.close();
            }
        }
    }

    /** How clients beside a node are carried. */
    static Carrier.Factory factory(String own, List<String> members, LocalDoor door) {
        return (config, bell) ->
                new EmbeddedCarrier(
                        own, door, config.withMembers(members), ClientDriver.network(), bell);
    }
}
