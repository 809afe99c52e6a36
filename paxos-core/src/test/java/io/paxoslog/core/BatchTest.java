package io.paxoslog.core;

import static io.paxoslog.core.Roles.B1;
import static io.paxoslog.core.Roles.B2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Consecutive slots over bytes that belong to somebody else. */
class BatchTest {
    private final Batch five = Batches.commandsOf(B1, 99, B2, 10, "a", "bb", "", "dddd", "e");

    @Test
    void endsWithItsLastSlot() {
        assertThat(five.lastSlot()).isEqualTo(14);
    }

    @Test
    void slicesFromTheMiddle() {
        assertThat(Batches.text(new Batch().slice(five, 11, 13)))
                .isEqualTo("b=2.2 slot=11 bb,,dddd");
    }

    @Test
    void slicesToNoMoreThanItHas() {
        assertThat(Batches.text(new Batch().slice(five, 1, 10))).isEqualTo("b=2.2 slot=10 a");
        assertThat(Batches.text(new Batch().slice(five, 14, Long.MAX_VALUE)))
                .isEqualTo("b=2.2 slot=14 e");
    }

    @Test
    void keepsOriginAndTimestampInASlice() {
        Batch slice = new Batch().slice(five, 12, 12);

        assertThat(slice.originBallot()).isEqualTo(B1);
        assertThat(slice.timestamp()).isEqualTo(99);
        assertThat(slice.kind()).isEqualTo(Batch.COMMANDS);
        assertThat(slice.isWellFormed()).isTrue();
    }

    @Test
    void slicesANoOpRangeByItsSlots() {
        Batch slice = new Batch().slice(Batches.noOps(B1, 10, 1_000_000), 500, 502);

        assertThat(slice.firstSlot()).isEqualTo(500);
        assertThat(slice.count()).isEqualTo(3);
        assertThat(slice.isWellFormed()).isTrue();
    }

    @Test
    void mayBecomeASliceOfItself() {
        five.slice(five, 11, 13);

        five.slice(five, 13, 13);

        assertThat(Batches.text(five)).isEqualTo("b=2.2 slot=13 dddd");
    }

