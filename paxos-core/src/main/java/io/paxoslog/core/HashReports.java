package io.paxoslog.core;

import java.util.Arrays;

/**
 * The last hashes that one member told of what it applied, each at an agreed slot. What the member
 * has not confirmed under a number of its own is hearsay: anybody can send it under its name.
 */
final class HashReports {
    /** Whoever is farther behind than so many is compared later. */
    static final int KEPT = 8;

    private static final int NOT_THERE = -1;
    private static final long NO_SLOT = 0;

    private final long[] slots = new long[KEPT];
    private final long[] hashes = new long[KEPT];
    private final long[] nonces = new long[KEPT];
    private final boolean[] isConfirmed = new boolean[KEPT];
    private int next;

    /** Hearsay takes the place of hearsay only. */
    void heard(long slot, long hash, long nonce) {
        int at = find(slot);
        if (at == NOT_THERE) {
            put(slot, hash, nonce, false);
        } else if (!isConfirmed[at]) {
            hashes[at] = hash;
        }
    }

    /** A member said it of itself, beyond doubt. */
    void confirmed(long slot, long hash) {
        int at = find(slot);
        if (at == NOT_THERE) {
            put(slot, hash, 0, true);
        } else {
            hashes[at] = hash;
            isConfirmed[at] = true;
        }
    }

    private void put(long slot, long hash, long nonce, boolean confirmed) {
        slots[next] = slot;
        hashes[next] = hash;
        nonces[next] = nonce;
        isConfirmed[next] = confirmed;
        next = (next + 1) % KEPT;
    }

    private int find(long slot) {
        for (int i = 0; i < KEPT; i++) {
            if (slot != NO_SLOT && slots[i] == slot) {
                return i;
            }
        }
        return NOT_THERE;
    }

    /** Whether a hash of a slot was heard; slots begin at 1. */
    boolean has(long slot) {
        return find(slot) != NOT_THERE;
    }

    /** The hash heard of a slot that {@link #has} one. */
    long hash(long slot) {
        return hashes[find(slot)];
    }

    /** Whether it was confirmed. */
    boolean isConfirmed(long slot) {
        return isConfirmed[find(slot)];
    }

    /** The number that only this member is told, if it is asked about the slot; never 0. */
    long nonce(long slot) {
        return nonces[find(slot)];
    }

    /** One of the slots heard of, in no order; 0 where there are fewer. */
    long slot(int number) {
        return slots[number];
    }

    /** Nothing was heard. */
    void clear() {
        Arrays.fill(slots, NO_SLOT);
    }
}
