package io.paxoslog.testkit.linearizability;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for an order of effects that explains a history: the search of Wing and Gong ("Testing and
 * Verifying Concurrent Objects", 1993) with the memory of Lowe ("Testing for Linearizability",
 * 2017). Histories of independent keys are checked one by one.
 */
public final class LinearizabilityChecker<S, I, O> {
    private record Configuration<S>(BitSet done, S state) {}

    private record Choice<S>(int operation, S before, int nextCandidate) {}

    private final SequentialModel<S, I, O> model;
    private final int mostConfigurations;

    /**
     * @param model what the object does
     * @param mostConfigurations bound of the search: pairs of operations done and state
     */
    public LinearizabilityChecker(SequentialModel<S, I, O> model, int mostConfigurations) {
        this.model = model;
        this.mostConfigurations = mostConfigurations;
    }

    /** Decides about one history; operations in any order. */
    public Verdict check(List<Operation<I, O>> history) {
        List<Operation<I, O>> operations = new ArrayList<>(history);
        operations.sort(Comparator.comparingLong(Operation::invoked));
        return new Search(operations).run();
    }

    /** One search, depth first: what is done is a set of operations, and the state they lead to. */
    private final class Search {
        private final List<Operation<I, O>> operations;
        private final BitSet done = new BitSet();
        private final Deque<Choice<S>> path = new ArrayDeque<>();
        private final Set<Configuration<S>> seen = new HashSet<>();
        private final long[] returns;
        private S state = model.initial();
        private int toReturn;
        private int firstOpen;

        Search(List<Operation<I, O>> operations) {
            this.operations = operations;
            returns = operations.stream().mapToLong(Operation::returned).toArray();
            toReturn = (int) Arrays.stream(returns).filter(r -> r != Operation.NEVER).count();
        }

        Verdict run() {
            int candidate = 0;
            while (toReturn > 0) {
                int next = findNext(candidate);
                if (next >= 0) {
                    candidate = 0;
                } else if (path.isEmpty()) {
                    return Verdict.VIOLATED;
                } else {
                    candidate = takeBack();
                }
                if (seen.size() > mostConfigurations) {
                    return Verdict.UNDECIDED;
                }
            }
            return Verdict.LINEARIZABLE;
        }

        /**
         * Does the first possible operation from a candidate on; -1 when there is none. Candidates
         * are first those with an outcome, then, from {@code operations.size()} on, those without:
         * they are needed seldom and possible always.
         */
        private int findNext(int candidate) {
            // Whatever was invoked after an open operation returned must come after that one.
            long earliestReturn = earliestOpenReturn();
            int count = operations.size();
            int found = candidate < count ? findNext(candidate, false, earliestReturn) : -1;
            return found >= 0
                    ? found
                    : findNext(Math.max(0, candidate - count), true, earliestReturn);
        }

        private int findNext(int from, boolean isUnknown, long earliestReturn) {
            for (int i = Math.max(from, firstOpen); i < operations.size(); i++) {
                Operation<I, O> operation = operations.get(i);
                if (operation.invoked() > earliestReturn) {
                    return -1;
                }
                if (operation.isUnknown() == isUnknown
                        && !done.get(i)
                        && isPossible(operation)
                        && isNew(i, operation)) {
                    return i;
                }
            }
            return -1;
        }

        private long earliestOpenReturn() {
            long earliest = Operation.NEVER;
            for (int i = firstOpen; i < returns.length; i++) {
                if (operations.get(i).invoked() > earliest) {
                    break;
                }
                if (!done.get(i)) {
                    earliest = Math.min(earliest, returns[i]);
                }
            }
            return earliest;
        }

        private boolean isPossible(Operation<I, O> operation) {
            return operation.isUnknown()
                    || model.isPossible(state, operation.input(), operation.output());
        }

        private boolean isNew(int index, Operation<I, O> operation) {
            S after = model.apply(state, operation.input());
            done.set(index);
            if (!seen.add(new Configuration<>((BitSet) done.clone(), after))) {
                done.clear(index);
                return false;
            }
            int next = operation.isUnknown() ? operations.size() + index + 1 : index + 1;
            path.push(new Choice<>(index, state, next));
            state = after;
            toReturn -= operation.isUnknown() ? 0 : 1;
            firstOpen = done.nextClearBit(firstOpen);
            return true;
        }

        private int takeBack() {
            Choice<S> choice = path.pop();
            done.clear(choice.operation);
            state = choice.before;
            toReturn += operations.get(choice.operation).isUnknown() ? 0 : 1;
            firstOpen = done.nextClearBit(0);
            return choice.nextCandidate;
        }
    }
}
