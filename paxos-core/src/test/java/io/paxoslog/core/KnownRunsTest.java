package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who went back in time is not heard. Node 1 of three. */
class KnownRunsTest {
    private static final int INTERVAL = 16 * HandCluster.ELECTION_TIMEOUT;
    private static final int HEARTBEAT = 50;
    private static final long RUN_1 = (1L << 32) | 11;
    private static final long RUN_2 = (2L << 32) | 22;
    private static final long ANOTHER_RUN_2 = (2L << 32) | 33;

    private final Candidate candidate = new Candidate();
    private final HandCluster cluster = candidate.cluster();
    private final Replica replica = candidate.replica();
    private final long second = candidate.member(2);
    private final long third = candidate.member(3);
    private final Runs own = new Runs();

    @BeforeEach
    void found() {
        candidate.found();
        own.begin(7, 0);
        own.begin(8, 40);
        replica.runs(own, 50);
        cluster.drop(letter -> true);
    }

    /** Node 2 was in its first run, with 100 records. */
    private void remembered() {
        replica.recovery().remembered(second, RUN_1, 100);
        pass(HEARTBEAT);
    }

    private void pass(int ticks) {
        cluster.pass(ticks, 1);
    }

    private List<String> askedOf(int node) {
        return cluster.waiting().stream()
                .filter(letter -> letter.to() == node && letter.is("AskRun"))
                .map(letter -> letter.text().substring(0, letter.text().lastIndexOf(' ')))
                .toList();
    }

    private long nonceToldTo(int node) {
        List<String> words =
                cluster.waiting().stream()
                        .filter(letter -> letter.to() == node && letter.is("AskRun"))
                        .map(Letter::text)
                        .toList();
        String last = words.get(words.size() - 1);
        return Long.parseUnsignedLong(last.substring(last.lastIndexOf(' ') + 1), 16);
    }

    /** Node 2 says something in a run, and then how it goes on. */
    private void comesBack(long run, long records, long held) {
        replica.hears(second, run);
        replica.ran(second, nonceToldTo(2), run, records, RUN_1, held);
    }

    private List<String> records() {
        return cluster.node(1).journal.lines().stream()
                .filter(line -> line.startsWith("remembered"))
                .toList();
    }

    private static String line(long member, long run, long records) {
        return "remembered " + MemberId.text(member) + " run " + run + " with " + records;
    }

    @Test
    void hearsWhoeverItRemembersNothingOf() {
        assertThat(replica.hears(second, RUN_1)).isTrue();
        assertThat(replica.hears(second, Runs.NONE)).isTrue();
        assertThat(askedOf(2)).isEmpty();
    }

    @Test
    void asksAllMembersNowAndThenAndRemembersWhatTheyAnswer() {
        pass(INTERVAL + HEARTBEAT);

        assertThat(askedOf(1)).isEmpty();
        assertThat(askedOf(2)).containsExactly("AskRun run=0 records=0");
        assertThat(askedOf(3)).containsExactly("AskRun run=0 records=0");
        replica.ran(second, nonceToldTo(2), RUN_1, 100, Runs.NONE, 100);

        assertThat(records()).containsExactly(line(second, RUN_1, 100));
        assertThat(replica.hears(second, RUN_1)).isTrue();
        assertThat(replica.hears(second, RUN_2)).isFalse();
        pass(INTERVAL);
        assertThat(askedOf(2)).contains("AskRun run=" + RUN_1 + " records=100");
    }

    @Test
    void writesOnlyWhatIsNew() {
        remembered();
        pass(INTERVAL);
        replica.ran(second, nonceToldTo(2), RUN_1, 100, RUN_1, 100);
        assertThat(records()).isEmpty();

        cluster.drop(letter -> true);
        pass(INTERVAL);
        replica.ran(second, nonceToldTo(2), RUN_1, 101, RUN_1, 101);
        assertThat(records()).containsExactly(line(second, RUN_1, 101));
    }

    @Test
    void anotherRunIsHeardOnceItsJournalHoldsAllThatIsRemembered() {
        remembered();
        assertThat(replica.hears(second, RUN_2)).isFalse();

        replica.ran(second, nonceToldTo(2), RUN_2, 100, RUN_1, 100);

        assertThat(replica.hears(second, RUN_2)).isTrue();
        assertThat(replica.hears(second, RUN_1)).as("what is late").isFalse();
        assertThat(records()).containsExactly(line(second, RUN_2, 100));
        assertThat(replica.membersBehind()).isZero();
    }

    @Test
    void anOldCopyIsNotHeardAndNamed() {
        remembered();

        comesBack(RUN_2, 99, 99);

        assertThat(replica.hears(second, RUN_2)).isFalse();
        assertThat(records()).isEmpty();
        assertThat(replica.nodesBehind()).containsExactly(2);
        assertThat(replica.membersBehind()).isEqualTo(1);
        assertThat(cluster.node(1).warnings).hasSize(1);
        assertThat(cluster.node(1).warnings.get(0))
                .contains("node 2", "old copy", "run 1", "100 records", "holds 99");
    }

    @Test
    void aCopyFromBeforeTheLastStartIsNotHeard() {
        replica.recovery().remembered(second, RUN_2, 100);
        pass(HEARTBEAT);

        assertThat(replica.hears(second, ANOTHER_RUN_2)).as("it begins a second run").isFalse();
        replica.ran(second, nonceToldTo(2), ANOTHER_RUN_2, 150, RUN_2, Runs.NOT_HELD);

        assertThat(replica.hears(second, ANOTHER_RUN_2)).isFalse();
        assertThat(cluster.node(1).warnings.get(0)).contains("holds 0");
    }

