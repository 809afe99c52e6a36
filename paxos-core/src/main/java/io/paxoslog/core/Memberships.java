package io.paxoslog.core;

import org.agrona.DirectBuffer;

/**
 * Which membership governs: the configured one, in which everybody must take part, until genesis is
 * chosen.
 */
final class Memberships {
    private Membership current;

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

    void adopt(DirectBuffer buffer, int offset, int length) {
        current = Membership.decode(buffer, offset, length);
    }
}
