package io.paxoslog.client;

import io.paxoslog.media.Bell;
import io.paxoslog.media.DatagramSize;
import io.paxoslog.media.Destination;
import io.paxoslog.media.HostNames;
import io.paxoslog.media.MessageReader;
import io.paxoslog.media.NetworkPath;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A client's ways to and from nodes, over a media driver of its own. A driver that breaks, as under
 * an interrupt that came at the wrong moment, is replaced; the links find their nodes again.
 */
final class ClientTransport implements MemberLines, AutoCloseable {
    private static final String ANY_HOST = "0.0.0.0";
    private static final String ANY_HOST_IPV6 = "[::]";
    private static final int FRAGMENTS_PER_POLL = 64;

    /** Long enough for a server of names that is there; later answers count as well. */
    private static final long NAMES_MS = 200;

    private final ClientConfig config;
    private final HostNames names;
    private final Guard guard;
    private final Bell bell;
    private final Map<String, DatagramSize> sizes = new HashMap<>();
    private final String bind;
    private ClientMedia media;
    private MessageReader.Listener listener;

    /** As below, with names of its own, for a thread that is not to be woken. */
    ClientTransport(ClientConfig config, Guard guard) {
        this(config, new HostNames(), guard);
    }

    /** As below, for a thread that is not to be woken. */
    ClientTransport(ClientConfig config, HostNames names, Guard guard) {
        this(config, names, guard, Bell.SILENT);
    }

    /**
     * @param guard of the client it belongs to; its thread is inside
     * @param bell rings when something has come
     */
    ClientTransport(ClientConfig config, HostNames names, Guard guard, Bell bell) {
        this.config = config;
        this.bell = bell;
        this.names = names;
        this.guard = guard;
        names.await(hosts(), NAMES_MS);
        bind = config.bind() == null ? bindHost() + ":" + config.advertisedPort() : config.bind();
        media = open();
    }

    /** One for whoever is not inside its guard. */
    static ClientTransport open(ClientConfig config, Guard guard) {
        guard.enter();
        try {
            return new ClientTransport(config, guard);
        } finally {
            guard.leave();
        }
    }

    private ClientMedia open() {
        return ClientMedia.open(bind, mtuBytes(), config.members().size(), guard, bell);
    }

    private int mtuBytes() {
        return config.mtuBytes() == 0
                ? NetworkPath.datagramBytesTowards(names, hosts())
                : config.mtuBytes();
    }

    private List<String> hosts() {
        return config.members().stream().map(MemberAddress::host).toList();
    }

    /** The local address that leads to all members, or any if they are reached by several. */
    private String bindHost() {
        if (config.advertisedPort() != 0
                || hosts().stream().anyMatch(host -> names.addressOf(host) == null)) {
            return ANY_HOST;
        }
        List<String> members = config.members();
        String first = localHostTowards(members.get(0));
        boolean isCommon = members.stream().allMatch(m -> localHostTowards(m).equals(first));
        return isCommon ? first : ANY_HOST;
    }

    /** The local address by which a member is reached. */
    private String localHostTowards(String member) {
        InetAddress address = names.addressOf(MemberAddress.host(member));
        return HostNames.text(NetworkPath.localAddressTowards(address, MemberAddress.port(member)));
    }

    /** An error of those that come of members who do not answer, and what may be behind it. */
    ClientException failure(ClientError error) {
        return new ClientException(error, whyNoAnswer());
    }

    /** Host names that nobody knows, in one line; null when all are known. */
    String whyNoAnswer() {
        List<String> unknown =
                hosts().stream().filter(host -> names.addressOf(host) == null).distinct().toList();
        return unknown.isEmpty()
                ? null
                : "nobody knows the host name " + String.join(", ", unknown);
    }

    /** Where the embedded driver keeps its buffers; gone once this is closed. */
    String directory() {
        return media.directory();
    }

    /** The driver that is in use now. */
    ClientMedia media() {
        return media;
    }

    /** Chooses who hears what nodes say. */
    void hearWith(MessageReader.Listener newListener) {
        listener = newListener;
        media.hearWith(listener);
    }

    @Override
    public String responseEndpoint(String member) {
        if (config.advertisedPort() != 0) {
            InetAddress address = names.addressOf(MemberAddress.host(member));
            String seen = address instanceof Inet6Address ? ANY_HOST_IPV6 : ANY_HOST;
            return seen + ":" + config.advertisedPort();
        }
        String bound = MemberAddress.host(bind);
        boolean isBoundToOne = !bound.equals(ANY_HOST) && !bound.equals(ANY_HOST_IPV6);
        return (isBoundToOne ? bound : localHostTowards(member)) + ":" + media.responsePort();
    }

    @Override
    public MemberPublication connect(String member, int largestMessageBytes) {
        return new MemberPublication(
                media.aeron(),
                Destination.of(
                        names,
                        MemberAddress.ingress(member),
                        config.mtuBytes(),
                        sizes.computeIfAbsent(
                                member, any -> new DatagramSize(SystemNanoClock.INSTANCE))),
                largestMessageBytes);
    }

    /** Hears answers; the links behind lost images learn that they are lost. */
    int poll(LineLosses links) {
        if (media.isBroken()) {
            replace(links);
        }
        int fragments = media.hear(FRAGMENTS_PER_POLL);
        for (int i = 0; i < media.lostImages.size(); i++) {
            links.responseImageLost(media.lostImages.getInt(i));
        }
        media.lostImages.clear();
        return fragments;
    }

    private void replace(LineLosses links) {
        links.linesLost();
        media.close();
        media = open();
        hearWith(listener);
    }

    /** Lets driver and conductor do what is to do. */
    int invoke() {
        return media.invoke();
    }

    @Override
    public void close() {
        media.close();
    }
}
