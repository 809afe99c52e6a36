package io.paxoslog.kv;

import java.util.ArrayList;
import java.util.List;

/**
 * Does one of two lists of operations, in one revision: the first if all its conditions hold. Those
 * of transactions within are looked at before anything is done. Not thread-safe.
 */
public final class KvTxn extends KvOperation {
    private final List<KvCompare> compares = new ArrayList<>();
    private final List<KvOperation> then = new ArrayList<>();
    private final List<KvOperation> otherwise = new ArrayList<>();

    /** One without conditions, which holds. */
    public KvTxn() {}

    /** One more condition. */
    public KvTxn when(KvCompare compare) {
        compares.add(compare);
        return this;
    }

    /** One more operation if all conditions hold. */
    public KvTxn then(KvOperation operation) {
        then.add(operation);
        return this;
    }

    /** One more operation if a condition does not hold. */
    public KvTxn otherwise(KvOperation operation) {
        otherwise.add(operation);
        return this;
    }

    @Override
    int kind() {
        return KvFormat.TXN;
    }

    /**
     * Writes its body.
     *
     * @throws IllegalArgumentException when it has more conditions or operations than it may
     */
    @Override
    void write(KvOutput out) {
        requireFew(compares.size());
        requireFew(then.size());
        requireFew(otherwise.size());
        out.u16(compares.size()).u16(then.size()).u16(otherwise.size());
        compares.forEach(compare -> compare.write(out));
        then.forEach(operation -> write(operation, out));
        otherwise.forEach(operation -> write(operation, out));
    }

    private static void requireFew(int count) {
        if (count > KvFormat.MOST_OPS) {
            throw new IllegalArgumentException(
                    "a transaction may have %d conditions, and as many operations either way, not %d"
                            .formatted(KvFormat.MOST_OPS, count));
        }
    }

    private static void write(KvOperation operation, KvOutput out) {
        int at = out.length();
        out.i32(0).u8(operation.kind());
        operation.write(out);
        out.setI32(at, out.length() - at - Integer.BYTES);
    }
}
