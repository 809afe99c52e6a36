package io.paxoslog.apply;

import static io.paxoslog.apply.ApplyBench.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Batch;
import io.paxoslog.service.EntryFormat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What crosses between the replica and the one who applies, rule by rule. */
class HandOverTest {
    private final ApplyBench bench = new ApplyBench(0);

    @Test
    void whatWasChosenBeforeTheStartComesFromTheJournal() {
        bench.keep(ApplyBench.entry(EntryFormat.OPEN_SESSION, 5, 0, ""));
        bench.keep(command(1, 1, "a"), command(1, 2, "b"));
        bench.settle();
        assertThat(bench.applied).containsExactly("2=a", "3=b");
        assertThat(bench.told).containsExactly("opened 5 as 1", "applied 1", "applied 3");
    }

    @Test
    void theJournalIsLeftAloneOnceAllIsLevel() {
        long session = bench.open();
        bench.settle();
        bench.budgets.clear();
        bench.commit(command(session, 1, "a"));
        bench.settle();
        assertThat(bench.applied).containsExactly("2=a");
        assertThat(bench.budgets).isEmpty();
    }

    @Test
    void behindAFullRingTheJournalIsReadAgainAndNothingIsSkipped() {
        long session = bench.open();
        bench.settle();
        List<String> expected = new ArrayList<>();
        for (int sequence = 1; sequence <= 100; sequence++) {
            String text = "c" + sequence + "-".repeat(100);
            bench.commit(command(session, sequence, text));
            expected.add(1 + sequence + "=" + text);
        }
        assertThat(bench.feed.isBehind()).isTrue();
        assertThat(bench.feed.handedOverUpTo()).isBetween(10L, 40L);
        bench.settle();
        assertThat(bench.feed.isBehind()).isFalse();
        assertThat(bench.applied).isEqualTo(expected);
        assertThat(bench.budgets).hasSizeGreaterThan(5).containsOnly(1000);
    }

    @Test
    void nothingIsReadFromTheJournalWhileThereIsLittleRoom() {
        long session = bench.open();
        bench.settle();
        for (int sequence = 1; sequence <= 100; sequence++) {
            bench.commit(command(session, sequence, "-".repeat(100)));
        }
        bench.budgets.clear();
        for (int turn = 0; turn < 10; turn++) {
            assertThat(bench.feed.catchUp(bench.lastSlot())).isZero();
        }
        assertThat(bench.budgets).isEmpty();
    }

