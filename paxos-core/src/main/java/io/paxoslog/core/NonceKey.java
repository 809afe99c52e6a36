package io.paxoslog.core;

/**
 * The secret from which a replica makes its nonces: 128 bits from a source that nobody can guess,
 * never used for a second start.
 */
public record NonceKey(long high, long low) {
    /** Tells nothing of the key. */
    @Override
    public String toString() {
        return "secret";
    }
}
