package io.paxoslog.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.EntryFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queries between commands, on both sides of a hand-over. */
class QueryAnswersTest {
    private static final int ROOMY = 1000;
    private static final long ASKER = 77;

    private final ApplyBench bench = new ApplyBench(0);

    /** A start begins with what is in the journal. */
    private long open() {
        long session = bench.open();
        bench.settle();
        return session;
    }

    private List<String> answers() {
        return bench.settle().takeTold().stream()
                .filter(t -> t.startsWith("answers") || t.startsWith("waits"))
                .toList();
    }

    private static byte[] query(long asker, long ticket, String text) {
        return ApplyBench.entry(EntryFormat.QUERY, asker, ticket, text);
    }

    @Test
    void aQueryShowsWhatWasHandedOverBeforeItAndNothingBehind() {
        long session = open();
        bench.commit(ApplyBench.command(session, 1, "a"), ApplyBench.command(session, 2, "b"));
        bench.read(10, 0, ROOMY, "x");
        bench.commit(ApplyBench.command(session, 3, "c"));
        assertThat(answers()).containsExactly("answers 10+1 1 ANSWERED 3 x@2");
    }

    @Test
    void manyAnswersTravelInMessagesOfOneFragment() {
        open();
        bench.read(10, 0, 80, "x", "y", "z");
        assertThat(answers())
                .containsExactly(
                        "answers 10+2 1 ANSWERED 1 x@0 2 ANSWERED 1 y@0",
                        "answers 12+1 3 ANSWERED 1 z@0");
    }

    @Test
    void whatAQueryThrowsIsTheAffairOfThatQuery() {
        bench.poison.add("bad");
        long session = open();
        bench.read(10, 0, ROOMY, "x", "bad", "y");
        bench.commit(ApplyBench.command(session, 1, "a"));
        bench.read(20, 0, ROOMY, "x");
        assertThat(answers())
                .containsExactly(
                        "answers 10+3 1 ANSWERED 1 x@0"
                                + " 2 FAILED 0 java.lang.StackOverflowError: deep 3 ANSWERED 1 y@0",
                        "answers 20+1 1 ANSWERED 2 x@1");
        assertThat(bench.halts).isEmpty();
    }

    /** It may have changed half of something. */
    @Test
    void aHaltedStateMachineIsNotAsked() {
        bench.poison.add("a");
        long session = open();
        bench.commit(ApplyBench.command(session, 1, "a"));
        bench.read(10, 0, ROOMY, "x");
        assertThat(answers())
                .containsExactly(
                        "answers 10+1 1 HALTED 0 the state machine stands still at slot 2");
    }

    /** What was applied when it was handed over is applied no more. */
    @Test
    void aStateThatWasSetBackDoesNotAnswerForALaterOne() throws IOException {
        long session = open();
        bench.orders.snapshot(1, true);
        bench.settle();
        bench.write();
        bench.commit(ApplyBench.command(session, 1, "a"));
        bench.settle().takeTold();
        bench.orders.restore(1);
        bench.read(10, 2, ROOMY, "x");
        assertThat(answers()).containsExactly("answers 10+1 1 AGAIN 0");
    }

    @Test
    void whoLooksSeesWhichQueryTheApplicationHas() {
        List<Long> seen = new ArrayList<>();
        open();
        bench.whileApplying = () -> seen.add(bench.side.slotInWork());
        bench.read(10, 0, ROOMY, "x", "y");
        bench.settle();
        assertThat(seen).containsExactly(-10L, -11L);
        assertThat(bench.side.slotInWork()).isZero();
    }

    @Test
    void aQueryInTheLogIsAnsweredFromTheStateAtItsSlotByWhoeverProposedIt() {
        bench.orders.asker(ASKER);
        long session = open();
        bench.commit(
                ApplyBench.command(session, 1, "a"),
                query(ASKER, 5, "x"),
                query(ASKER + 1, 5, "foreign"),
                ApplyBench.command(session, 2, "b"),
                query(ASKER, 6, "y"),
                ApplyBench.command(session, 3, "c"));
        assertThat(answers()).containsExactly("answers 5+2 1 ANSWERED 3 x@1 1 ANSWERED 6 y@2");
        assertThat(bench.applied).containsExactly("2=a", "5=b", "7=c");
    }

    @Test
    void nobodyAnswersQueriesInTheLogBeforeHeIsToldWhoHeIs() {
        open();
        bench.commit(query(0, 5, "x"));
        assertThat(answers()).isEmpty();
    }

    @Test
    void aQueryWaitsForNewsOnItsTopicAndIsToldTheFirst() {
        long session = open();
        bench.read(10, 0, ROOMY, "x", "wait 4=b", "y");
        assertThat(answers())
                .containsExactly(
                        "answers 10+1 1 ANSWERED 1 x@0",
                        "waits 11",
                        "answers 12+1 3 ANSWERED 1 y@0");
        bench.commit(ApplyBench.command(session, 1, "a"));
        assertThat(answers()).isEmpty();
        bench.commit(
                ApplyBench.command(session, 2, "c"),
                ApplyBench.command(session, 3, "b"),
                ApplyBench.command(session, 4, "b"));
        assertThat(answers()).containsExactly("answers 11+1 2 ANSWERED 5 wait 4=b@4~4");
        bench.commit(ApplyBench.command(session, 5, "b"));
        assertThat(answers()).isEmpty();
    }

