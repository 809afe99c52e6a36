package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** State machines that hold different things are found out, and only they. */
class DivergenceTest {
    private static final long STEP = 65_536;
    private static final int TIMEOUT = HandCluster.ELECTION_TIMEOUT;

    private HandCluster cluster;

    @BeforeEach
    void found() {
        cluster = founded(3);
    }

    private static HandCluster founded(int size) {
        HandCluster cluster = new HandCluster(size).started();
        cluster.elect(1);
        return cluster;
    }

    private void applied(int node, long slot, long hash) {
        cluster.replica(node).hashed(slot, hash);
    }

    private List<String> divergencesOf(int node) {
        return cluster.node(node).divergences;
    }

    private long member(int node) {
        return cluster.node(node).config.self();
    }

    /** Node 2 has applied slot by slot what nobody else has, from the second agreed slot on. */
    private void secondDiffers() {
        for (int node = 1; node <= 3; node++) {
            applied(node, STEP, 7);
        }
        cluster.settle();
        for (int node = 1; node <= 3; node++) {
            applied(node, 2 * STEP, node == 2 ? 666 : 8);
        }
        cluster.settle();
    }

    @Test
    void equalHashesCostOneMessageForEachMemberAndNothingElse() {
        for (int node = 1; node <= 3; node++) {
            applied(node, STEP, 7);
        }
        assertThat(cluster.waiting()).hasSize(9).allMatch(letter -> letter.is("Hashed"));

        cluster.settle();

        assertThat(cluster.node(1).deeds).noneMatch(deed -> deed.startsWith("AskHash"));
        for (int node = 1; node <= 3; node++) {
            assertThat(divergencesOf(node)).isEmpty();
            assertThat(cluster.replica(node).equalUpTo()).isEqualTo(STEP);
        }
    }

    @Test
    void whoDiffersFromMostIsToldWhereAndTheOthersGoOn() {
        secondDiffers();

        assertThat(divergencesOf(2)).containsExactly("(65536, 131072] in the minority");
        assertThat(divergencesOf(1)).isEmpty();
        assertThat(divergencesOf(3)).isEmpty();
        assertThat(cluster.replica(1).equalUpTo()).isEqualTo(2 * STEP);
    }

    @Test
    void aDifferenceCountsOnlyOnceItsSenderStandsByIt() {
        applied(1, STEP, 7);
        cluster.drop(letter -> true);

        cluster.replica(1).hashed(member(2), STEP, 8, 0);
        cluster.replica(1).hashed(member(3), STEP, 8, 0);
        cluster.replica(1).hashed(member(2), STEP, 8, 1);
        cluster.replica(1).hashed(member(3), STEP, 8, 1);
        cluster.pass(100 * TIMEOUT, 1);

        assertThat(divergencesOf(1)).isEmpty();
        assertThat(cluster.waiting()).anyMatch(letter -> letter.is("AskHash") && letter.to() == 2);
    }

    @Test
    void aForgedDifferenceIsCorrectedByWhoeverIsAsked() {
        applied(2, STEP, 7);
        applied(3, STEP, 7);
        cluster.drop(letter -> true);
        applied(1, STEP, 7);
        cluster.replica(1).hashed(member(2), STEP, 8, 0);
        cluster.replica(1).hashed(member(3), STEP, 8, 0);

        cluster.settle();

        assertThat(divergencesOf(1)).isEmpty();
        assertThat(cluster.replica(1).equalUpTo()).isEqualTo(STEP);
    }

    @Test
    void anotherMembersNumberConfirmsNothing() {
        applied(1, STEP, 7);
        applied(2, STEP, 8);
        applied(3, STEP, 8);
        cluster.deliverOnce(letter -> letter.to() == 1 && letter.is("Hashed"));
        long second = nonceOf(2);
        long third = nonceOf(3);
        cluster.replica(1).hashed(member(3), STEP, 8, second);
        cluster.replica(1).hashed(member(2), STEP, 8, third);
        assertThat(divergencesOf(1)).isEmpty();

        cluster.replica(1).hashed(member(2), STEP, 8, second);
        cluster.replica(1).hashed(member(3), STEP, 8, third);
        assertThat(divergencesOf(1)).containsExactly("(0, 65536] in the minority");
    }

