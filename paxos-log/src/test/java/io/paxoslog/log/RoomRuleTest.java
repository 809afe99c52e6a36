package io.paxoslog.log;

import static io.paxoslog.core.Room.BALLOTS;
import static io.paxoslog.core.Room.COMMANDS;
import static io.paxoslog.core.Room.REPORTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Room;
import org.junit.jupiter.api.Test;

/** How much room is enough for what. */
class RoomRuleTest {
    private static final int MIB = 1 << 20;
    private static final RoomRule RULE = RoomRule.of(4 * MIB, MIB, 0);

    private static Room room(Room before, long free, long prepared, boolean cannotPrepare) {
        return RULE.room(before, free, 0, prepared, cannotPrepare);
    }

    @Test
    void theFloorIsWhatTheLogNeedsAndOneSnapshotThatHasGrown() {
        assertThat(RULE.logBytes()).isEqualTo(9L * MIB);
        assertThat(RULE.floor(0)).isEqualTo(9L * MIB);
        assertThat(RULE.floor(4 * MIB)).isEqualTo(14L * MIB);
        assertThat(RoomRule.of(4 * MIB, 16 * MIB, 0).logBytes()).isEqualTo(65L * MIB);
    }

    @Test
    void aFloorThatIsSetHoldsWhateverSnapshotsTake() {
        RoomRule set = RoomRule.of(4 * MIB, MIB, 10L * MIB);

        assertThat(set.floor(100L * MIB)).isEqualTo(10L * MIB);
        assertThat(set.logBytes()).isEqualTo(5L * MIB);
    }

    @Test
    void commandsNeedTheFloor() {
        assertThat(room(COMMANDS, 9L * MIB, 0, false)).isEqualTo(COMMANDS);
        assertThat(room(COMMANDS, 9L * MIB - 1, 0, false)).isEqualTo(REPORTED);
    }

    @Test
    void commandsNeedTheNextFileToo() {
        assertThat(room(COMMANDS, 100L * MIB, 2L * MIB, true)).isEqualTo(REPORTED);
    }

    @Test
    void goesBackOnlyWithALittleMoreThanTheFloor() {
        assertThat(room(REPORTED, 10L * MIB, 0, false)).isEqualTo(REPORTED);
        assertThat(room(REPORTED, 11L * MIB, 0, false)).isEqualTo(COMMANDS);
    }

    @Test
    void whatWasReportedMayTakeFilesThatAreThereOrCanBeMade() {
        assertThat(room(REPORTED, 5L * MIB, 0, false)).isEqualTo(REPORTED);
        assertThat(room(REPORTED, 0, MIB, true)).isEqualTo(REPORTED);
    }

    @Test
    void theLastOfTheJournalIsForBallots() {
        assertThat(room(REPORTED, 0, MIB - 1, true)).isEqualTo(BALLOTS);
        assertThat(room(REPORTED, 5L * MIB - 1, MIB - 1, false)).isEqualTo(BALLOTS);
        assertThat(room(BALLOTS, 0, MIB, true)).isEqualTo(REPORTED);
    }

    @Test
    void roomIsTightBelowTwoFloors() {
        assertThat(RULE.isTight(18L * MIB, 0)).isFalse();
        assertThat(RULE.isTight(18L * MIB - 1, 0)).isTrue();
    }
}
