package io.paxoslog.bench.contender;

import io.aeron.driver.MediaDriver;

/**
 * Settings of media drivers that Aeron's own files for throughput and latency recommend, for all
 * drivers that stand for Aeron here.
 */
final class AeronTuning {
    private static final int SOCKET_BYTES = 2 << 20;
    private static final int WINDOW_BYTES = 2 << 20;
    private static final int LARGEST_IPC_MTU_BYTES = 8 << 10;

    private AeronTuning() {}

    /** Sets what the settings ask for; leaves the rest at Aeron's defaults. */
    static void apply(ClusterSettings settings, MediaDriver.Context context) {
        if (settings.mtuBytes() != 0) {
            // Streams within a node have terms that a larger one does not fit.
            context.mtuLength(settings.mtuBytes())
                    .ipcMtuLength(Math.min(settings.mtuBytes(), LARGEST_IPC_MTU_BYTES));
        }
        if (settings.isTuned()) {
            context.termBufferSparseFile(false)
                    .socketSndbufLength(SOCKET_BYTES)
                    .socketRcvbufLength(SOCKET_BYTES)
                    .initialWindowLength(WINDOW_BYTES);
        }
        if (settings.idle() != null) {
            context.sharedIdleStrategy(settings.idle().newStrategy())
                    .conductorIdleStrategy(settings.idle().newStrategy())
                    .senderIdleStrategy(settings.idle().newStrategy())
                    .receiverIdleStrategy(settings.idle().newStrategy());
        }
    }
}
