package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which decisions are in force: the same ones on all nodes. */
class DecisionsTest {
    private final Decisions decisions = new Decisions();

    @Test
    void takesADecisionThatFollowsTheLatestAboutItsSlot() {
        assertThat(decisions.adopt(10, Decision.retry(7, 0))).isTrue();
        assertThat(decisions.adopt(11, Decision.skip(7, 10))).isTrue();

        assertThat(decisions.latestAbout(7)).isEqualTo(11);
        assertThat(decisions.isSkipped(7)).isTrue();
        assertThat(decisions.isSkipped(8)).isFalse();
    }

    @Test
    void voidsASkipThatDoesNotKnowOfARetry() {
        decisions.adopt(10, Decision.retry(7, 0));

        assertThat(decisions.adopt(11, Decision.skip(7, 0))).isFalse();

        assertThat(decisions.isSkipped(7)).isFalse();
        assertThat(decisions.latestAbout(7)).isEqualTo(10);
    }

    @Test
    void hasNothingMoreToDecideAboutASlotThatIsSkipped() {
        decisions.adopt(10, Decision.skip(7, 0));

        assertThat(decisions.adopt(11, Decision.retry(7, 10))).isFalse();

        assertThat(decisions.latestAbout(7)).isEqualTo(10);
    }

    @Test
    void takesADecisionOnce() {
        decisions.adopt(10, Decision.retry(7, 0));

        assertThat(decisions.adopt(10, Decision.retry(7, 0))).isFalse();
        assertThat(decisions.latestAbout(7)).isEqualTo(10);
    }

    @Test
    void keepsDecisionsAboutSlotsAndLimitsApart() {
        Decision.Limits limits = new Decision.Limits(1, 1, 1, 20);
        decisions.adopt(10, Decision.limits(limits, 0));

        assertThat(decisions.adopt(11, Decision.skip(7, 0))).isTrue();
        assertThat(decisions.adopt(12, Decision.limits(limits, 0))).isFalse();
        assertThat(decisions.adopt(13, Decision.limits(limits, 10))).isTrue();
        assertThat(decisions.latestLimits()).isEqualTo(13);
    }

    @Test
    void keepsWhatIsAgreedApartAndNeverTakesItBack() {
        assertThat(decisions.version()).isEqualTo(Version.FIRST);
        decisions.adopt(9, Decision.limits(new Decision.Limits(1, 1, 1, 20), 0));

        assertThat(decisions.adopt(10, Decision.version(new Version(2, 1), 9))).isFalse();
        assertThat(decisions.adopt(11, Decision.version(new Version(2, 1), 0))).isTrue();
        // It was made from what was agreed before.
        assertThat(decisions.adopt(12, Decision.version(new Version(2, 2), 0))).isFalse();
        assertThat(decisions.adopt(13, Decision.version(new Version(1, 2), 11))).isFalse();
        assertThat(decisions.version()).isEqualTo(new Version(2, 1));
        assertThat(decisions.adopt(14, Decision.version(new Version(2, 2), 11))).isTrue();
        assertThat(decisions.version()).isEqualTo(new Version(2, 2));
        assertThat(decisions.latestVersion()).isEqualTo(14);
    }

    @Test
    void takesFromTheJournalWhatFollowsSomethingThatIsGone() {
        decisions.recover(11, Decision.skip(7, 10));

        assertThat(decisions.isSkipped(7)).isTrue();
        assertThat(decisions.latestAbout(7)).isEqualTo(11);
    }

    @Test
    void isBounded() {
        for (int slot = 1; slot <= Decisions.MAX_SLOTS; slot++) {
            assertThat(decisions.hasRoomFor(slot)).isTrue();
            decisions.adopt(1000 + slot, Decision.retry(slot, 0));
        }

        assertThat(decisions.hasRoomFor(Decisions.MAX_SLOTS + 1)).isFalse();
        assertThat(decisions.hasRoomFor(1)).isTrue();
    }
}
