package io.paxoslog.gateway;

/**
 * Bounds of the client side of a node.
 *
 * @param maxClients most clients connected at once; more are refused
 * @param maxCommandBytes largest command taken
 * @param maxBatchBytes most bytes of entries proposed as one batch
 * @param fragmentsPerTurn most fragments heard from clients in one turn
 * @param tailBytesPerTurn most bytes read from the journal in one turn for all who tail
 * @param clientTimeoutTicks ticks after which a client that cannot be answered is let go
 * @param maxReads most reads held at once, of all clients; more are refused
 * @param maxReadBytes most bytes of their queries, and as many again of answers that wait
 */
public record GatewayConfig(
        int maxClients,
        int maxCommandBytes,
        int maxBatchBytes,
        int fragmentsPerTurn,
        int tailBytesPerTurn,
        int clientTimeoutTicks,
        int maxReads,
        int maxReadBytes) {

    /** 65,536 reads and 16 MiB of queries. */
    private static final int READS = 64 * 1024;

    private static final int READ_BYTES = 16 * 1024 * 1024;

    /** 256 clients, commands of 128 KiB, batches of 256 KiB, 64 KiB of tails a turn, 10 s. */
    public static final GatewayConfig DEFAULT =
            new GatewayConfig(256, 128 * 1024, 256 * 1024, 64, 64 * 1024, 10_000);

    /** As above, with 65,536 reads and 16 MiB of queries. */
    public GatewayConfig(
            int maxClients,
            int maxCommandBytes,
            int maxBatchBytes,
            int fragmentsPerTurn,
            int tailBytesPerTurn,
            int clientTimeoutTicks) {
        this(
                maxClients,
                maxCommandBytes,
                maxBatchBytes,
                fragmentsPerTurn,
                tailBytesPerTurn,
                clientTimeoutTicks,
                READS,
                READ_BYTES);
    }

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException naming the bound that is wrong
     */
    public GatewayConfig {
        require(maxClients >= 1, "maxClients: at least 1, not " + maxClients);
        require(maxCommandBytes >= 1, "maxCommandBytes: at least 1, not " + maxCommandBytes);
        require(
                maxBatchBytes >= CommandBatch.bytesNeeded(1, maxCommandBytes),
                "maxBatchBytes: room for a command of maxCommandBytes, not " + maxBatchBytes);
        require(fragmentsPerTurn >= 1, "fragmentsPerTurn: at least 1, not " + fragmentsPerTurn);
        require(tailBytesPerTurn >= 1, "tailBytesPerTurn: at least 1, not " + tailBytesPerTurn);
        require(clientTimeoutTicks >= 1, "clientTimeoutTicks: at least 1");
        require(maxReads >= 1, "maxReads: at least 1, not " + maxReads);
        require(maxReadBytes >= 1, "maxReadBytes: at least 1, not " + maxReadBytes);
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }
}
