package io.paxoslog.core;

/**
 * Numbers that whoever does not hear them cannot guess, not even from others of them: SipHash-2-4
 * of a counter under a secret key (Aumasson, Bernstein: SipHash, a fast short-input PRF, INDOCRYPT
 * 2012). Never 0.
 */
final class Nonces {
    private static final int HEARTBEATS = -1;
    private static final int CONFIRMATIONS = -2;
    private static final int READS = -3;
    private static final int QUORUM_READS = -4;
    private static final int INPUT_BYTES = 2 * Long.BYTES;

    private final NonceKey key;
    private long counter;

    Nonces(NonceKey key) {
        this.key = key;
    }

    /** Where the numbers of heartbeats start; far from the end of all numbers. */
    long firstHeartbeat() {
        return first(HEARTBEATS);
    }

    /** The same for questions whether a leader still leads. */
    long firstConfirmation() {
        return first(CONFIRMATIONS);
    }

    /** The same for reads; the numbers of two starts do not meet. */
    long firstRead() {
        return first(READS);
    }

    /** The same for reads without a leader. */
    long firstQuorumRead() {
        return first(QUORUM_READS);
    }

    private long first(int use) {
        return (hash(use, 0) >>> 2) + 1;
    }

    /** The next number that only this member is to hear. */
    long next(int member) {
        long nonce = hash(member, ++counter);
        return nonce == 0 ? next(member) : nonce;
    }

    long hash(long first, long second) {
        long[] v = {
            key.low() ^ 0x736f6d6570736575L,
            key.high() ^ 0x646f72616e646f6dL,
            key.low() ^ 0x6c7967656e657261L,
            key.high() ^ 0x7465646279746573L
        };
        absorb(v, first);
        absorb(v, second);
        absorb(v, (long) INPUT_BYTES << 56);
        v[2] ^= 0xFF;
        for (int i = 0; i < 4; i++) {
            round(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void absorb(long[] v, long word) {
        v[3] ^= word;
        round(v);
        round(v);
        v[0] ^= word;
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}
