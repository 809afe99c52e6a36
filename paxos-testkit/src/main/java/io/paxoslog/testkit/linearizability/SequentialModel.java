package io.paxoslog.testkit.linearizability;

/**
 * The object that clients believe to talk to, one operation at a time. States are immutable and
 * tell by {@code equals} whether they are the same.
 */
public interface SequentialModel<S, I, O> {
    /** The state before the first operation. */
    S initial();

    /** The state after an operation. */
    S apply(S state, I input);

    /** Whether an operation in this state would give this output. */
    boolean isPossible(S state, I input, O output);
}
