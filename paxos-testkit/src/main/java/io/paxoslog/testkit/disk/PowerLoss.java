package io.paxoslog.testkit.disk;

import java.util.function.IntUnaryOperator;

/**
 * Which of the writes and changes of names that were not forced a loss of power leaves on the disk.
 * Those that were forced always stay.
 */
public abstract class PowerLoss {
    private PowerLoss() {}

    /** Nothing that was not forced is left. */
    public static PowerLoss ofEverything() {
        return after(0);
    }

    /** Everything up to a write is left, in the order in which it was written. */
    public static PowerLoss after(long lastWrite) {
        return torn(lastWrite, 0, new byte[0]);
    }

    /**
     * Everything up to a write is left, and the first bytes of the write after it; what lies behind
     * those is older bytes, or zeros where those end.
     */
    public static PowerLoss torn(long lastWrite, int bytes, byte[] olderBytes) {
        return new Torn(lastWrite, bytes, olderBytes);
    }

    /**
     * Each page is left as it was after some write, and each directory as after some change,
     * whatever order the process made them in.
     *
     * @param chance draws a number from 0 to its argument, exclusive
     */
    public static PowerLoss ofPages(int pageBytes, IntUnaryOperator chance) {
        return new Pages(pageBytes, chance);
    }

    /** How many of a directory's changes, from the first, are left. */
    abstract int changesLeft(long[] writes, int count);

    /** Puts what is left of a file's writes into its durable bytes. */
    abstract void leave(UnforcedWrites writes, byte[] written, byte[] durable);

    private static final class Torn extends PowerLoss {
        private final long lastWrite;
        private final int bytes;
        private final byte[] olderBytes;

        Torn(long lastWrite, int bytes, byte[] olderBytes) {
            this.lastWrite = lastWrite;
            this.bytes = bytes;
            this.olderBytes = olderBytes;
        }

        @Override
        int changesLeft(long[] writes, int count) {
            int left = 0;
            while (left < count && writes[left] <= lastWrite) {
                left++;
            }
            return left;
        }

        @Override
        void leave(UnforcedWrites writes, byte[] written, byte[] durable) {
            for (int i = 0; i < writes.count(); i++) {
                if (writes.write(i) <= lastWrite) {
                    writes.copy(i, written, durable);
                } else if (writes.write(i) == lastWrite + 1 && bytes > 0) {
                    tear(writes.from(i), writes.to(i), written, durable);
                }
            }
        }

        private void tear(int from, int to, byte[] written, byte[] durable) {
            int kept = Math.min(bytes, to - from);
            System.arraycopy(written, from, durable, from, kept);
            int older = Math.min(olderBytes.length, to - from - kept);
            System.arraycopy(olderBytes, 0, durable, from + kept, older);
        }
    }

    private static final class Pages extends PowerLoss {
        private final int pageBytes;
        private final IntUnaryOperator chance;

        Pages(int pageBytes, IntUnaryOperator chance) {
            this.pageBytes = pageBytes;
            this.chance = chance;
        }

        @Override
        int changesLeft(long[] writes, int count) {
            return chance.applyAsInt(count + 1);
        }

        @Override
        void leave(UnforcedWrites writes, byte[] written, byte[] durable) {
            if (writes.count() == 0) {
                return;
            }
            int first = writes.from(0) / pageBytes;
            int last = (writes.to(writes.count() - 1) - 1) / pageBytes;
            for (int page = first; page <= last; page++) {
                int left = chance.applyAsInt(writes.count() + 1);
                for (int i = 0; i < left; i++) {
                    int from = Math.max(writes.from(i), page * pageBytes);
                    int to = Math.min(writes.to(i), (page + 1) * pageBytes);
                    if (from < to) {
                        System.arraycopy(written, from, durable, from, to - from);
                    }
                }
            }
        }
    }
}
