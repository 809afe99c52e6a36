package io.paxoslog.metrics;

import org.agrona.concurrent.status.AtomicCounter;

/** Makes counters that operators can read while the node runs. */
@FunctionalInterface
public interface CounterSource {
    /**
     * A new counter, at 0.
     *
     * @param typeId number of the kind of counter, the same in every node
     * @param label for people
     */
    AtomicCounter counter(int typeId, String label);
}