    /** What node 1 has asked another under. */
    private long nonceOf(int node) {
        Letter question =
                cluster.waiting().stream()
                        .filter(letter -> letter.to() == node && letter.is("AskHash"))
                        .findFirst()
                        .orElseThrow();
        String text = question.text();
        return Long.parseUnsignedLong(text.substring(text.lastIndexOf(' ') + 1), 16);
    }

    @Test
    void aMissingHashIsNoDifference() {
        applied(1, STEP, 7);
        applied(2, STEP, 7);
        cluster.settle();
        applied(1, 2 * STEP, 8);
        cluster.settle();
        cluster.run(100 * TIMEOUT);

        for (int node = 1; node <= 3; node++) {
            assertThat(divergencesOf(node)).isEmpty();
        }
    }

    @Test
    void twoThatDifferWaitForTheThirdWhichDecides() {
        applied(1, STEP, 7);
        applied(2, STEP, 8);
        cluster.settle();
        cluster.run(TIMEOUT);
        assertThat(divergencesOf(1)).isEmpty();
        assertThat(divergencesOf(2)).isEmpty();

        applied(3, STEP, 7);
        cluster.settle();

        assertThat(divergencesOf(1)).isEmpty();
        assertThat(divergencesOf(2)).containsExactly("(0, 65536] in the minority");
    }

    @Test
    void allHaltWhereMostHaveToldAndNoHashIsThatOfMost() {
        for (int node = 1; node <= 3; node++) {
            applied(node, STEP, node);
        }
        cluster.settle();

        for (int node = 1; node <= 3; node++) {
            assertThat(divergencesOf(node)).containsExactly("(0, 65536] nobody is right");
        }
    }

    @Test
    void twoThatDifferHaltWhereTheThirdIsSilentForLong() {
        applied(1, STEP, 7);
        applied(2, STEP, 8);
        cluster.settle();
        cluster.run(17 * TIMEOUT);

        assertThat(divergencesOf(1)).containsExactly("(0, 65536] nobody is right");
        assertThat(divergencesOf(2)).containsExactly("(0, 65536] nobody is right");
        assertThat(divergencesOf(3)).isEmpty();
    }

    @Test
    void aLateHashNamesWhoIsRightAfterAll() {
        twoThatDifferHaltWhereTheThirdIsSilentForLong();

        applied(3, STEP, 7);
        cluster.settle();

        assertThat(divergencesOf(2)).endsWith("(0, 65536] in the minority");
    }

    @Test
    void aQuestionThatWasLostIsAskedAgain() {
        for (int node = 1; node <= 3; node++) {
            applied(node, STEP, node == 2 ? 666 : 7);
        }
        cluster.deliver(letter -> letter.is("Hashed"));
        cluster.drop(letter -> letter.is("AskHash"));
        assertThat(divergencesOf(2)).isEmpty();

        cluster.run(100);

        assertThat(divergencesOf(2)).containsExactly("(0, 65536] in the minority");
    }

    @Test
    void twoOfFiveThatDifferFromThreeBothHalt() {
        cluster = founded(5);
        for (int node = 1; node <= 5; node++) {
            applied(node, STEP, node >= 4 ? node : 7);
        }
        cluster.settle();

        assertThat(divergencesOf(4)).containsExactly("(0, 65536] in the minority");
        assertThat(divergencesOf(5)).containsExactly("(0, 65536] in the minority");
        assertThat(divergencesOf(1)).isEmpty();
    }

