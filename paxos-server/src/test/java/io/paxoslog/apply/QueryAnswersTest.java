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
        return bench.settle().takeTold().stream().filter(t -> t.startsWith("answers")).toList();
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
