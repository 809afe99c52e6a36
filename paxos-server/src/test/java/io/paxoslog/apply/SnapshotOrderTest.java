package io.paxoslog.apply;

import static io.paxoslog.apply.ApplyBench.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Decision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Snapshots that are ordered from the one who applies, and those it is to begin with. */
class SnapshotOrderTest {
    private static final short COMMAND = 1;

    private final ApplyBench bench = new ApplyBench(0);

    /** Slots 1 to 4, and a snapshot of the first three. */
    private void snapshotOfThree() throws IOException {
        bench.orders.snapshot(3, false);
        long session = bench.open();
        bench.commit(command(session, 1, "a"), command(session, 2, "b"), command(session, 3, "c"));
        bench.settle();
        bench.write();
    }

    @Test
    void isOfEverythingUpToItsSlotAndNothingAbove() throws IOException {
        snapshotOfThree();

        assertThat(bench.takeTold()).contains("snapshot 3 BEGUN");
        assertThat(bench.jobs.get(0).head().slot()).isEqualTo(3);
        assertThat(new String(bench.kept.get(3L), StandardCharsets.UTF_8)).endsWith("2=a;3=b");
        assertThat(bench.applied).containsExactly("2=a", "3=b", "4=c");
    }

    @Test
    void isTheSameWhereverABatchEnds() throws IOException {
        snapshotOfThree();
        ApplyBench other = new ApplyBench(0);
        other.orders.snapshot(3, false);
        long session = other.open();
        other.commit(command(session, 1, "a"));
        other.commit(command(session, 2, "b"));
        other.settle().write();

        assertThat(other.kept.get(3L)).isEqualTo(bench.kept.get(3L));
        assertThat(other.jobs.get(0).head().hash()).isEqualTo(bench.jobs.get(0).head().hash());
    }

    @Test
    void isTakenAtOnceWhereAllUpToItIsApplied() throws IOException {
        long session = bench.open();
        bench.commit(command(session, 1, "a"));
        bench.settle();

        bench.orders.snapshot(2, false);
        bench.settle();

        assertThat(bench.takeTold()).contains("snapshot 2 BEGUN");
    }

    @Test
    void nothingIsAppliedWhileAViewIsWrittenThatWouldChange() throws IOException {
        bench.views = bench::livingView;
        bench.orders.snapshot(3, true);
        long session = bench.open();
        bench.commit(command(session, 1, "a"), command(session, 2, "b"), command(session, 3, "c"));
        bench.commit(command(session, 4, "d"));
        bench.settle();
        assertThat(bench.applied).containsExactly("2=a", "3=b");
        assertThat(bench.side.isHeldUp()).isTrue();

        bench.write().settle();

        assertThat(bench.applied).containsExactly("2=a", "3=b", "4=c", "5=d");
        assertThat(new String(bench.kept.get(3L), StandardCharsets.UTF_8)).endsWith("2=a;3=b");
        assertThat(bench.side.isHeldUp()).isFalse();
    }

    @Test
    void isNotTakenWhereApplyingWouldHaveToStandStillAndMayNot() {
        bench.views = bench::livingView;
        bench.orders.snapshot(1, false);
        bench.open();
        bench.settle();

        assertThat(bench.takeTold()).contains("snapshot 1 WOULD_STAND_STILL");
        assertThat(bench.jobs).isEmpty();
    }

    @Test
    void saysWhyNoneIsTaken() throws IOException {
        bench.views = () -> null;
        bench.orders.snapshot(1, false);
        long session = bench.open();
        bench.settle();
        assertThat(bench.takeTold()).contains("snapshot 1 NO_VIEW");
        bench.commit(command(session, 1, "a"));
        bench.settle();
        bench.orders.snapshot(1, false);
        bench.settle();
        assertThat(bench.takeTold()).contains("snapshot 1 PASSED");
        bench.views = bench::frozenView;
        bench.orders.snapshot(2, false);
        bench.orders.snapshot(9, false);
        bench.settle();
        assertThat(bench.takeTold()).containsSubsequence("snapshot 2 BEGUN", "snapshot 9 BUSY");
        bench.write();
        bench.poison.add("poison");
        bench.commit(command(session, 2, "poison"));
        bench.settle();
        bench.orders.snapshot(2, false);
        bench.settle();
        assertThat(bench.takeTold()).contains("snapshot 2 HALTED");
    }

    @Test
    void aStateMachineThatThrowsAtARequestForItsViewGoesOn() {
        bench.views =
                () -> {
                    throw new IllegalStateException("not now");
                };
        bench.orders.snapshot(1, false);
        long session = bench.open();
        bench.commit(command(session, 1, "a"));
        bench.settle();

        assertThat(bench.takeTold()).contains("failed 1 not now", "snapshot 1 NO_VIEW");
        assertThat(bench.applied).containsExactly("2=a");
    }

