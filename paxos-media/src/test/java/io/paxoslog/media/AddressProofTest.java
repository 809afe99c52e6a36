package io.paxoslog.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressProofTest {
    private static final InetSocketAddress SOURCE =
            new InetSocketAddress(Forger.address(127, 0, 0, 1), 4000);

    private final AddressProof proofs = new AddressProof(new Random(1));
    private final long proof = proofs.of(SOURCE, 10, 7, 1);

    @Test
    void hashesAsSipHashDoes() {
        AddressProof known = new AddressProof(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertThat(known.hash(0x0706050403020100L)).isEqualTo(0x93f5f5799a932462L);
        assertThat(known.hash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L))
                .isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @Test
    void isGoodForOneAddressAndOneStream() {
        assertThat(proofs.isGood(proof, SOURCE, 10, 7, 1)).isTrue();
        assertThat(proofs.isGood(proof, SOURCE, 10, 8, 1)).isFalse();
        assertThat(proofs.isGood(proof, SOURCE, 11, 7, 1)).isFalse();
        assertThat(
                        proofs.isGood(
                                proof,
                                new InetSocketAddress(Forger.address(127, 0, 0, 1), 4001),
                                10,
                                7,
                                1))
                .isFalse();
        assertThat(
                        proofs.isGood(
                                proof,
                                new InetSocketAddress(Forger.address(127, 0, 0, 2), 4000),
                                10,
                                7,
                                1))
                .isFalse();
        InetSocketAddress six = new InetSocketAddress(Forger.address(new byte[16]), 4000);
        assertThat(proofs.isGood(proof, six, 10, 7, 1)).isFalse();
        assertThat(new AddressProof(new Random(2)).isGood(proof, SOURCE, 10, 7, 1)).isFalse();
    }

    @Test
    void isGoodForAWhile() {
        assertThat(proofs.isGood(proof, SOURCE, 10, 7, AddressProof.PERIOD_NS)).isTrue();
        assertThat(proofs.isGood(proof, SOURCE, 10, 7, 2 * AddressProof.PERIOD_NS)).isFalse();
    }

    @Test
    void takesAddressesOfIpv6() {
        InetSocketAddress six = new InetSocketAddress("2001:db8::1", 4000);
        assertThat(proofs.isGood(proofs.of(six, 1, 2, 3), six, 1, 2, 3)).isTrue();
    }
}
