package io.paxoslog.testkit.sim;

import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.codecs.client.CloseSessionEncoder;
import io.paxoslog.codecs.client.CommandsDecoder;
import io.paxoslog.codecs.client.HelloEncoder;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.ResumeEncoder;
import io.paxoslog.gateway.ClientDesk;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Somebody who has overheard the number of a session, and not its secret: brings it to the leader
 * as his own, and ends it. Nothing may come of that.
 */
final class SessionThief {
    private static final int EVERY = 64;
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int GUESSED = 4711;

    private final MessageHeaderDecoder heard = new MessageHeaderDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer overheard = new UnsafeBuffer(0, 0);
    private final Totals totals;
    private long messages;

    SessionThief(Totals totals) {
        this.totals = totals;
    }

    /**
     * Overhears what a client says, and says his part at times.
     *
     * @param image a stream of his own, by which nobody else speaks
     * @param endpoint where some client listens, who has no use for what he is told
     */
    void overhear(byte[] said, ClientDesk desk, int image, String endpoint) {
        overheard.wrap(said);
        heard.wrap(overheard, 0);
        if (heard.templateId() != CommandsDecoder.TEMPLATE_ID || ++messages % EVERY != 0) {
            return;
        }
        long session = overheard.getLong(HEADER_BYTES, ByteOrder.LITTLE_ENDIAN);
        HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(message, 0, header);
        hello.link(-messages).protocolVersion(ClientProtocol.VERSION).responseEndpoint(endpoint);
        say(desk, image, hello.encodedLength());
        ResumeEncoder resume = new ResumeEncoder().wrapAndApplyHeader(message, 0, header);
        resume.session(session).awaited(1).attempt(Integer.MAX_VALUE);
        resume.secretHigh(GUESSED).secretLow(GUESSED);
        say(desk, image, resume.encodedLength());
        CloseSessionEncoder close = new CloseSessionEncoder();
        close.wrapAndApplyHeader(message, 0, header).session(session);
        close.secretHigh(GUESSED).secretLow(GUESSED);
        say(desk, image, close.encodedLength());
        desk.imageLost(image);
        totals.count(Fault.STRANGER_AT_A_SESSION);
    }

    private void say(ClientDesk desk, int image, int encodedLength) {
        desk.hear(image, message, 0, HEADER_BYTES + encodedLength);
    }
}
