package io.paxoslog.core;

import org.agrona.DirectBuffer;

/**
 * Which membership governs: the configured one, in which everybody must take part, until genesis is
 * chosen.
 */
final class Memberships {
    private Membership current;
    private long slot;

    Memberships(ReplicaConfig config) {
        this.current = Membership.unanimous(config);
    }

    Membership current() {
        return current;
    }

    /** Whether genesis is known chosen here. */
    boolean isFounded() {
        return current.hasIncarnations();
    }

    /** Slot of the entry that governs; 0 until genesis is known chosen here. */
    long slot() {
        return slot;
    }

    /** The chosen entry at a slot; what is known of later ones stands. */
    void adopt(long at, DirectBuffer buffer, int offset, int length) {
        if (at >= slot) {
            slot = at;
            current = Membership.decode(buffer, offset, length);
        }
    }
}
