package io.paxoslog.client;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.MediaTurns;
import io.paxoslog.media.NetworkPath;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.collections.IntArrayList;

/**
 * A client's own Aeron: a driver and a conductor that run when the client polls, and one
 * subscription on an ephemeral port by which all nodes answer.
 */
final class ClientTransport implements MemberLines, AutoCloseable {
    private static final int SOCKET_BUFFER_BYTES = 2 * 1024 * 1024;
    private static final int FRAGMENTS_PER_POLL = 64;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final MediaTurns turns = new MediaTurns();
    private final Subscription responses;
    private final IntArrayList lostImages = new IntArrayList();
    private final int responsePort;
    private FragmentAssembler assembler;

    ClientTransport(ClientConfig config) {
        AeronDirectories.cleanUp();
        driver = MediaDriver.launch(turns.setUp(driverContext(config)));
        aeron = Aeron.connect(aeronContext());
        turns.drive(driver, aeron);
        responses =
                aeron.addSubscription(
                        "aeron:udp?endpoint=" + bindHost(config.members()) + ":0",
                        ClientProtocol.RESPONSE_STREAM,
                        image -> {},
                        this::onUnavailableImage);
        responsePort = awaitPort();
    }

    private static MediaDriver.Context driverContext(ClientConfig config) {
        return new MediaDriver.Context()
                .aeronDirectoryName(AeronDirectories.next())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .asyncExecutorEnabled(false)
                .mtuLength(mtuBytes(config))
                .termBufferSparseFile(true)
                .initialWindowLength(SOCKET_BUFFER_BYTES / 2)
                .socketRcvbufLength(SOCKET_BUFFER_BYTES)
                .socketSndbufLength(SOCKET_BUFFER_BYTES)
                // Driver and client run when the user polls: that neither was heard for long says
                // nothing.
                .clientLivenessTimeoutNs(TimeUnit.DAYS.toNanos(1))
                .publicationUnblockTimeoutNs(TimeUnit.DAYS.toNanos(2))
                .publicationLingerTimeoutNs(0)
                .errorHandler(ClientTransport::ignore);
    }

    private static int mtuBytes(ClientConfig config) {
        return config.mtuBytes() == 0
                ? NetworkPath.datagramBytesTowards(
                        config.members().stream().map(MemberAddress::host).toList())
                : config.mtuBytes();
    }

    private Aeron.Context aeronContext() {
        return new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker())
                .driverTimeoutMs(TimeUnit.DAYS.toMillis(1))
                .errorHandler(ClientTransport::ignore);
    }

    /** Members that cannot be reached are the links' business; there is nobody else to tell. */
    private static void ignore(Throwable error) {}

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

    private int awaitPort() {
        String channel = responses.tryResolveChannelEndpointPort();
        while (channel == null) {
            invoke();
            channel = responses.tryResolveChannelEndpointPort();
        }
        return MemberAddress.port(channel);
    }

    private void onUnavailableImage(Image image) {
        lostImages.addInt(image.sessionId());
    }

    /** Where the embedded driver keeps its buffers; gone once this is closed. */
    String directory() {
        return driver.aeronDirectoryName();
    }

    /** Chooses who hears what nodes say. */
    void hearWith(FragmentHandler handler) {
        assembler = new FragmentAssembler(handler);
    }

    @Override
    public String responseEndpoint(String member) {
        return localHostTowards(member) + ":" + responsePort;
    }

    @Override
    public MemberPublication connect(String member) {
        return new MemberPublication(aeron, MemberAddress.ingress(member));
    }

    /** Hears answers; the links behind lost images learn that they are lost. */
    int poll(MemberLinks links) {
        int fragments = responses.poll(assembler, FRAGMENTS_PER_POLL);
        for (int i = 0; i < lostImages.size(); i++) {
            assembler.freeSessionBuffer(lostImages.getInt(i));
            links.responseImageLost(lostImages.getInt(i));
        }
        lostImages.clear();
        return fragments;
    }

    /** Lets driver and conductor do what is to do. */
    int invoke() {
        return turns.invoke();
    }

    @Override
    public void close() {
        CloseHelper.quietClose(aeron);
        CloseHelper.quietClose(driver);
    }
}