    @Test
    void aViewThatCannotBeWrittenCostsTheSnapshotOnly() {
        bench.views =
                () ->
                        out -> {
                            throw new IllegalStateException("no more");
                        };
        bench.orders.snapshot(1, false);
        long session = bench.open();
        bench.settle();

        assertThatThrownBy(bench::write)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the state machine could not write its state");
        bench.jobs.get(0).close();
        bench.commit(command(session, 1, "a"));
        bench.orders.snapshot(2, false);
        bench.settle();
        assertThat(bench.takeTold()).doesNotContain("snapshot 2 BUSY");
    }

    @Test
    void sessionsWaitForWhoeverWritesThem() throws IOException {
        for (int i = 0; i < 10; i++) {
            long session = bench.open();
            for (int sequence = 1; sequence <= 600; sequence++) {
                bench.commit(command(session, sequence, "x".repeat(280)));
            }
        }
        byte[] before = snapshotNow();
        bench.orders.snapshot(bench.lastSlot(), false);
        bench.settle();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotJob job = bench.jobs.get(bench.jobs.size() - 1);
        job.writeSome(out);
        assertThat(bench.side.applier().appliedIndex()).isEqualTo(bench.lastSlot());
        assertThat(before.length).isGreaterThan(18 * (96 << 10));
        assertThat(out.size()).isBetween(16 * (64 << 10), 16 * (96 << 10));
        while (!job.writeSome(out)) {
            bench.side.step(1);
        }
        assertThat(out.toByteArray()).isEqualTo(before);
    }

    private byte[] snapshotNow() throws IOException {
        bench.orders.snapshot(bench.lastSlot(), false);
        bench.settle().write();
        return bench.kept.get(bench.lastSlot());
    }

    @Test
    void isGivenUpWhenTheLogSkipsWhatItHolds() {
        bench.orders.snapshot(3, false);
        long session = bench.open();
        bench.commit(command(session, 1, "a"), command(session, 2, "b"));
        bench.settle();

        bench.feed.decided(9, Decision.skip(2, 0));
        bench.settle();

        assertThatThrownBy(bench::write).hasMessageContaining("is given up");
    }

    @Test
    void aNodeBeginsWithItsSnapshotAndGoesOnBehindIt() throws IOException {
        snapshotOfThree();
        ApplyBench next = new ApplyBench(0).like(bench);
        next.firstKept = 4;

        next.feed.jumped(3);
        next.settle().look();

        assertThat(next.applied).containsExactly("2=a", "3=b", "4=c");
        assertThat(next.takeTold())
                .containsExactly(
                        "limited at 0 to replies of 300",
                        "restored 3",
                        "opened 1 as 1",
                        "applied 3",
                        "applied 4");
        assertThat(next.side.applier().appliedHash()).isEqualTo(bench.side.applier().appliedHash());
        assertThat(next.made).isEqualTo(1);
    }

    @Test
    void repliesOfASnapshotGoToWhoeverIsAttached() throws IOException {
        snapshotOfThree();
        ApplyBench next = new ApplyBench(0).like(bench);
        next.orders.attach(40, 1, 9, 1, 1, 0, 0, 1000);
        next.feed.jumped(3);
        next.settle().look();

        assertThat(next.told)
                .containsSubsequence("opened 1 as 1", "40/1 from 1 a b", "applied 3")
                .contains("40/1 from 3 c");
    }

    @Test
    void aNodeFarBehindTakesAFreshStateMachine() throws IOException {
        snapshotOfThree();
        ApplyBench laggard = new ApplyBench(0).like(bench);
        laggard.feed.catchUp(2);
        laggard.side.step(10);
        assertThat(laggard.applied).containsExactly("2=a");

        laggard.firstKept = 4;
        laggard.feed.jumped(3);
        laggard.settle().look();

        assertThat(laggard.applied).containsExactly("2=a", "3=b", "4=c");
        assertThat(laggard.made).isEqualTo(2);
    }

    @Test
    void whatWasHandedOverIsNotTakenAgain() throws IOException {
        snapshotOfThree();
        bench.takeTold();

        bench.feed.jumped(3);
        bench.settle().look();

        assertThat(bench.takeTold()).isEmpty();
    }

    @Test
    void withoutAMakerOfStateMachinesTheSameOneTakesIt() throws IOException {
        snapshotOfThree();
        ApplyBench laggard = new ApplyBench(0, false).like(bench);
        laggard.feed.catchUp(2);
        laggard.side.step(10);
        assertThat(laggard.applied).containsExactly("2=a");
        laggard.firstKept = 4;
        laggard.feed.jumped(3);
        laggard.settle().look();

        assertThat(laggard.halts).isEmpty();
        assertThat(laggard.applied).startsWith("2=a", "3=b");
        assertThat(laggard.feed.needsRestart()).isFalse();
    }

