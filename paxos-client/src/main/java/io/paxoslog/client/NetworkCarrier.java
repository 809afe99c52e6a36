package io.paxoslog.client;

import io.aeron.Image;
import io.paxoslog.media.Bell;
import io.paxoslog.media.HostNames;
import io.paxoslog.media.MessageReader;
import org.agrona.DirectBuffer;

/** Carries over UDP, by a media driver of its own. */
final class NetworkCarrier implements Carrier {
    private final Guard guard = new Guard("ClientDriver");
    private final ClientTransport transport;
    private final Inlet inlet = new Inlet();

    NetworkCarrier(ClientConfig config, HostNames names, Bell bell) {
        guard.enter();
        try {
            transport = new ClientTransport(config, names, guard, bell);
            transport.hearWith(inlet);
        } catch (Throwable e) {
            guard.leave();
            throw e;
        }
    }

    @Override
    public int poll(Listener listener) {
        // An interrupt while channels are opened or closed would break them.
        guard.isInterrupted();
        inlet.listener = listener;
        return transport.poll(inlet);
    }

    @Override
    public int invoke() {
        guard.isInterrupted();
        return transport.invoke();
    }

    @Override
    public MemberLine connect(String member, int largestMessageBytes) {
        return transport.connect(member, largestMessageBytes);
    }

    @Override
    public String responseEndpoint(String member) {
        return transport.responseEndpoint(member);
    }

    @Override
    public String whyNoAnswer() {
        return transport.whyNoAnswer();
    }

    @Override
    public void close() {
        try {
            guard.isInterrupted();
            transport.close();
        } finally {
            guard.leave();
        }
    }

    private static final class Inlet implements MessageReader.Listener, LineLosses {
        private Listener listener;

        @Override
        public boolean onMessage(
                Image image, long reserved, DirectBuffer buffer, int offset, int length) {
            listener.onMessage(image.sessionId(), buffer, offset, length);
            return true;
        }

        /** Whatever is thrown is the sender's doing: those who wait for replies throw nothing. */
        @Override
        public boolean isActing() {
            return false;
        }

        @Override
        public void responseImageLost(int image) {
            listener.onLost(image);
        }

        @Override
        public void linesLost() {
            listener.onAllLost();
        }
    }
}