    @Test
    void aLaggardIsComparedWithWhatTheOthersToldLongBefore() {
        for (long slot = STEP; slot <= 5 * STEP; slot += STEP) {
            applied(1, slot, slot);
            applied(3, slot, slot);
            cluster.settle();
        }

        applied(2, STEP, STEP);
        cluster.settle();
        applied(2, 2 * STEP, 666);
        cluster.settle();

        assertThat(divergencesOf(2)).containsExactly("(65536, 131072] in the minority");
    }

    @Test
    void asksThoseWhoAreRightForASnapshotAboveTheDifference() {
        secondDiffers();

        cluster.pass(10 * TIMEOUT, 2);

        assertThat(cluster.node(2).snapshots.asked())
                .contains("wanted from 1 above 131071", "wanted from 3 above 131071");
        assertThat(cluster.replica(2).snapshotsUsefulAbove()).isEqualTo(2 * STEP - 1);
    }

    @Test
    void beginsAnewWithASnapshotAboveTheDifferenceAndComparesAgain() {
        secondDiffers();

        assertThat(installs(2, 2 * STEP - 1)).isFalse();
        assertThat(installs(2, 2 * STEP + 5)).isTrue();

        assertThat(divergencesOf(2)).endsWith("anew from 131077");
        assertThat(cluster.replica(2).differsAt()).isZero();
        for (int node = 1; node <= 3; node++) {
            applied(node, 3 * STEP, 9);
        }
        cluster.settle();
        assertThat(divergencesOf(2)).hasSize(2);
        assertThat(cluster.replica(2).equalUpTo()).isEqualTo(3 * STEP);
    }

    private boolean installs(int node, long slot) {
        Membership membership = cluster.replica(node).membership();
        UnsafeBuffer entry = new UnsafeBuffer(new byte[membership.encodedLength()]);
        membership.encode(entry, 0);
        TreeMap<Long, byte[]> memberships = new TreeMap<>();
        memberships.put(1L, entry.byteArray());
        return cluster.replica(node).installed(slot, 0, memberships, new TreeMap<>());
    }

    @Test
    void aSnapshotThatDoesNotJoinTheLogIsOfNoUse() {
        secondDiffers();
        cluster.replica(2).keeps(3 * STEP, 0);

        assertThat(installs(2, 3 * STEP - 2)).isFalse();
        assertThat(installs(2, 3 * STEP - 1)).isTrue();
    }

    @Test
    void hearsayChangesNothingThatWasConfirmed() {
        allHaltWhereMostHaveToldAndNoHashIsThatOfMost();

        cluster.replica(1).hashed(member(3), STEP, 2, 0);

        assertThat(divergencesOf(1)).hasSize(1);
    }

    @Test
    void whatWasAppliedBeforeItBeganAnewIsNotCompared() {
        secondDiffers();
        installs(2, 2 * STEP);

        cluster.replica(2).hashed(member(1), 2 * STEP, 8, 0);
        cluster.settle();

        assertThat(divergencesOf(2)).hasSize(2);
        assertThat(cluster.replica(2).differsAt()).isZero();
    }

    @Test
    void aDoubtThatWasSettledDoesNotHideALaterOne() {
        twoThatDifferWaitForTheThirdWhichDecides();
        installs(2, STEP + 5);

        applied(1, 2 * STEP, 7);
        applied(2, 2 * STEP, 8);
        cluster.settle();
        cluster.run(TIMEOUT);
        assertThat(divergencesOf(1)).isEmpty();
        cluster.run(17 * TIMEOUT);

        assertThat(divergencesOf(1)).containsExactly("(65536, 131072] nobody is right");
    }

    @Test
    void aDoubtLastsHoweverFastSlotsAreApplied() {
        for (int step = 1; step <= 40; step++) {
            applied(1, step * STEP, 7);
            applied(2, step * STEP, 8);
            cluster.settle();
            cluster.run(TIMEOUT / 2);
        }

        assertThat(divergencesOf(1)).containsExactly("(0, 65536] nobody is right");
    }
}
