package io.paxoslog.media;

import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;

/** A stream whose sender has proven that it receives where it says it sends from. */
final class KnownStream {
    final int streamId;
    final int sessionId;
    final int termLength;
    final FrameMap map;
    private final int initialTermId;
    private final int mtuLength;
    private InetSocketAddress source;

    long heardNs;
    long setUpNs;
    boolean isOver;
    boolean wasSilent;

    KnownStream(SetupFlyweight setup, InetSocketAddress source, long nowNs) {
        this.source = source;
        streamId = setup.streamId();
        sessionId = setup.sessionId();
        termLength = setup.termLength();
        initialTermId = setup.initialTermId();
        mtuLength = setup.mtuLength();
        map = new FrameMap(termLength, initialTermId, setup.activeTermId(), setup.termOffset());
        heardNs = nowNs;
        setUpNs = nowNs;
    }

    @SuppressWarnings("ReferenceEquality") // The cheap look first: readers know senders again.
    boolean isFrom(InetSocketAddress from) {
        if (from == source) {
            return true;
        }
        if (!from.equals(source)) {
            return false;
        }
        source = from;
        return true;
    }

    InetSocketAddress source() {
        return source;
    }

    boolean isSame(SetupFlyweight setup) {
        return setup.termLength() == termLength
                && setup.initialTermId() == initialTermId
                && setup.mtuLength() == mtuLength;
    }
}
