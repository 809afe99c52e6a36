package io.paxoslog.testkit.sim;

import io.paxoslog.core.Role;
import io.paxoslog.core.Snapshots;
import io.paxoslog.log.JournalException;
import java.util.function.Supplier;

/** What surrounds a {@link SimulatedNode}: the network it speaks into and whoever watches it. */
public interface NodeHost {
    /** Something is about to be done to the node; the text says it as scenarios do. */
    void done(SimulatedNode node, Supplier<String> command);

    /** The node lets a message in and is about to act on it. */
    default void hears(SimulatedNode node, Envelope envelope) {}

    /** The node has made a message; it leaves now, later or never. */
    default void said(SimulatedNode node, Envelope envelope) {}

    /** A message has left the node; to itself, too. */
    void left(SimulatedNode node, Envelope envelope);

    /** The node starts: what is to stand above its replica from now on. */
    NodeService serviceOf(SimulatedNode node);

    /** Bytes in a chunk of a snapshot. */
    default int chunkBytes() {
        return 2_000;
    }

    /** The node starts: what moves snapshots between it and others from now on. */
    default Snapshots snapshotsOf(SimulatedNode node) {
        return Snapshots.NONE;
    }

    /** The node took a snapshot in the place of slots; said at no start. */
    default void jumped(SimulatedNode node, long slot) {}

    /** The node took entries as a new batch. */
    void proposed(SimulatedNode node, int entries);

    /** The node committed slots. */
    void committed(SimulatedNode node, BatchCopy batch);

    /** A read that came to the node may be answered once so much is applied. */
    default void read(SimulatedNode node, ReadKind kind, long index) {}

    /** Whether an index that reads are given is to be right; if not, others have to find it. */
    default boolean judgesReads() {
        return true;
    }

    /** The node wrote a record. */
    void written(SimulatedNode node, JournalRecord entry);

    /** The node changed its role, ballot or leader. */
    void role(SimulatedNode node, Role role, long ballot, int leader, String why);

    /**
     * The node's disk failed it, and the process is down.
     *
     * @param why null when a force failed
     */
    void diskFailed(SimulatedNode node, JournalException why);

    /** Its machine lost power in the middle of a call to its disk, and the process is down. */
    void powerLost(SimulatedNode node);

    /** The node must not take part any more. */
    void mustStop(SimulatedNode node, String why);

    /** The cluster goes on without the node, which stops. */
    void removed(SimulatedNode node, String why);

    /** The node warns of something that it lives with. */
    void warning(SimulatedNode node, String what);
}
