package io.paxoslog.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.testkit.linearizability.RegisterModel.Input;
import io.paxoslog.testkit.linearizability.RegisterModel.Kind;
import io.paxoslog.testkit.linearizability.RegisterModel.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On small histories the checker says the same as trying every order of effects. */
class BruteForceTest {
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int HISTORIES = 20_000;
    private static final int MOST_OPERATIONS = 6;

    private final RegisterModel model = new RegisterModel();

    @Test
    void agreesWithTryingEveryOrder() {
        int violated = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            List<Operation<Input, Output>> history = draw(new Random(seed));
            boolean isRight = hasOrder(history, new boolean[history.size()], 0L);
            Verdict verdict = new LinearizabilityChecker<>(model, 1_000_000).check(history);
            assertThat(verdict)
                    .as("seed " + seed + ": " + history)
                    .isEqualTo(isRight ? Verdict.LINEARIZABLE : Verdict.VIOLATED);
            violated += isRight ? 0 : 1;
        }
        assertThat(violated).isBetween(HISTORIES / 10, HISTORIES * 9 / 10);
    }

    private static List<Operation<Input, Output>> draw(Random random) {
        List<Operation<Input, Output>> history = new ArrayList<>();
        int count = 1 + random.nextInt(MOST_OPERATIONS);
        for (int i = 0; i < count; i++) {
            Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            Input input = new Input(kind, random.nextInt(3), random.nextInt(3));
            int from = random.nextInt(12);
            history.add(
                    random.nextInt(5) == 0
                            ? Operation.unknown(input, from)
                            : new Operation<>(
                                    input,
                                    new Output(random.nextInt(3)),
                                    from,
                                    from + random.nextInt(8)));
        }
        return history;
    }

    /** Whether what is not done yet can be put in some order from this state on. */
    private boolean hasOrder(List<Operation<Input, Output>> history, boolean[] done, Long state) {
        boolean isComplete = true;
        for (int i = 0; i < done.length; i++) {
            isComplete &= done[i] || history.get(i).isUnknown();
        }
        if (isComplete) {
            return true;
        }
        for (int i = 0; i < done.length; i++) {
            if (done[i] || !mayBeNext(history, done, i)) {
                continue;
            }
            Operation<Input, Output> next = history.get(i);
            if (!next.isUnknown() && !model.isPossible(state, next.input(), next.output())) {
                continue;
            }
            done[i] = true;
            boolean found = hasOrder(history, done, model.apply(state, next.input()));
            done[i] = false;
            if (found) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayBeNext(
            List<Operation<Input, Output>> history, boolean[] done, int next) {
        for (int i = 0; i < done.length; i++) {
            if (!done[i] && history.get(i).returned() < history.get(next).invoked()) {
                return false;
            }
        }
        return true;
    }
}
