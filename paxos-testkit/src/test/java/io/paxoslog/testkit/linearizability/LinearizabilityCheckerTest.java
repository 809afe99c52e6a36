package io.paxoslog.testkit.linearizability;

import static io.paxoslog.testkit.linearizability.RegisterModel.Input.compareAndSet;
import static io.paxoslog.testkit.linearizability.RegisterModel.Input.read;
import static io.paxoslog.testkit.linearizability.RegisterModel.Input.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.testkit.linearizability.RegisterModel.Input;
import io.paxoslog.testkit.linearizability.RegisterModel.Output;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories whose verdict is known; times are only there to say what lies before what. */
class LinearizabilityCheckerTest {
    private static final int BOUND = 100_000;

    private static Operation<Input, Output> op(Input input, long before, long from, long to) {
        return new Operation<>(input, new Output(before), from, to);
    }

    @SafeVarargs
    private static Verdict register(Operation<Input, Output>... history) {
        List<Operation<Input, Output>> operations = new ArrayList<>();
        for (Operation<Input, Output> operation : history) {
            operations.add(operation);
        }
        return new LinearizabilityChecker<>(new RegisterModel(), BOUND).check(operations);
    }

    @SafeVarargs
    private static Verdict counter(Operation<Long, Long>... history) {
        List<Operation<Long, Long>> operations = new ArrayList<>();
        for (Operation<Long, Long> operation : history) {
            operations.add(operation);
        }
        return counter(BOUND, operations);
    }

    private static Verdict counter(int bound, List<Operation<Long, Long>> history) {
        return new LinearizabilityChecker<>(new CounterModel(), bound).check(history);
    }

    private static Operation<Long, Long> add(long amount, long sum, long from, long to) {
        return new Operation<>(amount, sum, from, to);
    }

    @Test
    void acceptsNothing() {
        assertThat(register()).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void acceptsOneAfterTheOther() {
        assertThat(register(op(write(1), 0, 1, 2), op(read(), 1, 3, 4)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void refusesStaleRead() {
        assertThat(register(op(write(1), 0, 1, 2), op(read(), 0, 3, 4)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void letsReadDuringWriteSeeEither() {
        assertThat(register(op(write(1), 0, 1, 10), op(read(), 0, 2, 3), op(read(), 1, 4, 5)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void refusesReadsDuringWriteThatGoBack() {
        // New, then old: the second reader began after the first had ended.
        assertThat(register(op(write(1), 0, 1, 10), op(read(), 1, 2, 3), op(read(), 0, 4, 5)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void refusesLostUpdate() {
        // Both saw 0 and both succeeded.
        assertThat(register(op(compareAndSet(0, 1), 0, 1, 4), op(compareAndSet(0, 2), 0, 2, 5)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void acceptsFailedComparison() {
        assertThat(
                        register(
                                op(compareAndSet(0, 1), 0, 1, 4),
                                op(compareAndSet(0, 2), 1, 2, 5),
                                op(read(), 1, 6, 7)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void refusesValueNobodyWrote() {
        assertThat(register(op(write(1), 0, 1, 2), op(read(), 7, 3, 4)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void refusesTwoReadersThatDisagreeAboutTheOrder() {
        // Two concurrent writes; one reader sees 1 then 2, the other 2 then 1.
        assertThat(
                        register(
                                op(write(1), 0, 1, 2),
                                op(write(2), 0, 1, 2),
                                op(read(), 1, 3, 4),
                                op(read(), 2, 5, 6),
                                op(read(), 1, 7, 8)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void refusesWhatIsOnlySequentiallyConsistent() {
        // Each client alone could be right, were there no real time between them.
        assertThat(register(op(write(1), 0, 1, 2), op(read(), 0, 3, 4), op(read(), 1, 5, 6)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void letsUnknownWriteTakeEffectLate() {
        assertThat(
                        register(
                                Operation.unknown(write(1), 1),
                                op(read(), 0, 5, 6),
                                op(read(), 1, 100, 101)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void letsUnknownWriteNeverTakeEffect() {
        assertThat(register(Operation.unknown(write(1), 1), op(read(), 0, 100, 101)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void refusesUnknownWriteThatTakesEffectTwice() {
        assertThat(
                        register(
                                Operation.unknown(write(1), 1),
                                op(read(), 1, 5, 6),
                                op(write(2), 1, 7, 8),
                                op(read(), 1, 9, 10)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void refusesUnknownWriteThatTakesEffectBeforeItWasAskedFor() {
        assertThat(register(op(read(), 1, 1, 2), Operation.unknown(write(1), 3)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void refusesDoubleApplication() {
        assertThat(counter(add(1, 1, 1, 2), add(0, 2, 3, 4))).isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void refusesTwoAdditionsWithTheSameSum() {
        assertThat(counter(add(1, 1, 1, 5), add(1, 1, 2, 6))).isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void acceptsAnyOrderOfConcurrentAdditions() {
        assertThat(counter(add(5, 8, 1, 9), add(1, 1, 2, 9), add(2, 3, 3, 9)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void letsUnknownAdditionExplainASum() {
        assertThat(
                        counter(
                                Operation.unknown(3L, 1),
                                Operation.unknown(4L, 1),
                                add(1, 5, 6, 7),
                                add(1, 9, 8, 9)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void refusesListThatForgetsAnElement() {
        ListModel.State one = new ListModel().apply(new ListModel.State(0, 0), 1L);
        ListModel.State two = new ListModel().apply(new ListModel.State(0, 0), 2L);
        LinearizabilityChecker<ListModel.State, Long, ListModel.State> checker =
                new LinearizabilityChecker<>(new ListModel(), BOUND);
        assertThat(
                        checker.check(
                                List.of(
                                        new Operation<>(1L, one, 1, 2),
                                        new Operation<>(2L, two, 3, 4))))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void givesUpAtItsBound() {
        // Any of these may have taken effect before the read, so that the search tries every set.
        List<Operation<Long, Long>> history = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            history.add(Operation.unknown(1L << i, 1));
        }
        history.add(add(0, 1L << 12, 2, 3));
        assertThat(counter(100, history)).isEqualTo(Verdict.UNDECIDED);
        assertThat(counter(BOUND, history)).isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void refusesTimesThatRunBackwards() {
        assertThatThrownBy(() -> op(read(), 0, 5, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("returned 4 before 5");
    }
}