    /** What was said while it waited the first time is old then. */
    @Test
    void aQueryMayWaitOnAfterNewsThatWasNone() {
        long session = open();
        bench.read(10, 0, ROOMY, "wait 3=b");
        bench.commit(ApplyBench.command(session, 1, "b"));
        assertThat(answers()).containsExactly("waits 10");
        bench.commit(ApplyBench.command(session, 2, "b"));
        assertThat(answers()).containsExactly("answers 10+1 1 ANSWERED 3 wait 3=b@2~3");
        bench.read(20, 0, ROOMY, "wait 9=b");
        bench.commit(ApplyBench.command(session, 3, "b"));
        bench.orders.last(20, 1);
        assertThat(answers()).containsExactly("waits 20", "answers 20+1 1 ANSWERED 4 wait 9=b@3~0");
    }

    @Test
    void manyWaitOnOneTopicAndOneOfThemMayEnd() {
        long session = open();
        bench.read(10, 0, ROOMY, "wait 2=a", "wait 2=a", "wait 2=b", "wait 2=a");
        assertThat(answers()).containsExactly("waits 10", "waits 11", "waits 12", "waits 13");
        bench.orders.last(11, 1);
        assertThat(answers()).containsExactly("answers 11+1 2 ANSWERED 1 wait 2=a@0~0");
        bench.orders.last(13, 1);
        assertThat(answers()).containsExactly("answers 13+1 4 ANSWERED 1 wait 2=a@0~0");
        bench.commit(ApplyBench.command(session, 1, "a"));
        assertThat(answers()).containsExactly("answers 10+1 1 ANSWERED 2 wait 2=a@1~2");
        bench.orders.last(10, 4);
        assertThat(answers()).containsExactly("answers 12+1 3 ANSWERED 2 wait 2=b@1~0");
        bench.orders.last(10, 4);
        assertThat(answers()).isEmpty();
    }

    /** What was said of its topic before says nothing of the state that is restored. */
    @Test
    void whoWaitsIsAskedFromTheBeginningOnceTheStateIsAnotherOne() throws IOException {
        long session = open();
        bench.orders.snapshot(1, true);
        bench.settle();
        bench.write();
        bench.read(10, 1, ROOMY, "wait 9=z");
        bench.commit(ApplyBench.command(session, 1, "a"));
        bench.read(20, 2, ROOMY, "wait 9=y");
        assertThat(answers()).containsExactly("waits 10", "waits 20");
        bench.orders.restore(1);
        assertThat(answers()).containsExactly("answers 20+1 1 AGAIN 0");
        bench.orders.last(10, 1);
        assertThat(answers()).containsExactly("answers 10+1 1 ANSWERED 1 wait 9=z@1~0");
    }

    @Test
    void whoWaitsHearsThatTheStateMachineStandsStill() {
        bench.poison.add("a");
        long session = open();
        bench.read(10, 0, ROOMY, "wait 9=z");
        bench.commit(ApplyBench.command(session, 1, "a"));
        assertThat(answers())
                .containsExactly(
                        "waits 10",
                        "answers 10+1 1 HALTED 0 the state machine stands still at slot 2");
    }

    @Test
    void aQueryInTheLogDoesNotWait() {
        bench.orders.asker(ASKER);
        open();
        bench.commit(query(ASKER, 5, "wait 9=z"));
        assertThat(answers()).containsExactly("answers 5+1 1 ANSWERED 2 wait 9=z@0");
    }

    /** Commands are applied between any few of them. */
    @Test
    void manyThatAreWokenAreAskedInPieces() {
        long session = open();
        for (int i = 0; i < 200; i++) {
            bench.read(10 + 2L * i, 0, ROOMY, "wait 2=a");
            bench.settle();
        }
        bench.takeTold();
        bench.commit(ApplyBench.command(session, 1, "a"));
        bench.feed.catchUp(bench.lastSlot());
        bench.side.step(1);
        bench.facts.poll();
        assertThat(bench.takeTold().stream().filter(t -> t.startsWith("answers")))
                .hasSizeBetween(1, 64);
        assertThat(bench.side.isHeldUp()).isTrue();
        assertThat(answers()).hasSizeGreaterThan(100);
        assertThat(bench.side.isHeldUp()).isFalse();
    }

    @Test
    void answersWaitForRoomAndAreNotLost() {
        open();
        String[] queries = new String[6];
        Arrays.fill(queries, "a query of some length, so that many fill the ring");
        for (int i = 0; i < 12; i++) {
            assertThat(bench.read(100L * i, 0, 400, queries)).isTrue();
            bench.side.step(64);
        }
        assertThat(bench.waits).isPositive();
        int answered = 0;
        for (String told : answers()) {
            answered += Integer.parseInt(told.replaceAll(".*\\+(\\d+) .*", "$1"));
        }
        assertThat(answered).isEqualTo(12 * queries.length);
    }
}