    @Test
    void aBatchThatIsTooLargeForTheRingGoesInParts() {
        long session = bench.open();
        bench.settle();
        byte[][] commands = new byte[30][];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = command(session, i + 1, "x".repeat(i * 8));
        }
        bench.commit(commands);
        bench.settle();
        assertThat(bench.applied).hasSize(30);
        assertThat(bench.applied.get(29)).isEqualTo("31=" + "x".repeat(232));
    }

    @Test
    void slotsOutOfOrderAreRefused() {
        bench.open();
        bench.settle();
        Batch wrong = new Batch().slots(1, 5, 1).value(Batch.NO_OP, 1, 0).noBytes();
        assertThatThrownBy(() -> bench.feed.committed(wrong))
                .hasMessage("slot 5 came where 2 was due");
    }

    @Test
    void aSlotThatTheJournalDoesNotGiveBackStopsNobodyButWhoApplies() {
        long session = bench.open();
        bench.settle();
        for (int sequence = 1; sequence <= 60; sequence++) {
            bench.commit(command(session, sequence, "-".repeat(100)));
        }
        bench.lacking = 50;
        bench.settle();
        assertThat(bench.feed.unreadableAt()).isEqualTo(50);
        assertThat(bench.applied).hasSize(48);
        bench.commit(command(session, 61, "-".repeat(100)));
        int reads = bench.budgets.size();
        bench.settle();
        assertThat(bench.budgets).hasSize(reads);
        bench.lacking = Long.MAX_VALUE;
        for (int turn = 0; turn < 2000 && bench.feed.isBehind(); turn++) {
            bench.settle();
        }
        assertThat(bench.feed.unreadableAt()).isZero();
        assertThat(bench.applied).hasSize(61);
    }

    @Test
    void repliesGoToWhoeverIsAttached() {
        long session = bench.open();
        bench.settle().takeTold();
        bench.commit(command(session, 1, "a"));
        bench.settle();
        assertThat(bench.takeTold()).containsExactly("applied 2");
        bench.orders.attach(40, 1, 9, session, 1, 0, 0, 1000);
        bench.settle();
        assertThat(bench.takeTold()).containsExactly("40/1 from 1 a");
        bench.commit(command(session, 2, "b"), command(session, 3, "c"));
        bench.settle();
        assertThat(bench.takeTold()).containsExactly("40/1 from 2 b c", "applied 4");
        bench.orders.detach(40);
        bench.commit(command(session, 4, "d"));
        bench.settle();
        assertThat(bench.takeTold()).containsExactly("applied 5");
    }

    @Test
    void aSessionThatIsAttachedBeforeItsOpeningIsAppliedGetsItsRepliesAfterwards() {
        bench.orders.attach(40, 1, 9, 1, 1, 0, 0, 1000);
        bench.settle();
        long session = bench.open();
        bench.commit(command(session, 1, "a"));
        bench.settle();
        assertThat(bench.takeTold())
                .containsExactly("opened 1 as 1", "applied 1", "40/1 from 1 a", "applied 2");
    }

    @Test
    void attachedAnewTheRepliesComeAgainFromThere() {
        long session = bench.open();
        bench.orders.attach(40, 1, 9, session, 1, 0, 0, 1000);
        bench.commit(command(session, 1, "a"), command(session, 2, "b"), command(session, 3, "c"));
        bench.settle().takeTold();
        bench.orders.attach(40, 2, 9, session, 2, 0, 0, 1000);
        bench.settle();
        assertThat(bench.takeTold()).containsExactly("40/2 from 2 b c");
    }

    @Test
    void aRefusalComesBehindTheRepliesInFrontOfIt() {
        long session = bench.open();
        bench.orders.attach(40, 1, 9, session, 1, 0, 0, 1000);
        bench.settle().takeTold();
        bench.commit(command(session, 1, "a"), command(session, 9, "z"));
        bench.settle();
        assertThat(bench.takeTold())
                .containsExactly(
                        "without effect 3",
                        "40/1 from 1 a",
                        "refused 1 slot 3 expected 2 GAP",
                        "applied 3");
    }

    @Test
    void whatMustBeToldWaitsForRoomAndIsNotLost() {
        long session = bench.open();
        bench.settle().takeTold();
        for (int i = 0; i < 20; i++) {
            byte[][] refused = new byte[10][];
            for (int j = 0; j < refused.length; j++) {
                refused[j] = command(session, 99, "");
            }
            bench.commit(refused);
            bench.side.step(1);
        }
        assertThat(bench.waits).isPositive();
        bench.settle();
        assertThat(bench.told.stream().filter(told -> told.startsWith("refused"))).hasSize(200);
        assertThat(bench.told).endsWith("applied 201");
    }

    @Test
    void repliesThatFindNoRoomComeLaterAndOnce() {
        long session = bench.open();
        bench.orders.attach(40, 1, 9, session, 1, 0, 0, 100);
        bench.settle().takeTold();
        List<String> expected = new ArrayList<>();
        for (int sequence = 1; sequence <= 60; sequence++) {
            String text = "r" + sequence + "-".repeat(100);
            bench.commit(command(session, sequence, text));
            bench.feed.catchUp(bench.lastSlot());
            bench.side.step(10);
            expected.add("40/1 from " + sequence + " " + text);
        }
        assertThat(bench.side.isHeldUp()).isTrue();
        assertThat(bench.waits).isZero();
        bench.settle();
        assertThat(bench.told.stream().filter(told -> told.startsWith("40"))).isEqualTo(expected);
        assertThat(bench.told).contains("applied 61");
        assertThat(bench.side.isHeldUp()).isFalse();
    }

    @Test
    void othersSeeAtWhichSlotTheApplicationIs() {
        long session = bench.open();
        List<Long> seen = new ArrayList<>();
        bench.whileApplying = () -> seen.add(bench.side.slotInWork());
        bench.commit(command(session, 1, "a"), command(session, 2, "b"));
        bench.settle();
        assertThat(seen).containsExactly(2L, 3L);
        assertThat(bench.side.slotInWork()).isZero();
    }
}
