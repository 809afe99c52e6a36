package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a node writes down when its state machine cannot go on. */
class HoldsTest {
    private final Roles roles = new Roles();
    private final Holds holds = roles.holds;

    @Test
    void writesAHoldDownOnce() {
        holds.serviceAt(6, 7, 0);
        holds.serviceAt(6, 7, 0);

        assertThat(roles.journal.lines()).containsExactly("held slot=7 against=0");
        assertThat(holds.isHeld()).isTrue();
        assertThat(holds.heldAgainst()).isZero();
    }

    @Test
    void writesDownThatItTriedAgainInVain() {
        holds.serviceAt(6, 7, 0);
        decide(10, Decision.retry(7, 0));
        assertThat(holds.isHeld()).isFalse();

        holds.serviceAt(6, 7, 10);

        assertThat(roles.journal.lines())
                .containsExactly("held slot=7 against=0", "held slot=7 against=10");
        assertThat(holds.heldAgainst()).isEqualTo(10);
    }

    @Test
    void writesNothingDownWhenADecisionItsStateMachineDoesNotKnowYetEndsTheHold() {
        decide(10, Decision.retry(7, 0));

        holds.serviceAt(6, 7, 0);

        assertThat(roles.journal.lines()).isEmpty();
        assertThat(holds.isHeld()).isFalse();
        assertThat(holds.isHalted()).isTrue();
    }

    @Test
    void keepsAHoldAboveTheSlotWhereItStandsNow() {
        holds.serviceAt(8, 9, 0);
        holds.serviceAt(6, 7, 0);
        assertThat(holds.haltedAt()).isEqualTo(7);

        decide(12, Decision.skip(7, 0));
        holds.serviceAt(8, 9, 0);

        assertThat(holds.isHeld()).isTrue();
        assertThat(roles.journal.lines())
                .containsExactly("held slot=9 against=0", "held slot=7 against=0");
    }

    @Test
    void recoversTheNewestHoldOfASlotThatNoDecisionHasEnded() {
        holds.recover(7, 10);
        holds.recover(7, 0);
        holds.recover(9, 0);
        decide(12, Decision.skip(9, 0));

        holds.serviceAt(6, 7, 10);
        assertThat(holds.heldAgainst()).isEqualTo(10);
        holds.serviceAt(8, 9, 0);
        assertThat(holds.isHeld()).isFalse();
        assertThat(roles.journal.lines()).isEmpty();
    }

    @Test
    void reportsNoHoldThatHadNoRoomToBeWrittenDown() {
        HandCluster cluster = new HandCluster(1).started();
        cluster.run(1000);
        for (int slot = 100; slot < 100 + Decisions.MAX_SLOTS; slot++) {
            cluster.replica(1).serviceAt(slot - 1, slot, 0);
        }

        cluster.replica(1).serviceAt(6, 7, 0);
        cluster.node(1).deeds.clear();
        cluster.run(100);

        assertThat(cluster.node(1).deeds).contains("Surveyed b=1.1 applied=6 halted");
    }

    private void decide(long at, Decision decision) {
        roles.decisions.adopt(at, decision);
        holds.decided(decision.slot());
    }
}
