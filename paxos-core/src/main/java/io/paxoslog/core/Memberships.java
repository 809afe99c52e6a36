package io.paxoslog.core;

import java.util.function.IntPredicate;
import org.agrona.DirectBuffer;

/**
 * Which membership governs: the configured one, in which everybody must take part, until genesis is
 * chosen.
 */
final class Memberships {
    /** Instead of a position among the members. */
    static final int NOBODY = -1;

    private final int self;
    private Membership current;
    private long slot;

    Memberships(ReplicaConfig config) {
        this.self = MemberId.node(config.self());
        this.current = Membership.unanimous(config);
    }

    Membership current() {
        return current;
    }

    /** Node id of the member at a position. */
    int node(int member) {
        return MemberId.node(current.member(member));
    }

    /** Whether the member at a position is another node than this one. */
    boolean isOther(int member) {
        return node(member) != self;
    }

    /**
     * The next member behind a position, in turn, that is another node and fits; {@link #NOBODY}
     * when there is none.
     */
    int nextOther(int after, IntPredicate fits) {
        int members = current.size();
        for (int i = 1; i <= members; i++) {
            int candidate = (after + i) % members;
            if (isOther(candidate) && fits.test(candidate)) {
                return candidate;
            }
        }
        return NOBODY;
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
