package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.ReadAnswers;

/** What stands above a replica from one start to the next, and hears what it commits. */
public interface NodeService {
    /** The next slots; those from before the start come first, and lie in the journal. */
    void committed(Batch batch);

    /** A decision came into force; at a start, before anything is committed. */
    default void decided(long at, Decision decision) {}

    /** At a start: the node holds below a slot until something is decided about it. */
    default void held(long slot, long decision) {}

    /**
     * A snapshot of this node takes the place of all slots up to one that were not said. At a
     * start: the newest; comes first.
     */
    default void jumped(long slot) {}

    /** Everything that was committed before the start has been said. */
    default void recovered() {}

    /** Hears from which slot on reads of clients may be answered. */
    default ReadAnswers reads() {
        return ReadAnswers.NONE;
    }

    /** Every slot up to it went through here. */
    long appliedIndex();

    /** Only counts; for stories without clients. */
    static NodeService counting(long appliedIndex) {
        return new NodeService() {
            private long last = appliedIndex;

            @Override
            public void committed(Batch batch) {
                last = batch.lastSlot();
            }

            @Override
            public long appliedIndex() {
                return last;
            }
        };
    }
}
