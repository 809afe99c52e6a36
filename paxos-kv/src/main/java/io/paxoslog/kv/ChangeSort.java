package io.paxoslog.kv;

import org.agrona.ExpandableArrayBuffer;

/**
 * Sorts values by one of their properties; those that are equal stay in the order of their keys.
 */
final class ChangeSort {
    private final Changes changes;
    private final KvRange.Target target;
    private final boolean isFalling;
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();

    ChangeSort(Changes changes, KvRange.Target target, KvRange.Order order) {
        this.changes = changes;
        this.target = target;
        isFalling = order == KvRange.Order.DESCENDING;
    }

    void sort(int[] values) {
        int[] from = values;
        int[] to = new int[values.length];
        for (int width = 1; width < values.length; width *= 2) {
            for (int begin = 0; begin < values.length; begin += 2 * width) {
                int middle = Math.min(begin + width, values.length);
                merge(from, to, begin, middle, Math.min(middle + width, values.length));
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        if (from != values) {
            System.arraycopy(from, 0, values, 0, values.length);
        }
    }

    private void merge(int[] from, int[] to, int begin, int middle, int end) {
        int left = begin;
        int right = middle;
        for (int i = begin; i < end; i++) {
            boolean isRight = left == middle || (right < end && isBefore(from[right], from[left]));
            to[i] = isRight ? from[right++] : from[left++];
        }
    }

    private boolean isBefore(int one, int other) {
        int comparison = compare(one, other);
        return isFalling ? comparison > 0 : comparison < 0;
    }

    private int compare(int one, int other) {
        return switch (target) {
            case VERSION -> Long.compare(changes.version(one), changes.version(other));
            case CREATE_REVISION -> Long.compare(changes.created(one), changes.created(other));
            case MOD_REVISION -> Long.compare(changes.main(one), changes.main(other));
            case VALUE -> compareValues(one, other);
            case KEY -> 0;
        };
    }

    private int compareValues(int one, int other) {
        int length = changes.valueLength(other);
        scratch.checkLimit(length);
        changes.readValue(other, scratch, 0);
        return changes.compareValue(one, scratch, 0, length);
    }
}
