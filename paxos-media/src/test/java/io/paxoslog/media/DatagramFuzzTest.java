package io.paxoslog.media;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;

/**
 * Whatever comes to a socket, one datagram behind the other: nothing is thrown, nothing is read
 * beyond a datagram, and only what fits its stream passes.
 */
@Tag("fuzz")
class DatagramFuzzTest {
    private static final int STREAM = 10;
    private static final int SESSION = 1;
    private static final InetSocketAddress SENDER =
            new InetSocketAddress(Forger.address(127, 0, 0, 1), 4000);

    /** Each begins with two bytes that say how long it is. */
    @FuzzTest(maxDuration = "10m")
    void anyDatagramPassesOrIsDropped(byte[] datagrams) {
        Doorkeeper doorkeeper = newDoorkeeper();
        ByteBuffer all = ByteBuffer.wrap(datagrams);
        for (long turn = 1; all.remaining() >= Short.BYTES; turn++) {
            byte[] datagram = new byte[Math.min(all.getShort() & 0x7FF, all.remaining())];
            all.get(datagram);
            doorkeeper.beginTurn(TimeUnit.MILLISECONDS.toNanos(turn));
            hear(doorkeeper, new UnsafeBuffer(datagram), datagram.length);
        }
    }

    /** One stream is open, so that there is something that may pass. */
    private static Doorkeeper newDoorkeeper() {
        KnownStreams streams =
                new KnownStreams(StreamBounds.OF_CLIENT, TimeUnit.SECONDS.toNanos(10), 0);
        byte[] setup = Forger.setup(STREAM, SESSION);
        streams.beginTurn(0);
        streams.open(new SetupFlyweight(new UnsafeBuffer(setup)), SENDER, 0);
        return new Doorkeeper(
                new Silent(), streams, new AddressProof(1, 2), new DroppedDatagrams(), 0);
    }

    private static void hear(Doorkeeper doorkeeper, UnsafeBuffer datagram, int length) {
        Frames.isOfReceiver(datagram, length);
        if (!Frames.hasHeader(datagram, length)) {
            return;
        }
        switch (FrameDescriptor.frameType(datagram, 0)) {
            case HeaderFlyweight.HDR_TYPE_DATA, HeaderFlyweight.HDR_TYPE_PAD -> {
                if (doorkeeper.mayPass(datagram, length, SENDER)) {
                    requireFrames(datagram, length);
                    doorkeeper.taken(datagram, length);
                }
            }
            case HeaderFlyweight.HDR_TYPE_SETUP -> doorkeeper.onSetup(datagram, length, SENDER);
            case HeaderFlyweight.HDR_TYPE_RTTM -> doorkeeper.onEcho(datagram, length, SENDER);
            default -> {
                // Counted as malformed before it comes here.
            }
        }
    }

    /** What a driver and a reader take for granted. */
    private static void requireFrames(UnsafeBuffer datagram, int length) {
        if (Frames.isHeartbeat(datagram, length)) {
            return;
        }
        int at = 0;
        while (at < length) {
            int frame = Frames.frameLength(datagram, at);
            if (frame < Frames.DATA_HEADER) {
                throw new AssertionError("a frame of " + frame + " bytes passed");
            }
            if (FrameDescriptor.frameType(datagram, at) == HeaderFlyweight.HDR_TYPE_PAD) {
                // Only its header travels.
                return;
            }
            if (frame > length - at) {
                throw new AssertionError("a frame reaches beyond its datagram");
            }
            at += BitUtil.align(frame, Frames.ALIGNMENT);
        }
    }

    private static final class Silent implements Doorkeeper.Voice {
        @Override
        public boolean isListenedTo(int streamId) {
            return streamId == STREAM;
        }

        @Override
        public void askForEcho(InetSocketAddress source, int stream, int session, long number) {}

        @Override
        public void askForSetup(InetSocketAddress source, int stream, int session) {}

        @Override
        public void passSetup(SetupFlyweight setup, InetSocketAddress source) {}
    }
}
