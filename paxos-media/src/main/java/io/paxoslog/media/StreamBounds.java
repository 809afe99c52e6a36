package io.paxoslog.media;

/**
 * How much of a driver others may take by opening streams towards it. Streams count with the length
 * of a term each; three of those are mapped, and only what is written takes memory.
 *
 * @param streams most streams known at a time, those that have just ended among them
 * @param streamsPerSource most of them that come from one address and port
 * @param termBytes most of all streams of one endpoint
 * @param termBytesPerSource most of all streams that come from one address and port
 * @param perSecond most streams opened in a second, for long
 * @param burst most streams opened at once
 */
public record StreamBounds(
        int streams,
        int streamsPerSource,
        long termBytes,
        long termBytesPerSource,
        int perSecond,
        int burst) {
    private static final long COMMON_TERM_BYTES = 4 << 20;
    private static final int STREAMS_PER_SOURCE = 32;
    private static final int STREAMS_OF_PEERS = 96;
    private static final int STREAMS_PER_CLIENT = 4;
    private static final int OWN_TERMS_PER_SOURCE = 4;
    private static final int LEAST_PER_SECOND = 64;
    private static final int LEAST_ANSWERS_PER_SECOND = 1_000;

    /** Whoever sets up is answered, and does so again when that is lost. */
    private static final int ANSWERS_PER_STREAM = 4;

    /** All clients that there may be come within so long. */
    private static final int COMING_SECONDS = 8;

    /** For an endpoint to which few others answer. */
    public static final StreamBounds OF_CLIENT = ofNode(STREAMS_OF_PEERS, (int) COMMON_TERM_BYTES);

    /**
     * For a node. Clients that come and go leave streams behind for a while, hence several for
     * each.
     *
     * @param clients most clients connected at once
     * @param termBytes length of the node's own terms; those of other nodes may be longer
     */
    public static StreamBounds ofNode(int clients, int termBytes) {
        long perSource =
                Math.max(
                        STREAMS_PER_SOURCE * COMMON_TERM_BYTES,
                        (long) OWN_TERMS_PER_SOURCE * termBytes);
        long streams = (long) STREAMS_PER_CLIENT * clients + STREAMS_OF_PEERS;
        return new StreamBounds(
                (int) streams,
                STREAMS_PER_SOURCE,
                Math.max(streams * COMMON_TERM_BYTES, STREAMS_PER_SOURCE * (long) termBytes),
                perSource,
                perSecond(clients),
                Math.max(STREAMS_OF_PEERS, clients));
    }

    /** How many of so many clients may come in a second, for long. */
    public static int perSecond(int clients) {
        return Math.max(LEAST_PER_SECOND, clients / COMING_SECONDS);
    }

    /** How many strangers are answered in a second, for long. */
    int answersPerSecond() {
        return Math.max(LEAST_ANSWERS_PER_SECOND, ANSWERS_PER_STREAM * perSecond);
    }
}
