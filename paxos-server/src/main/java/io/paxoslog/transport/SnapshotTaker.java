package io.paxoslog.transport;

import java.util.SortedMap;

/** Who takes the snapshots that come from other nodes. */
public interface SnapshotTaker {
    /** Nobody who could take one. */
    SnapshotTaker NOBODY =
            new SnapshotTaker() {
                @Override
                public boolean installed(
                        long slot,
                        long timeNs,
                        SortedMap<Long, byte[]> memberships,
                        SortedMap<Long, byte[]> decisions) {
                    return false;
                }

                @Override
                public long commitIndex() {
                    return Long.MAX_VALUE;
                }

                @Override
                public boolean hearsLeader() {
                    return true;
                }
            };

    /**
     * A snapshot has come whole and is one of this node's; see {@link
     * io.paxoslog.core.Replica#installed}.
     *
     * @return false when it was not taken
     */
    boolean installed(
            long slot,
            long timeNs,
            SortedMap<Long, byte[]> memberships,
            SortedMap<Long, byte[]> decisions);

    /**
     * Snapshots up to this slot are of no use: they bring nothing that is not known better here.
     */
    long commitIndex();

    /** Whether there is a leader whose traffic snapshots would hold up. */
    boolean hearsLeader();
}
