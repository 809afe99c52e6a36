package io.paxoslog.media;

import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Hashing;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The streams that one endpoint hears, within bounds. One whose sender is silent is given back
 * after the driver has let it go, never before: until then the driver holds its buffers, and what
 * is known of their size must stay known.
 */
final class KnownStreams {
    private static final long SWEEP_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_OPENED_A_TURN = 4;

    private final StreamBounds bounds;
    private final long livenessNs;
    private final Allowance openings;
    private final Long2ObjectHashMap<KnownStream> streams = new Long2ObjectHashMap<>();
    private KnownStream lastFound;
    private long sweptNs;
    private int openedNow;

    /**
     * @param livenessNs how long the driver keeps a stream whose sender is silent
     */
    KnownStreams(StreamBounds bounds, long livenessNs, long nowNs) {
        this.bounds = bounds;
        this.livenessNs = livenessNs;
        openings = new Allowance(bounds.perSecond(), bounds.burst(), nowNs);
        sweptNs = nowNs;
    }

    /** How many strangers are answered in a second. */
    int answersPerSecond() {
        return bounds.answersPerSecond();
    }

    void beginTurn(long nowNs) {
        openedNow = 0;
        if (nowNs - sweptNs > SWEEP_NS) {
            sweptNs = nowNs;
            sweep(nowNs);
        }
    }

    /**
     * A stream goes at the second sweep that finds it silent: a process that stood still finds all
     * of them silent before its driver has looked.
     */
    private void sweep(long nowNs) {
        Iterator<KnownStream> all = streams.values().iterator();
        while (all.hasNext()) {
            KnownStream stream = all.next();
            boolean isSilent = nowNs - stream.heardNs > livenessNs;
            if (isSilent && stream.wasSilent) {
                all.remove();
            }
            stream.wasSilent = isSilent;
        }
        lastFound = null;
    }

    KnownStream find(int streamId, int sessionId) {
        KnownStream last = lastFound;
        if (last != null && last.sessionId == sessionId && last.streamId == streamId) {
            return last;
        }
        KnownStream found = streams.get(Hashing.compoundKey(streamId, sessionId));
        if (found != null) {
            lastFound = found;
        }
        return found;
    }

    /** Adds a stream; null when there is no room, or no more are to be opened at this time. */
    KnownStream open(SetupFlyweight setup, InetSocketAddress source, long nowNs) {
        if (streams.size() >= bounds.streams()
                || !hasRoom(setup.termLength(), source)
                || !mayOpen(nowNs)) {
            return null;
        }
        KnownStream opened = new KnownStream(setup, source, nowNs);
        streams.put(Hashing.compoundKey(opened.streamId, opened.sessionId), opened);
        return opened;
    }

    /**
     * Buffers of a stream that has ended are as good as gone; the stream itself is not: the driver
     * looks at it in every turn until it lets it go.
     */
    private boolean hasRoom(int termLength, InetSocketAddress source) {
        long bytes = termLength;
        long bytesOfSource = termLength;
        int ofSource = 0;
        for (KnownStream stream : streams.values()) {
            boolean isOfSource = stream.isFrom(source);
            ofSource += isOfSource ? 1 : 0;
            if (!stream.isOver) {
                bytes += stream.termLength;
                bytesOfSource += isOfSource ? stream.termLength : 0;
            }
        }
        return ofSource < bounds.streamsPerSource()
                && bytes <= bounds.termBytes()
                && bytesOfSource <= bounds.termBytesPerSource();
    }

    /** Whether a driver may be asked now to map the buffers of a stream. */
    boolean mayOpen(long nowNs) {
        if (openedNow == MOST_OPENED_A_TURN || !openings.take(nowNs)) {
            return false;
        }
        openedNow++;
        return true;
    }

    int count() {
        return streams.size();
    }
}
