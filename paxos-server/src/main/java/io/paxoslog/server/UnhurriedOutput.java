package io.paxoslog.server;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Hands bytes on in small pieces and rests behind each, for several times as long as it took to
 * make and to write it: who writes much beside threads that must answer soon takes a small share of
 * the processor and of the disk, in short turns. For one thread.
 */
final class UnhurriedOutput extends OutputStream {
    /** Bytes between two rests. */
    static final int PIECE_BYTES = 256 * 1024;

    /** Rests are so many times as long as work. */
    static final int REST_FACTOR = 3;

    private static final long LONGEST_REST_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final OutputStream out;
    private final LongSupplier nanoClock;
    private final LongConsumer sleepNs;
    private int written;
    private long beganNs;

    UnhurriedOutput(OutputStream out, LongSupplier nanoClock, LongConsumer sleepNs) {
        this.out = out;
        this.nanoClock = nanoClock;
        this.sleepNs = sleepNs;
        this.beganNs = nanoClock.getAsLong();
    }

    /** Rests on the thread that writes. */
    static UnhurriedOutput to(OutputStream out) {
        return new UnhurriedOutput(out, System::nanoTime, LockSupport::parkNanos);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int piece = Math.min(end - at, PIECE_BYTES - written);
            out.write(from, at, piece);
            at += piece;
            written += piece;
            if (written == PIECE_BYTES) {
                rest();
            }
        }
    }

    private void rest() {
        written = 0;
        long tookNs = nanoClock.getAsLong() - beganNs;
        sleepNs.accept(Math.min(REST_FACTOR * tookNs, LONGEST_REST_NS));
        beganNs = nanoClock.getAsLong();
    }
}
