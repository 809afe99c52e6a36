package io.paxoslog.transport;

import io.paxoslog.core.PeerMessages;
import java.util.function.Consumer;

/** Frames of the peer schema as anybody can write them, for tests elsewhere. */
public final class ForgedFrames {
    private ForgedFrames() {}

    /** The frame of one message, of whatever cluster. */
    public static byte[] of(long clusterId, Consumer<PeerMessages> message) {
        Frames.Collected sink = new Frames.Collected();
        message.accept(new PeerEncoder(sink, () -> clusterId, Frames.counter()));
        return sink.frames.get(0);
    }
}
