package io.paxoslog.transport;

import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Which chunks of a snapshot are still wanted: a few asked for at a time, some on their way to
 * disk.
 */
final class ChunkWindow {
    private static final int WINDOW = 4;

    private final BitSet asked = new BitSet();
    private final BitSet writing = new BitSet();
    private BitSet missing = new BitSet();

    void begin(BitSet lacking) {
        missing = lacking;
        asked.clear();
        writing.clear();
    }

    /** Whether all of them are on the disk. */
    boolean isDone() {
        return missing.isEmpty();
    }

    /** Asks for as many as may be under way at a time. */
    void fill(IntConsumer ask) {
        int chunk = missing.nextSetBit(0);
        while (chunk >= 0 && asked.cardinality() < WINDOW) {
            if (!asked.get(chunk)) {
                asked.set(chunk);
                ask.accept(chunk);
            }
            chunk = missing.nextSetBit(chunk + 1);
        }
    }

    /** Asks once more for those that have not come. */
    void again(IntConsumer ask) {
        asked.stream().filter(chunk -> !writing.get(chunk)).forEach(ask);
    }

    /** Whether this one was asked for, and has not come. */
    boolean isWaitedFor(int chunk) {
        return chunk >= 0 && asked.get(chunk) && !writing.get(chunk);
    }

    void writing(int chunk) {
        writing.set(chunk);
    }

    /** One that was not right is asked for anew. */
    void written(int chunk, boolean isRight) {
        asked.clear(chunk);
        writing.clear(chunk);
        if (isRight) {
            missing.clear(chunk);
        }
    }
}
