package io.paxoslog.server;

import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.log.RoomRule;
import org.agrona.BitUtil;

/** What one size needs of another: derived defaults and refusals both come from here. */
final class Sizes {
    private static final int ENTRY_OVERHEAD_BYTES = 64;

    /** Headers of a batch in a message or a record, with room to spare. */
    private static final int BATCH_OVERHEAD_BYTES = 512;

    /** A message may take an eighth of a term, a record an eighth of a file. */
    private static final int PARTS_OF_A_BUFFER = 8;

    /** Large enough that the disk is not asked too often, small enough for one message. */
    private static final int LARGEST_CHUNK_BYTES = 256 << 10;

    private static final int CHUNK_OVERHEAD_BYTES = 1024;

    private Sizes() {}

    /** How much room a node wants on its disk. */
    static RoomRule roomOf(NodeConfig config) {
        return RoomRule.of(
                config.get(Settings.SEGMENT_BYTES),
                config.get(Settings.OPEN_BYTES),
                config.get(Settings.ROOM_BYTES));
    }

    /** Bytes of one chunk of a snapshot, with terms of {@code term-bytes}. */
    static int chunkFor(int term) {
        return Math.min(LARGEST_CHUNK_BYTES, term / PARTS_OF_A_BUFFER - CHUNK_OVERHEAD_BYTES);
    }

    /** Least {@code batch-bytes} for a command of {@code command-bytes}. */
    static int batchFor(int command) {
        return command + ENTRY_OVERHEAD_BYTES;
    }

    /** Least {@code read-bytes} for a query of {@code command-bytes}. */
    static int readsFor(int command) {
        return ApplyOrders.readBytes(command);
    }

    /** Least {@code open-bytes} for a batch of {@code batch-bytes}. */
    static int openFor(int batch) {
        return batch;
    }

    /** Least {@code term-bytes} for a batch of {@code batch-bytes}. */
    static int termFor(int batch) {
        return BitUtil.findNextPositivePowerOfTwo(segmentFor(batch));
    }

    /** Least {@code segment-bytes} for a batch of {@code batch-bytes}. */
    static int segmentFor(int batch) {
        return PARTS_OF_A_BUFFER * (batch + BATCH_OVERHEAD_BYTES);
    }
}
