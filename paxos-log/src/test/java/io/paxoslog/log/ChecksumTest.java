package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    /** CRC32C of the nine digits (RFC 3720, appendix B.4 names the polynomial). */
    private static final int OF_DIGITS = 0xE3069283;

    private static final byte[] BYTES = "..123456789..".getBytes(StandardCharsets.US_ASCII);
    private static final int BEGIN = 2;
    private static final int DIGITS = 9;

    private final Checksum checksum = new Checksum();

    @Test
    void readsArrays() {
        assertThat(checksum.of(new UnsafeBuffer(BYTES), BEGIN, DIGITS)).isEqualTo(OF_DIGITS);
        assertThat(checksum.of(new UnsafeBuffer(BYTES, 1, DIGITS + 1), 1, DIGITS))
                .isEqualTo(OF_DIGITS);
    }

    @Test
    void readsDirectBuffersAndLeavesTheirPositionsAlone() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        bytes.put(7, BYTES).limit(3);
        DirectBuffer part = new UnsafeBuffer(bytes.duplicate().clear(), 7, BYTES.length);
        assertThat(checksum.of(part, BEGIN, DIGITS)).isEqualTo(OF_DIGITS);
        assertThat(part.byteBuffer().position()).isZero();
        assertThat(part.byteBuffer().limit()).isEqualTo(64);
    }

    @Test
    void tellsBuffersApart() {
        byte[] other = Arrays.copyOf(BYTES, BYTES.length);
        other[BEGIN] = '0';
        ByteBuffer first = ByteBuffer.allocateDirect(BYTES.length).put(0, BYTES);
        ByteBuffer second = ByteBuffer.allocateDirect(BYTES.length).put(0, other);
        assertThat(checksum.of(new UnsafeBuffer(first), BEGIN, DIGITS)).isEqualTo(OF_DIGITS);
        assertThat(checksum.of(new UnsafeBuffer(second), BEGIN, DIGITS)).isNotEqualTo(OF_DIGITS);
        assertThat(checksum.of(new UnsafeBuffer(first), BEGIN, DIGITS)).isEqualTo(OF_DIGITS);
    }

    @Test
    void nothingHasTheChecksumOfNothing() {
        assertThat(checksum.of(new UnsafeBuffer(0, 0), 0, 0)).isZero();
    }
}
