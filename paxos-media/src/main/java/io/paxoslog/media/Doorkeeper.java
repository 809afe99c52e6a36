package io.paxoslog.media;

import static io.aeron.protocol.DataHeaderFlyweight.TERM_ID_FIELD_OFFSET;
import static io.aeron.protocol.DataHeaderFlyweight.TERM_OFFSET_FIELD_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Hashing;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decides which datagrams of an endpoint reach the driver. A stream is set up for a sender only
 * once that has sent back a number that it was told at the address it claims: whoever sets up is
 * asked to measure the round trip, which every Aeron publication answers by itself. Until then
 * nothing is mapped, and nothing is sent that is much larger than what came.
 */
final class Doorkeeper {
    /** How the endpoint speaks, to senders and to the driver. */
    interface Voice {
        boolean isListenedTo(int streamId);

        void askForEcho(InetSocketAddress source, int streamId, int sessionId, long number);

        void askForSetup(InetSocketAddress source, int streamId, int sessionId);

        void passSetup(SetupFlyweight setup, InetSocketAddress source);
    }

    static final int WAITING = 512;
    static final int MOST_ANSWERS_A_TURN = 16;

    private static final int ANSWERS_AT_ONCE = 256;
    private static final byte DATA_FLAGS = (byte) DataHeaderFlyweight.BEGIN_AND_END_FLAGS;

    /** Senders that have nothing to send say so ten times a second. */
    static final long SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long SETUP_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PROOF_LASTS_NS = TimeUnit.SECONDS.toNanos(2);

    private final Voice voice;
    private final KnownStreams streams;
    private final AddressProof proofs;
    private final DroppedDatagrams dropped;
    private final Allowance answers;

    private final UnsafeBuffer waiting =
            new UnsafeBuffer(new byte[WAITING * SetupFlyweight.HEADER_LENGTH]);
    private final InetSocketAddress[] waitingSources = new InetSocketAddress[WAITING];
    private final Proven[] proven = new Proven[WAITING];
    private final SetupFlyweight setup = new SetupFlyweight();
    private final RttMeasurementFlyweight echo = new RttMeasurementFlyweight();

    private KnownStream heard;
    private long heardAt;
    private long nowNs;
    private int answersLeft;

    private record Proven(InetSocketAddress source, int streamId, int sessionId, long atNs) {}

    Doorkeeper(
            Voice voice,
            KnownStreams streams,
            AddressProof proofs,
            DroppedDatagrams dropped,
            long nowNs) {
        this.voice = voice;
        this.streams = streams;
        this.proofs = proofs;
        this.dropped = dropped;
        this.nowNs = nowNs;
        answers = new Allowance(streams.answersPerSecond(), ANSWERS_AT_ONCE, nowNs);
    }

    void beginTurn(long newNowNs) {
        nowNs = newNowNs;
        answersLeft = MOST_ANSWERS_A_TURN;
        streams.beginTurn(nowNs);
    }

    /** Whether data may reach the driver. If it was taken there, {@link #taken} must follow. */
    boolean mayPass(UnsafeBuffer buffer, int length, InetSocketAddress from) {
        heard = null;
        if (length < Frames.DATA_HEADER) {
            dropped.malformed();
            return false;
        }
        int sessionId = buffer.getInt(DataHeaderFlyweight.SESSION_ID_FIELD_OFFSET, LITTLE_ENDIAN);
        int streamId = buffer.getInt(DataHeaderFlyweight.STREAM_ID_FIELD_OFFSET, LITTLE_ENDIAN);
        KnownStream stream = streams.find(streamId, sessionId);
        if (stream == null || !stream.isFrom(from)) {
            dropped.foreign();
            if (stream == null) {
                hearUnknown(buffer, length, from, streamId, sessionId);
            }
            return false;
        }
        if (!Frames.areData(buffer, length, stream.termLength)) {
            dropped.malformed();
            return false;
        }
        stream.heardNs = nowNs;
        if (Frames.isHeartbeat(buffer, length)) {
            stream.isOver |= DataHeaderFlyweight.isEndOfStream(buffer);
            bringIntoReach(buffer, stream.map);
            return true;
        }
        return mayPass(buffer, length, stream);
    }

    /** One that is far ahead says so much only: what is missing comes, and then it says more. */
    private static void bringIntoReach(UnsafeBuffer buffer, FrameMap map) {
        long reach = map.reach();
        if (position(buffer, map) > reach) {
            buffer.putInt(TERM_ID_FIELD_OFFSET, map.termIdOf(reach), LITTLE_ENDIAN);
            buffer.putInt(TERM_OFFSET_FIELD_OFFSET, map.termOffsetOf(reach), LITTLE_ENDIAN);
            buffer.putByte(DataHeaderFlyweight.FLAGS_FIELD_OFFSET, DATA_FLAGS);
        }
    }

    private static long position(UnsafeBuffer buffer, FrameMap map) {
        return map.position(
                buffer.getInt(TERM_ID_FIELD_OFFSET, LITTLE_ENDIAN),
                buffer.getInt(TERM_OFFSET_FIELD_OFFSET, LITTLE_ENDIAN));
    }

    private boolean mayPass(UnsafeBuffer buffer, int length, KnownStream stream) {
        long position = position(buffer, stream.map);
        if (!stream.map.isInWindow(position, length) || position > stream.map.reach()) {
            // It came twice, or before there was room; the driver would drop it, too.
            return false;
        }
        if (!stream.map.agrees(buffer, length, position)) {
            dropped.malformed();
            return false;
        }
        heard = stream;
        heardAt = position;
        return true;
    }

