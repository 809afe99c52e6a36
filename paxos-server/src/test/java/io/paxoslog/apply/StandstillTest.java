package io.paxoslog.apply;

import static io.paxoslog.apply.ApplyBench.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Decision;
import org.junit.jupiter.api.Test;

/** What crosses between the threads when a state machine stands still, and how it goes on. */
class StandstillTest {
    private final ApplyBench bench = new ApplyBench(0);

    /** Slots 2 to 4 of one session; slot 3 is what the application cannot take. */
    private void commitPoison() {
        bench.poison.add("poison");
        long session = bench.open();
        bench.settle().look();
        bench.commit(
                command(session, 1, "a"), command(session, 2, "poison"), command(session, 3, "b"));
        bench.settle().look();
    }

    @Test
    void standsStillAtASlotAndSaysSoOnce() {
        commitPoison();
        bench.look().look();

        assertThat(bench.halts).containsExactly("3");
        assertThat(bench.known.index()).isEqualTo(2);
        assertThat(bench.feed.haltedAt()).isEqualTo(3);
        assertThat(bench.replica().haltedAt()).isEqualTo(3);
        assertThat(bench.takeTold())
                .contains("halted 3 against 0 FROM_THE_BEGINNING")
                .doesNotContain("applied 3");
    }

    @Test
    void isGivenNothingWhileItStandsStill() {
        commitPoison();
        bench.commit(command(1, 4, "c"));
        bench.settle().look();

        assertThat(bench.applied).containsExactly("2=a", "3=poison");
        assertThat(bench.feed.isBehind()).isTrue();
    }

    @Test
    void startsAgainFromTheBeginningOnceTheSlotIsSkipped() {
        commitPoison();

        bench.feed.decided(5, Decision.skip(3, 0));
        bench.settle().look();

        assertThat(bench.applied).containsExactly("2=a", "4=b");
        assertThat(bench.feed.haltedAt()).isZero();
        assertThat(bench.replica().haltedAt()).isZero();
        assertThat(bench.side.applier().session(1).isSkipped(2)).isTrue();
        assertThat(bench.known.tookEffect(3, (short) 1)).isFalse();
        assertThat(bench.known.tookEffect(4, (short) 1)).isTrue();
    }

    @Test
    void triesAgainWhenTheLogSaysSoAndStandsStillAgain() {
        commitPoison();

        bench.feed.decided(5, Decision.retry(3, 0));
        bench.settle().look();
        assertThat(bench.halts).containsExactly("3", "3");
        assertThat(bench.takeTold()).contains("halted 3 against 5 FROM_THE_BEGINNING");
        bench.poison.clear();
        bench.feed.decided(6, Decision.retry(3, 5));
        bench.settle().look();

        assertThat(bench.applied).containsExactly("2=a", "3=poison", "4=b");
    }

    @Test
    void holdsBelowASlotItHasNotTriedAndGoesOnFromThere() {
        bench.feed.held(3, 0);
        long session = bench.open();
        bench.commit(command(session, 1, "a"), command(session, 2, "x"), command(session, 3, "b"));
        bench.settle().look();
        assertThat(bench.halts).containsExactly("3 clean");
        assertThat(bench.applied).containsExactly("2=a");

        bench.feed.decided(5, Decision.skip(3, 0));
        bench.settle().look();

        assertThat(bench.applied).containsExactly("2=a", "4=b");
    }

    @Test
    void knowsBeforeItComesToASlotThatItIsSkipped() {
        bench.feed.held(3, 0);
        bench.feed.decided(5, Decision.skip(3, 0));
        commitPoison();

        assertThat(bench.halts).isEmpty();
        assertThat(bench.applied).containsExactly("2=a", "4=b");
    }

    @Test
    void dropsWhatItAppliedThatTheLogSkips() {
        long session = bench.open();
        bench.commit(command(session, 1, "a"), command(session, 2, "x"), command(session, 3, "b"));
        bench.settle().look();
        assertThat(bench.applied).containsExactly("2=a", "3=x", "4=b");

        bench.feed.decided(5, Decision.skip(3, 0));
        bench.settle().look();

        assertThat(bench.applied).containsExactly("2=a", "4=b");
        assertThat(bench.known.index()).isEqualTo(4);
        assertThat(bench.known.tookEffect(3, (short) 1)).isFalse();
    }

    @Test
    void staysHaltedWhenNoFreshStateMachineIsToBeHad() {
        bench.canStartAgain = false;
        commitPoison();

        bench.feed.decided(5, Decision.skip(3, 0));
        bench.settle().look();

        assertThat(bench.feed.haltedAt()).isEqualTo(3);
        assertThat(bench.applied).doesNotContain("4=b");
    }
}
