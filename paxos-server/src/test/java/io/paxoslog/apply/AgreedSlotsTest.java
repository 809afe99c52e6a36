package io.paxoslog.apply;

import static io.paxoslog.apply.ApplyBench.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hashes told at every third slot, and what comes of one that others do not share. */
class AgreedSlotsTest {
    private final ApplyBench bench = bench();

    private static ApplyBench bench() {
        return new ApplyBench(0, true, 3);
    }

    private static byte[][] commands(long session, int from, int to) {
        byte[][] commands = new byte[to - from + 1][];
        for (int i = from; i <= to; i++) {
            commands[i - from] = command(session, i, "c" + i);
        }
        return commands;
    }

    private static List<String> hashesOf(ApplyBench bench) {
        return bench.settle().takeTold().stream().filter(t -> t.startsWith("hashed")).toList();
    }

    @Test
    void areTheSameHoweverSlotsAreBatched() {
        bench.commit(commands(bench.open(), 1, 8));
        ApplyBench other = bench();
        long session = other.open();
        for (int i = 1; i <= 8; i++) {
            other.commit(command(session, i, "c" + i));
            other.settle();
        }

        List<String> hashes = hashesOf(bench);
        assertThat(hashes).hasSize(3).isEqualTo(hashesOf(other));
        assertThat(hashes.get(0)).startsWith("hashed 3 ");
        assertThat(hashes.get(2)).startsWith("hashed 9 ");
    }

    @Test
    void withinNoOpsTheHashIsThatOfWhatCameBefore() {
        bench.open();
        bench.commitNoOps(7);

        List<String> hashes = hashesOf(bench);
        assertThat(hashes).hasSize(2);
        assertThat(hashes.get(1).substring(9)).isEqualTo(hashes.get(0).substring(9));
    }

    @Test
    void anApplicationMayAddAHashOfItsOwnThatChangesNothingLater() {
        ApplyBench other = bench();
        other.stateHashes = () -> other.applied.size() == 2 ? 99 : 0;
        bench.commit(commands(bench.open(), 1, 5));
        other.commit(commands(other.open(), 1, 5));

        List<String> hashes = hashesOf(bench);
        List<String> others = hashesOf(other);
        assertThat(others.get(0)).isNotEqualTo(hashes.get(0));
        assertThat(others.get(1)).isEqualTo(hashes.get(1));
    }

    @Test
    void whatItThrowsInsteadIsAHashLikeAnyOther() {
        bench.stateHashes =
                () -> {
                    throw new IllegalStateException("no hash");
                };
        bench.commit(commands(bench.open(), 1, 5));

        assertThat(hashesOf(bench)).hasSize(2);
        assertThat(bench.side.applier().halt()).isNull();
        assertThat(bench.applied).hasSize(5);
    }

    private void diverge() {
        bench.commit(commands(bench.open(), 1, 7));
        bench.settle().look();
        bench.takeTold();
        bench.feed.diverged(3, 6, true);
        bench.settle().look();
    }

    @Test
    void whoDiffersStandsStillAboveTheLastEqualSlotUntilASnapshotComes() throws IOException {
        diverge();
        bench.commit(command(1, 8, "c8"));
        bench.settle().look();

        assertThat(bench.side.applier().halt().inOneLine())
                .contains("most nodes hold", "from 4 to 6");
        assertThat(bench.known.index()).isEqualTo(3);
        assertThat(bench.feed.haltedAt()).isEqualTo(4);
        assertThat(bench.replica().haltedAt()).isEqualTo(4);
        assertThat(bench.applied).hasSize(7);

        ApplyBench right = bench();
        right.orders.snapshot(6, false);
        right.commit(commands(right.open(), 1, 7));
        right.settle().write();
        bench.kept.putAll(right.kept);
        bench.feed.begunAnew(6);
        bench.settle().look();

        assertThat(bench.feed.haltedAt()).isZero();
        assertThat(bench.replica().haltedAt()).isZero();
        assertThat(bench.applied).endsWith("6=c5", "7=c6", "8=c7", "9=c8").hasSize(8);
        assertThat(bench.made).isEqualTo(2);
    }

    @Test
    void whoDiffersAnswersNobody() {
        diverge();
        bench.takeTold();

        bench.orders.attach(9, 1, 0, 1, 1, 0, 0, 1000);

        assertThat(bench.settle().look().takeTold()).isEmpty();
        assertThat(bench.side.isHeldUp()).isFalse();
    }

    @Test
    void noSnapshotIsFinishedThatWasBegunAboveTheLastEqualSlot() {
        bench.orders.snapshot(5, false);
        diverge();

        assertThatThrownBy(bench::write).hasMessageContaining("given up");
    }

    @Test
    void whatWasAppliedBeforeASnapshotOfOthersIsNotCompared() throws IOException {
        diverge();
        bench.known.hashed(9, 666);
        bench.known.restored(1);

        assertThat(bench.known.nextHash()).isNull();
    }
}