    /** The driver took what may pass. */
    void taken(UnsafeBuffer buffer, int length) {
        if (heard != null) {
            heard.map.take(buffer, length, heardAt);
        }
    }

    /** The sender of a stream is told how far it was consumed. */
    void consumed(int streamId, int sessionId, int termId, int termOffset) {
        KnownStream stream = streams.find(streamId, sessionId);
        if (stream != null) {
            stream.map.moveTo(stream.map.position(termId, termOffset));
        }
    }

    /** Whether the sender of a stream said something lately. */
    boolean isHeard(int streamId, int sessionId) {
        KnownStream stream = streams.find(streamId, sessionId);
        return stream != null && nowNs - stream.heardNs <= SILENCE_NS;
    }

    /** A sender that was heard before this process began goes on without a set-up. */
    private void hearUnknown(
            UnsafeBuffer buffer, int length, InetSocketAddress from, int streamId, int sessionId) {
        boolean isAnswered =
                Frames.areData(buffer, length, LogBufferDescriptor.TERM_MAX_LENGTH)
                        && !DataHeaderFlyweight.isEndOfStream(buffer)
                        && voice.isListenedTo(streamId);
        if (isAnswered && mayAnswer()) {
            voice.askForSetup(from, streamId, sessionId);
        }
    }

    private boolean mayAnswer() {
        return answersLeft-- > 0 && answers.take(nowNs);
    }

    void onSetup(UnsafeBuffer buffer, int length, InetSocketAddress from) {
        setup.wrap(buffer, 0, Math.min(buffer.capacity(), SetupFlyweight.HEADER_LENGTH));
        if (!Frames.isSetup(buffer, length, setup)) {
            dropped.malformed();
            return;
        }
        int streamId = setup.streamId();
        KnownStream known = streams.find(streamId, setup.sessionId());
        if (known != null) {
            setUpAgain(known, from);
        } else if (!voice.isListenedTo(streamId)) {
            dropped.foreign();
        } else if (isProven(from, streamId, setup.sessionId())) {
            open(from);
        } else {
            askForProof(from, streamId, setup.sessionId());
        }
    }

    /** Once is enough for a while; a stream that the driver lost is opened anew. */
    private void setUpAgain(KnownStream known, InetSocketAddress from) {
        if (!known.isFrom(from) || !known.isSame(setup)) {
            dropped.foreign();
            return;
        }
        known.heardNs = nowNs;
        if (nowNs - known.setUpNs > SETUP_PAUSE_NS && streams.mayOpen(nowNs)) {
            known.setUpNs = nowNs;
            voice.passSetup(setup, from);
        }
    }

    private void open(InetSocketAddress from) {
        if (streams.open(setup, from, nowNs) == null) {
            dropped.refused();
        } else {
            voice.passSetup(setup, from);
        }
    }

    private void askForProof(InetSocketAddress from, int streamId, int sessionId) {
        if (!mayAnswer()) {
            return;
        }
        int place = placeOf(from, streamId, sessionId);
        waiting.putBytes(
                place * SetupFlyweight.HEADER_LENGTH, setup, 0, SetupFlyweight.HEADER_LENGTH);
        waitingSources[place] = from;
        voice.askForEcho(from, streamId, sessionId, proofs.of(from, streamId, sessionId, nowNs));
    }

    private static int placeOf(InetSocketAddress from, int streamId, int sessionId) {
        int key = Hashing.hash(Hashing.compoundKey(streamId, sessionId)) + from.hashCode();
        return (key * 0x9E37_79B9) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(WAITING));
    }

    /** The answer of a sender; its set-up waits here, unless too many others came since. */
    void onEcho(UnsafeBuffer buffer, int length, InetSocketAddress from) {
        if (!Frames.isMeasurement(buffer, length)) {
            dropped.malformed();
            return;
        }
        echo.wrap(buffer, 0, length);
        int streamId = echo.streamId();
        int sessionId = echo.sessionId();
        boolean isRequest = (echo.flags() & RttMeasurementFlyweight.REPLY_FLAG) != 0;
        if (isRequest
                || !voice.isListenedTo(streamId)
                || !proofs.isGood(echo.echoTimestampNs(), from, streamId, sessionId, nowNs)) {
            dropped.foreign();
        } else if (streams.find(streamId, sessionId) == null) {
            believe(from, streamId, sessionId);
        }
    }

    private void believe(InetSocketAddress from, int streamId, int sessionId) {
        int place = placeOf(from, streamId, sessionId);
        proven[place] = new Proven(from, streamId, sessionId, nowNs);
        setup.wrap(waiting, place * SetupFlyweight.HEADER_LENGTH, SetupFlyweight.HEADER_LENGTH);
        boolean isWaiting =
                from.equals(waitingSources[place])
                        && setup.streamId() == streamId
                        && setup.sessionId() == sessionId;
        if (isWaiting) {
            waitingSources[place] = null;
            open(from);
        } else if (mayAnswer()) {
            voice.askForSetup(from, streamId, sessionId);
        }
    }

    private boolean isProven(InetSocketAddress from, int streamId, int sessionId) {
        Proven known = proven[placeOf(from, streamId, sessionId)];
        return known != null
                && known.streamId == streamId
                && known.sessionId == sessionId
                && nowNs - known.atNs <= PROOF_LASTS_NS
                && known.source.equals(from);
    }
}