    @Test
    void oneThatCannotBeTakenIsPassedForAnOlderOneAndThenForTheLog() throws IOException {
        bench.orders.snapshot(2, false);
        long session = bench.open();
        bench.commit(command(session, 1, "a"));
        bench.settle().write();
        bench.orders.snapshot(3, false);
        bench.commit(command(session, 2, "b"));
        bench.settle().write();
        byte[] damaged = bench.kept.get(3L);
        bench.kept.put(3L, Arrays.copyOf(damaged, 50));
        ApplyBench next = new ApplyBench(0).like(bench);

        next.feed.jumped(3);
        next.settle().look().look().look();

        assertThat(next.halts).containsExactly("3");
        assertThat(next.told).contains("restored 2").doesNotContain("restored 3");
        assertThat(next.applied).containsExactly("2=a", "3=b");
        ApplyBench last = new ApplyBench(0).like(bench);
        last.poison.add("snapshot");
        last.feed.jumped(3);
        last.settle().look().look().look().look();
        assertThat(last.halts).containsExactly("3", "2");
        assertThat(last.told).doesNotContain("restored 2");
        assertThat(last.applied).containsExactly("2=a", "3=b");
        assertThat(last.feed.haltedAt()).isZero();
    }

    @Test
    void startsAgainFromTheSnapshotBelowTheSlotItHaltedAt() throws IOException {
        bench.poison.add("c");
        snapshotOfThree();
        bench.look();
        assertThat(bench.halts).containsExactly("4");
        bench.firstKept = 4;
        bench.poison.clear();
        bench.takeTold();

        bench.feed.decided(5, Decision.retry(4, 0));
        bench.settle().look().look();

        assertThat(bench.told).contains("restored 3");
        assertThat(bench.applied).containsExactly("2=a", "3=b", "4=c");
        assertThat(bench.feed.haltedAt()).isZero();
        assertThat(bench.known.index()).isEqualTo(4);
    }

    @Test
    void doesNotStartAgainFromASnapshotThatHoldsTheSlot() throws IOException {
        snapshotOfThree();
        bench.takeTold();

        bench.feed.decided(5, Decision.skip(3, 0));
        bench.settle().look().look();

        assertThat(bench.told).noneMatch(told -> told.startsWith("restored"));
        assertThat(bench.applied).containsExactly("2=a", "4=c");
    }

    /** The halt is on its way to the replica when that has a snapshot taken. */
    @Test
    void aSnapshotEndsAHaltThatWasNotHeardOf() throws IOException {
        snapshotOfThree();
        ApplyBench laggard = new ApplyBench(0).like(bench);
        laggard.poison.add("a");
        laggard.feed.catchUp(2);
        laggard.side.step(10);
        laggard.firstKept = 4;
        laggard.feed.jumped(3);
        laggard.feed.catchUp(4);
        laggard.facts.poll();
        laggard.feed.hear(laggard.known, laggard.replica());
        laggard.feed.decided(9, Decision.retry(2, 0));
        laggard.feed.catchUp(4);
        laggard.settle().look().look();

        assertThat(laggard.halts).containsExactly("2");
        assertThat(laggard.applied).containsExactly("2=a", "3=b", "4=c");
        assertThat(laggard.feed.haltedAt()).isZero();
    }

    @Test
    void knowsWhichSlotsOfASnapshotTookNoEffect() throws IOException {
        bench.orders.snapshot(4, false);
        long session = bench.open();
        bench.commit(command(session, 1, "a"), command(session, 1, "a"), command(session, 2, "b"));
        bench.settle().write();
        ApplyBench next = new ApplyBench(0).like(bench);
        next.feed.jumped(4);
        next.settle().look();

        assertThat(next.known.tookEffect(3, COMMAND)).isFalse();
        assertThat(next.known.tookEffect(2, COMMAND)).isTrue();
        next.orders.compacted(3);
        next.known.compacted(3);
        next.orders.snapshot(4, false);
        next.settle().write();
        assertThat(bench.effects.get(4L)).isNotEmpty();
        assertThat(next.effects.get(4L)).isEmpty();
        assertThat(next.known.tookEffect(3, COMMAND)).isTrue();
    }

    /** A journal may reach below a snapshot of another node that was taken in. */
    @Test
    void ofSlotsThatASnapshotOfAnotherNodeStandsForNothingIsKnownAlsoLater() throws IOException {
        bench.orders.snapshot(4, false);
        long session = bench.open();
        bench.commit(command(session, 1, "a"), command(session, 1, "a"), command(session, 2, "b"));
        bench.settle().write();
        bench.effects.clear();
        ApplyBench next = new ApplyBench(0).like(bench);
        next.feed.jumped(4);
        next.settle().look();
        assertThat(next.known.effectsFrom()).isEqualTo(5);

        next.orders.snapshot(6, false);
        next.commit(command(session, 2, "b"), command(session, 3, "c"));
        next.settle().write();
        ApplyBench last = new ApplyBench(0).like(next);
        last.feed.jumped(6);
        last.settle().look();

        assertThat(last.known.effectsFrom()).isEqualTo(5);
        assertThat(last.known.tookEffect(5, COMMAND)).isFalse();
        assertThat(last.known.tookEffect(6, COMMAND)).isTrue();
    }

    @Test
    void whatTakesNoSnapshotsHaltsAtOneAndSaysSo() throws IOException {
        snapshotOfThree();
        bench.kept.put(3L, new byte[0]);
        ApplyBench next = new ApplyBench(0).like(bench);
        next.firstKept = 4;
        next.feed.jumped(3);
        next.settle().look().look().look();

        assertThat(next.side.applier().appliedIndex()).isZero();
        assertThat(next.feed.unreadableAt()).isEqualTo(1);
    }
}
