package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers that nobody can guess. */
class NoncesTest {

    /** The vector for 16 bytes in the authors' own table of SipHash-2-4. */
    @Test
    void areSipHash() {
        NonceKey key = new NonceKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L);

        assertThat(new Nonces(key).hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L))
                .isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @Test
    void differForEachMemberEachTimeAndEachKey() {
        Nonces nonces = new Nonces(new NonceKey(1, 2));
        Nonces others = new Nonces(new NonceKey(1, 3));

        assertThat(new long[] {nonces.next(1), nonces.next(1), nonces.next(2), others.next(1)})
                .doesNotHaveDuplicates()
                .doesNotContain(0);
    }

    @Test
    void heartbeatsBeginFarFromTheEndOfAllNumbers() {
        for (int low = 0; low < 1000; low++) {
            assertThat(new Nonces(new NonceKey(5, low)).firstHeartbeat())
                    .isBetween(1L, Long.MAX_VALUE / 2 + 1);
        }
    }

    @Test
    void theKeyIsNotTold() {
        assertThat(new NonceKey(12345, 67890)).hasToString("secret");
    }
}
