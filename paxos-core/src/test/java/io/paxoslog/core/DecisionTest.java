package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** How decisions lie in the log. */
class DecisionTest {
    private static final Decision.Limits LIMITS = new Decision.Limits(10, 20, 30, 40);

    @Test
    void isReadAsItWasWritten() {
        for (Decision decision :
                new Decision[] {
                    Decision.skip(7, 0),
                    Decision.retry(7, 5),
                    Decision.limits(LIMITS, 3),
                    Decision.version(new Version(3, 5), 2)
                }) {
            assertThat(Decision.decode(encoded(decision), 0, Decision.BYTES)).isEqualTo(decision);
        }
    }

    @Test
    void writesTheBytesThatEveryVersionReads() {
        assertThat(hex(Decision.skip(7, 5)))
                .isEqualTo("01010000" + "00".repeat(16) + "0700000000000000" + "0500000000000000");
        assertThat(hex(Decision.limits(LIMITS, 3)))
                .isEqualTo(
                        "01030000"
                                + "0a000000"
                                + "14000000"
                                + "1e000000"
                                + "28000000"
                                + "0000000000000000"
                                + "0300000000000000");
        assertThat(hex(Decision.version(new Version(3, 5), 2)))
                .isEqualTo(
                        "01040000"
                                + "03000000"
                                + "05000000"
                                + "00".repeat(16)
                                + "0200000000000000");
    }

    @Test
    void isNoneWhenAnythingIsUnknown() {
        assertThat(isOneWith(0, 2)).isFalse(); // version
        assertThat(isOneWith(1, 0)).isFalse(); // kind
        assertThat(isOneWith(1, 4)).isFalse();
        assertThat(isOneWith(1, 5)).isFalse();
        assertThat(isOneWith(2, 1)).isFalse(); // zeros
        assertThat(isOneWith(4, 1)).isFalse(); // limits in a skip
        assertThat(isOneWith(27, 0x80)).isFalse(); // slot below 0
        assertThat(isOneWith(35, 0x80)).isFalse(); // previous below 0
        assertThat(isOneWith(20, 0)).isFalse(); // no slot in a skip
        assertThat(Decision.isOne(encoded(Decision.skip(7, 0)), 0, Decision.BYTES - 1)).isFalse();
        assertThatThrownBy(() -> Decision.decode(new UnsafeBuffer(new byte[3]), 0, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isNoneWhenALimitIsOutOfItsBounds() {
        assertThat(isOne(new Decision.Limits(0, 1, 1, 1))).isFalse();
        assertThat(isOne(new Decision.Limits(1, 0, 1, 1))).isFalse();
        assertThat(isOne(new Decision.Limits(1, 1, -1, 1))).isFalse();
        assertThat(isOne(new Decision.Limits(1, 1, 1, 0))).isFalse();
        assertThat(isOne(new Decision.Limits(1, 1, Decision.Limits.MAX + 1, 1))).isFalse();
        assertThat(isOne(new Decision.Limits(1, 1, 0, Decision.Limits.MAX))).isTrue();
    }

    @Test
    void standsAloneInItsBatch() {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Batch.ENTRY_PREFIX_BYTES + Decision.BYTES]);
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        Decision.skip(7, 0).encode(entry, Batch.ENTRY_PREFIX_BYTES);
        Batch batch =
                new Batch()
                        .slots(Ballot.of(1, 1), 9, 1)
                        .value(Batch.DECISION, Ballot.of(1, 1), 0)
                        .bytes(entry, 0, entry.capacity());

        assertThat(batch.isWellFormed()).isTrue();
        assertThat(Decision.of(batch)).isEqualTo(Decision.skip(7, 0));
        assertThat(batch.slots(Ballot.of(1, 1), 9, 2).isWellFormed()).isFalse();
    }

    private static boolean isOne(Decision.Limits limits) {
        return Decision.isOne(encoded(Decision.limits(limits, 0)), 0, Decision.BYTES);
    }

    private static boolean isOneWith(int index, int value) {
        UnsafeBuffer bytes = encoded(Decision.skip(7, 5));
        bytes.putByte(index, (byte) value);
        return Decision.isOne(bytes, 0, Decision.BYTES);
    }

    private static String hex(Decision decision) {
        return HexFormat.of().formatHex(encoded(decision).byteArray());
    }

    private static UnsafeBuffer encoded(Decision decision) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Decision.BYTES]);
        decision.encode(bytes, 0);
        return bytes;
    }
}
