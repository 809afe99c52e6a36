package io.paxoslog.testkit.linearizability;

/** A list that is appended to, seen through its length and a hash over its elements in order. */
public final class ListModel implements SequentialModel<ListModel.State, Long, ListModel.State> {
    /** A list; also what each operation answers: the list it leaves behind. */
    public record State(long length, long hash) {}

    /** Appending this reads the list. */
    public static final long NOTHING = Long.MIN_VALUE;

    @Override
    public State initial() {
        return new State(0, 0);
    }

    @Override
    public State apply(State state, Long input) {
        return input == NOTHING ? state : new State(state.length + 1, hash(state.hash, input));
    }

    /** Hash of a list with one more element. */
    public static long hash(long before, long element) {
        return (before ^ element) * 0x9E3779B97F4A7C15L + 1;
    }

    @Override
    public boolean isPossible(State state, Long input, State output) {
        return apply(state, input).equals(output);
    }
}
