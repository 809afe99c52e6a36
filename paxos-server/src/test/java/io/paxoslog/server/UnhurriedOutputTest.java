package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnhurriedOutputTest {
    private static final int PIECE = UnhurriedOutput.PIECE_BYTES;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Long> restsNs = new ArrayList<>();
    private long nowNs = 1_000;
    private long costNs;

    private final OutputStream slow =
            new OutputStream() {
                @Override
                public void write(int value) {
                    throw new AssertionError("byte by byte");
                }

                @Override
                public void write(byte[] from, int offset, int length) {
                    written.write(from, offset, length);
                    nowNs += costNs;
                }
            };
    private final UnhurriedOutput output =
            new UnhurriedOutput(
                    slow,
                    () -> nowNs,
                    ns -> {
                        restsNs.add(ns);
                        nowNs += ns;
                    });

    @Test
    void handsOnWhatItIsGivenHoweverLong() throws IOException {
        byte[] bytes = new byte[3 * PIECE + 5];
        new Random(1).nextBytes(bytes);
        output.write(bytes[0]);
        output.write(bytes, 1, 17);
        output.write(bytes, 18, bytes.length - 18);

        assertThat(written.toByteArray()).isEqualTo(bytes);
        assertThat(restsNs).hasSize(3);
    }

    @Test
    void restsForAMultipleOfWhatAPieceTook() throws IOException {
        costNs = 700;
        output.write(new byte[PIECE - 1], 0, PIECE - 1);
        assertThat(restsNs).isEmpty();
        // What its user does between two writes is part of the work.
        nowNs += 300;
        costNs = 10;
        output.write(new byte[2], 0, 2);

        assertThat(restsNs).containsExactly(UnhurriedOutput.REST_FACTOR * 1_010L);
    }

    @Test
    void doesNotCountItsRestsAsWork() throws IOException {
        costNs = 100;
        output.write(new byte[2 * PIECE], 0, 2 * PIECE);

        assertThat(restsNs)
                .containsExactly(
                        UnhurriedOutput.REST_FACTOR * 100L, UnhurriedOutput.REST_FACTOR * 100L);
    }

    @Test
    void doesNotRestForLongWhenTheDiskIsSlow() throws IOException {
        costNs = TimeUnit.SECONDS.toNanos(2);
        output.write(new byte[PIECE], 0, PIECE);

        assertThat(restsNs).containsExactly(TimeUnit.MILLISECONDS.toNanos(50));
    }
}
