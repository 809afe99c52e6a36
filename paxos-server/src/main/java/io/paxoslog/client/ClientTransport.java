package io.paxoslog.client;

import io.aeron.ControlledFragmentAssembler;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.paxoslog.media.NetworkPath;
import java.net.InetAddress;
import java.util.List;

/**
 * A client's ways to and from nodes, over a media driver of its own. A driver that breaks, as under
 * an interrupt that came at the wrong moment, is replaced; the links find their nodes again.
 */
final class ClientTransport implements MemberLines, AutoCloseable {
    private static final int FRAGMENTS_PER_POLL = 64;

    private final ClientConfig config;
    private final String bindHost;
    private ClientMedia media;
    private ControlledFragmentHandler handler;
    private ControlledFragmentAssembler assembler;

    ClientTransport(ClientConfig config) {
        this.config = config;
        bindHost = bindHost(config.members());
        media = new ClientMedia(config, bindHost);
    }

    /** The local address that leads to all members, or any if they are reached by several. */
    private static String bindHost(List<String> members) {
        String first = localHostTowards(members.get(0));
        boolean isCommon = members.stream().allMatch(m -> localHostTowards(m).equals(first));
        return isCommon ? first : "0.0.0.0";
    }

    /** The local address by which a member is reached. */
    static String localHostTowards(String member) {
        return text(
                NetworkPath.localAddressTowards(
                        MemberAddress.host(member), MemberAddress.port(member)));
    }

    private static String text(InetAddress address) {
        String host = address.getHostAddress();
        int scope = host.indexOf('%');
        String number = scope < 0 ? host : host.substring(0, scope);
        return number.indexOf(':') < 0 ? number : "[" + number + "]";
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
    void hearWith(ControlledFragmentHandler newHandler) {
        handler = newHandler;
        assembler = new ControlledFragmentAssembler(handler);
    }

    @Override
    public String responseEndpoint(String member) {
        return localHostTowards(member) + ":" + media.responsePort();
    }

    @Override
    public MemberPublication connect(String member) {
        return new MemberPublication(media.aeron(), MemberAddress.ingress(member));
    }

    /** Hears answers; the links behind lost images learn that they are lost. */
    int poll(MemberLinks links) {
        if (media.isBroken()) {
            replace(links);
        }
        int fragments = media.responses().controlledPoll(assembler, FRAGMENTS_PER_POLL);
        for (int i = 0; i < media.lostImages.size(); i++) {
            assembler.freeSessionBuffer(media.lostImages.getInt(i));
            links.responseImageLost(media.lostImages.getInt(i));
        }
        media.lostImages.clear();
        return fragments;
    }

    private void replace(MemberLinks links) {
        links.linesLost();
        media.close();
        media = new ClientMedia(config, bindHost);
        hearWith(handler);
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
