package io.paxoslog.core;

/**
 * How many members it takes. Sets of members are bit masks over their numbers.
 *
 * @param size members needed
 */
public record Quorum(int size) {
    /** Whether this many distinct members are in the set. */
    public boolean isReachedBy(int members) {
        return Integer.bitCount(members) >= size;
    }
}