    @Test
    void whoseNewestDirectoryCameBackIsHeardAgain() {
        remembered();
        comesBack(RUN_2, 99, 99);

        pass(INTERVAL);
        comesBack(ANOTHER_RUN_2, 120, 110);

        assertThat(replica.hears(second, ANOTHER_RUN_2)).isTrue();
        assertThat(replica.nodesBehind()).isEmpty();
        assertThat(replica.membersBehind()).isZero();
    }

    @Test
    void anAnswerCountsOnceAndOnlyWithTheNumberThatItsMemberWasTold() {
        remembered();
        replica.hears(second, RUN_2);
        replica.hears(third, RUN_2);
        long nonce = nonceToldTo(2);

        replica.ran(second, nonce + 1, RUN_2, 1L << 40, RUN_1, 1L << 40);
        replica.ran(second, 0, RUN_2, 1L << 40, RUN_1, 1L << 40);
        replica.ran(third, nonce, RUN_2, 1L << 40, RUN_1, 1L << 40);
        assertThat(records()).isEmpty();

        replica.ran(second, nonce, RUN_2, 100, RUN_1, 100);
        replica.ran(second, nonce, RUN_2, 1L << 40, RUN_2, 1L << 40);
        assertThat(records()).containsExactly(line(second, RUN_2, 100));
    }

    @Test
    void anAnswerAboutAnotherRunThanTheLatestKnownSaysNothing() {
        remembered();
        replica.hears(second, RUN_2);

        replica.ran(second, nonceToldTo(2), RUN_2, 100, Runs.NONE, 100);

        assertThat(replica.hears(second, RUN_2)).isFalse();
        assertThat(records()).isEmpty();
    }

    @Test
    void forgedFramesCostAQuestionAHeartbeatAndNoMore() {
        remembered();
        for (int i = 0; i < 1_000; i++) {
            assertThat(replica.hears(second, RUN_2 + i)).isFalse();
        }

        assertThat(askedOf(2)).hasSize(1);
        assertThat(replica.hears(second, RUN_1)).as("the member itself").isTrue();
    }

    @Test
    void answersHowFarItsJournalHoldsTheRunThatItIsAskedAbout() {
        replica.askRun(second, 5, Runs.NONE, 0);
        replica.askRun(second, 5, own.run(0), 40);
        replica.forced(60);
        replica.askRun(second, 5, own.current(), 50);

        assertThat(answers())
                .containsExactly(
                        "Ran run=" + own.current() + " records=50 asked=0 held=50",
                        "Ran run=" + own.current() + " records=50 asked=" + own.run(0) + " held=40",
                        "Ran run="
                                + own.current()
                                + " records=60 asked="
                                + own.current()
                                + " held=60");
        assertThat(cluster.node(1).warnings).isEmpty();
    }

    @Test
    void isToldThatItIsAnOldCopyWarnsAndGoesOn() {
        replica.askRun(second, 5, own.run(0), 41);
        replica.askRun(second, 5, ANOTHER_RUN_2, 1);

        assertThat(answers()).hasSize(2).last().asString().endsWith("held=-1");
        assertThat(cluster.node(1).warnings).hasSize(1);
        assertThat(cluster.node(1).warnings.get(0)).contains("node 2", "41 records", "40 here");
        assertThat(replica.hears(second, RUN_1)).isTrue();
        assertThat(replica.role()).isEqualTo(Role.FOLLOWING);
    }

    private List<String> answers() {
        return cluster.waiting().stream()
                .filter(letter -> letter.is("Ran"))
                .map(Letter::text)
                .toList();
    }

    @Test
    void anotherIncarnationIsJudgedByItself() {
        replica.recovery().remembered(MemberId.of(2, 9), RUN_2, 500);
        pass(HEARTBEAT);

        assertThat(replica.hears(second, RUN_1)).isTrue();
    }

    @Test
    void whereRoomIsShortOnlyAnotherRunIsWrittenDown() {
        remembered();
        replica.room(Room.BALLOTS);
        pass(INTERVAL);
        replica.ran(second, nonceToldTo(2), RUN_1, 101, RUN_1, 101);
        assertThat(records()).isEmpty();

        cluster.drop(letter -> true);
        comesBack(RUN_2, 102, 101);
        assertThat(records()).containsExactly(line(second, RUN_2, 102));
        assertThat(replica.hears(second, RUN_2)).isTrue();
    }

    @Test
    void whatAJournalSaysAgainBehindWhatIsLostTakesNothingBack() {
        replica.recovery().remembered(second, RUN_2, 100);
        replica.recovery().remembered(second, RUN_2, 90);
        replica.recovery().remembered(second, RUN_1, 200);
        pass(HEARTBEAT);

        assertThat(replica.hears(second, RUN_1)).isFalse();
        pass(INTERVAL);
        assertThat(askedOf(2)).contains("AskRun run=" + RUN_2 + " records=100");
    }

    @Test
    void runsOlderThanThoseKeptAreNotHeld() {
        Runs many = new Runs();
        for (int i = 0; i < Runs.MOST + 5; i++) {
            many.begin(i, 10L * i);
        }

        assertThat(many.size()).isEqualTo(Runs.MOST);
        assertThat(many.heldUpTo((2L << 32) | 1, 9_000)).isEqualTo(Runs.NOT_HELD);
        assertThat(many.heldUpTo(many.run(0), 9_000)).isEqualTo(60);
        assertThat(many.heldUpTo(many.run(0) + 1, 9_000)).isEqualTo(Runs.NOT_HELD);
        assertThat(many.heldUpTo(many.current() + (1L << 32), 9_000)).isEqualTo(Runs.NOT_HELD);
    }
}
