package io.paxoslog.client;

import io.paxoslog.codecs.SecretHash;
import java.util.random.RandomGenerator;

/**
 * By what a client shows that a session is its own: 128 bits that nobody can guess. Nodes keep the
 * hash of it; the secret is said only to them.
 */
record SessionSecret(long high, long low, SecretHash hash) {
    /** Draws a secret; {@code random} must be one that nobody can follow. */
    static SessionSecret draw(RandomGenerator random) {
        return of(random.nextLong(), random.nextLong());
    }

    static SessionSecret of(long high, long low) {
        return new SessionSecret(high, low, SecretHash.of(high, low));
    }

    /** Shows nothing. */
    @Override
    public String toString() {
        return "a secret";
    }
}
