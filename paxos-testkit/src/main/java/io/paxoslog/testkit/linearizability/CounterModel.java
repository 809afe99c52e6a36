package io.paxoslog.testkit.linearizability;

/** A sum that grows; each addition answers what it has come to. Adding 0 reads it. */
public final class CounterModel implements SequentialModel<Long, Long, Long> {
    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public Long apply(Long state, Long input) {
        return state + input;
    }

    @Override
    public boolean isPossible(Long state, Long input, Long output) {
        return state + input == output;
    }
}
