package io.paxoslog.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FrameDescriptor;
import io.paxoslog.core.MemberId;
import io.paxoslog.media.PatientMedia;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream that breaks off in the middle of a message, and comes back as another one. */
@Timeout(60)
class PeerReceiverTest {
    private static final String CHANNEL = "aeron:ipc";
    private static final int STREAM = 7;
    private static final int SESSION = 5;
    private static final byte[] FRAME =
            Frames.encode(m -> m.accept(Frames.FROM, Frames.commands(Frames.BALLOT, 1, 900), 1));
    private static final int HALF = FRAME.length / 2;

    @TempDir Path directory;

    private final Heard heard = new Heard();
    private final AtomicCounter refused = Frames.counter();
    private final PeerDecoder decoder =
            new PeerDecoder(heard, Frames.everybody(), refused, Frames.counter());
    private MediaDriver driver;
    private Aeron aeron;
    private PeerReceiver receiver;

    @BeforeEach
    void start() {
        driver =
                MediaDriver.launch(
                        new MediaDriver.Context()
                                .aeronDirectoryName(directory.resolve("aeron").toString())
                                .threadingMode(ThreadingMode.INVOKER)
                                .publicationLingerTimeoutNs(1_000_000)
                                .dirDeleteOnShutdown(true));
        aeron =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(driver.aeronDirectoryName())
                                .errorHandler(PatientMedia::tell)
                                .driverAgentInvoker(driver.sharedAgentInvoker())
                                .useConductorAgentInvoker(true));
        receiver = new PeerReceiver(aeron, CHANNEL, STREAM, 10, decoder);
    }

    @AfterEach
    void stop() {
        receiver.close();
        aeron.close();
        driver.close();
    }

    @Test
    void halfAMessageOfALostStreamIsDropped() {
        ExclusivePublication first = publication();
        sendPart(first, 0, HALF, FrameDescriptor.BEGIN_FRAG_FLAG);
        turnUntil(() -> receiver.poll() > 0);
        first.close();

        ExclusivePublication second = publication();
        assertThat(second.sessionId()).isNotEqualTo(first.sessionId());
        sendPart(second, HALF, FRAME.length - HALF, FrameDescriptor.END_FRAG_FLAG);
        turnUntil(() -> receiver.poll() > 0);
        assertThat(heard.lines).isEmpty();

        sendPart(second, 0, HALF, FrameDescriptor.BEGIN_FRAG_FLAG);
        sendPart(second, HALF, FRAME.length - HALF, FrameDescriptor.END_FRAG_FLAG);
        turnUntil(() -> hears() && !heard.lines.isEmpty());
        assertThat(heard.lines).hasSize(1);
        assertThat(refused.get()).isZero();
    }

    @Test
    void streamsOfTwoPeersAreNotMixed() {
        ExclusivePublication one = publication();
        ExclusivePublication other = publication();
        sendPart(one, 0, HALF, FrameDescriptor.BEGIN_FRAG_FLAG);
        sendPart(other, 0, HALF, FrameDescriptor.BEGIN_FRAG_FLAG);
        sendPart(one, HALF, FRAME.length - HALF, FrameDescriptor.END_FRAG_FLAG);
        sendPart(other, HALF, FRAME.length - HALF, FrameDescriptor.END_FRAG_FLAG);
        turnUntil(() -> hears() && heard.lines.size() == 2);
        assertThat(heard.lines.get(0)).isEqualTo(heard.lines.get(1)).startsWith("accept ");
    }

    /** Aeron's session ids come again; who speaks is said in each frame. */
    @Test
    void aStreamWithTheSessionIdOfALostOneIsAnother() {
        String channel = CHANNEL + "?session-id=" + SESSION;
        Subscription watch = aeron.addSubscription(CHANNEL, STREAM);
        ExclusivePublication first = publication(channel);
        turnUntil(() -> watch.imageCount() == 1);
        sendPart(first, 0, HALF, FrameDescriptor.BEGIN_FRAG_FLAG);
        turnUntil(() -> receiver.poll() > 0);
        first.close();
        turnUntil(() -> hears() && watch.poll((b, o, l, h) -> {}, 10) == 0 && !watch.isConnected());

        ExclusivePublication second = publication(channel);
        assertThat(second.sessionId()).isEqualTo(SESSION);
        sendPart(second, HALF, FRAME.length - HALF, FrameDescriptor.END_FRAG_FLAG);
        turnUntil(() -> receiver.poll() > 0);
        long other = MemberId.of(3, 9);
        byte[] frame = Frames.encode(m -> m.nack(other, Frames.BALLOT));
        turnUntil(() -> second.offer(new UnsafeBuffer(frame)) > 0);
        turnUntil(() -> hears() && !heard.lines.isEmpty());
        assertThat(heard.lines).containsExactly("nack " + other + " " + Frames.BALLOT);
    }

    private boolean hears() {
        receiver.poll();
        return true;
    }

    private ExclusivePublication publication() {
        return publication(CHANNEL);
    }

    private ExclusivePublication publication(String channel) {
        ExclusivePublication publication = aeron.addExclusivePublication(channel, STREAM);
        turnUntil(publication::isConnected);
        return publication;
    }

    private void sendPart(ExclusivePublication publication, int offset, int length, byte flags) {
        BufferClaim claim = new BufferClaim();
        turnUntil(() -> publication.tryClaim(length, claim) > 0);
        claim.buffer().putBytes(claim.offset(), new UnsafeBuffer(FRAME), offset, length);
        claim.flags(flags);
        claim.commit();
    }

    private void turnUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            driver.sharedAgentInvoker().invoke();
            aeron.conductorAgentInvoker().invoke();
        }
    }
}