    @Test
    void refusesASliceWithoutSlots() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch().slice(five, 15, 20));
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch().slice(five, 1, 9));
        assertThatIllegalArgumentException().isThrownBy(() -> new Batch().slice(five, 12, 11));
    }

    @Test
    void refusesASliceOfEntriesThatDoNotFitTheirBytes() {
        Batch torn = commandsOver(3, 4, 0, 0, 0, 'a', 'b', 'c', 'd', 77, 0, 0, 0);

        assertThatIllegalArgumentException().isThrownBy(() -> new Batch().slice(torn, 3, 3));
    }

    @Test
    void becomesAViewOfAnother() {
        Batch view = new Batch().wrap(five);

        assertThat(Batches.text(view)).isEqualTo(Batches.text(five));
        assertThat(view.timestamp()).isEqualTo(99);
    }

    @Test
    void isWellFormedAsMadeByALeader() {
        assertThat(five.isWellFormed()).isTrue();
        assertThat(Batches.noOps(B1, 1, Integer.MAX_VALUE).isWellFormed()).isTrue();
        assertThat(Batches.commands(B1, 1, "").isWellFormed()).isTrue();
    }

    @Test
    void isNotWellFormedWithoutSlots() {
        assertThat(Batches.noOps(B1, 1, 0).isWellFormed()).isFalse();
        assertThat(Batches.noOps(B1, 1, -1).isWellFormed()).isFalse();
        assertThat(Batches.noOps(B1, 1, Integer.MIN_VALUE).isWellFormed()).isFalse();
    }

    @Test
    void isNotWellFormedOutsideTheLog() {
        assertThat(Batches.noOps(B1, 0, 1).isWellFormed()).isFalse();
        assertThat(Batches.noOps(B1, Long.MIN_VALUE, 1).isWellFormed()).isFalse();
        assertThat(Batches.noOps(B1, Long.MAX_VALUE, 1).isWellFormed()).isFalse();
        assertThat(Batches.noOps(B1, Batch.MAX_SLOT, 1).isWellFormed()).isFalse();
        assertThat(Batches.noOps(B1, Batch.MAX_SLOT - 1, 1).isWellFormed()).isTrue();
    }

    @Test
    void isNotWellFormedWhenItsOriginIsAboveItsBallot() {
        assertThat(Batches.commandsOf(B2, 0, B1, 1, "a").isWellFormed()).isFalse();
        assertThat(Batches.commandsOf(B2, 0, Ballot.NONE, 1, "a").isWellFormed()).isTrue();
    }

    @Test
    void isNotWellFormedWhenAnEntryReachesBeyondTheBytes() {
        assertThat(commandsOver(1, 5, 0, 0, 0, 'a', 'b', 'c', 'd').isWellFormed()).isFalse();
        assertThat(commandsOver(1, 0xFF, 0xFF, 0xFF, 0x7F, 'a').isWellFormed()).isFalse();
    }

    @Test
    void isNotWellFormedWhenALengthIsNegative() {
        assertThat(commandsOver(1, 0xFC, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0).isWellFormed()).isFalse();
        assertThat(commandsOver(2, 0xFC, 0xFF, 0xFF, 0xFF).isWellFormed()).isFalse();
        // Four bytes forward, eight back, and from there right to the end.
        assertThat(commandsOver(3, 4, 0, 0, 0, 4, 0, 0, 0, 0xF8, 0xFF, 0xFF, 0xFF).isWellFormed())
                .isFalse();
    }

    @Test
    void isNotWellFormedWhenBytesAreLeftOver() {
        assertThat(commandsOver(1, 1, 0, 0, 0, 'a', 'b').isWellFormed()).isFalse();
        assertThat(commandsOver(1, 1, 0, 0, 0, 'a', 0, 0, 0, 0).isWellFormed()).isFalse();
    }

    @Test
    void isNotWellFormedWhenAPrefixIsCutShort() {
        assertThat(commandsOver(1, 1, 0, 0).isWellFormed()).isFalse();
        assertThat(commandsOver(2, 1, 0, 0, 0, 'a', 1, 0).isWellFormed()).isFalse();
        assertThat(commandsOver(1).isWellFormed()).isFalse();
    }

    @Test
    void isNotWellFormedWhenANoOpHasBytes() {
        Batch noOp = commandsOver(1, 0, 0, 0, 0).value(Batch.NO_OP, B1, 0);

        assertThat(noOp.isWellFormed()).isFalse();
    }

    @Test
    void isNotWellFormedWhenAMembershipIsNotAlone() {
        Batch two = commandsOver(2, 0, 0, 0, 0, 0, 0, 0, 0).value(Batch.MEMBERSHIP, B1, 0);

        assertThat(two.isWellFormed()).isFalse();
    }

    @Test
    void isNotWellFormedWhenOfNoKnownKind() {
        assertThat(commandsOver(1, 0, 0, 0, 0).value((byte) 4, B1, 0).isWellFormed()).isFalse();
        assertThat(commandsOver(1, 0, 0, 0, 0).value((byte) -1, B1, 0).isWellFormed()).isFalse();
    }

    @Test
    void readsLengthsLittleEndianWhateverTheMachine() {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[4]);
        bytes.putInt(0, 0x01020304, ByteOrder.LITTLE_ENDIAN);

        assertThat(new Batch().bytes(bytes, 0, 4).entryLength(0)).isEqualTo(0x01020304);
        assertThat(bytes.getByte(0)).isEqualTo((byte) 4);
    }

    private static Batch commandsOver(int count, int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return new Batch()
                .slots(B1, 1, count)
                .value(Batch.COMMANDS, B1, 0)
                .bytes(new UnsafeBuffer(raw), 0, raw.length);
    }
}
