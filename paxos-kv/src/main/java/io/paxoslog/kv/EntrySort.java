package io.paxoslog.kv;

import java.util.Arrays;
import java.util.Comparator;

/** Sorts as {@link ChangeSort} does, what was read; those that are equal stay as they came. */
final class EntrySort implements Comparator<KvReply.Entry> {
    private final KvRange.Target target;
    private final boolean isFalling;

    EntrySort(KvRange.Target target, KvRange.Order order) {
        this.target = target;
        isFalling = order == KvRange.Order.DESCENDING;
    }

    @Override
    public int compare(KvReply.Entry one, KvReply.Entry other) {
        return isFalling ? compareRising(other, one) : compareRising(one, other);
    }

    private int compareRising(KvReply.Entry one, KvReply.Entry other) {
        return switch (target) {
            case KEY -> Arrays.compareUnsigned(one.key(), other.key());
            case VERSION -> Long.compare(one.version(), other.version());
            case CREATE_REVISION -> Long.compare(one.created(), other.created());
            case MOD_REVISION -> Long.compare(one.modified(), other.modified());
            case VALUE -> Arrays.compareUnsigned(one.value(), other.value());
        };
    }
}
