package io.paxoslog.transport;

import java.util.BitSet;
import java.util.SortedMap;
import org.agrona.DirectBuffer;

/**
 * Where the snapshots of this node lie. Takes requests and answers them later, as reading and
 * writing wait for a disk: another thread may do that, but all calls here are the replica thread's,
 * and never wait.
 */
public interface SnapshotFiles {
    /** For a node that neither gives nor takes snapshots. */
    SnapshotFiles NONE =
            new SnapshotFiles() {
                @Override
                public boolean read(int forNode, long slot, long manifest, int chunk) {
                    return false;
                }

                @Override
                public boolean begin(long slot, long manifest, byte[] encoded) {
                    return false;
                }

                @Override
                public boolean write(
                        long manifest, int chunk, DirectBuffer buffer, int offset, int length) {
                    return false;
                }

                @Override
                public boolean complete(long manifest) {
                    return false;
                }

                @Override
                public void pause() {}

                @Override
                public int poll(Answers answers) {
                    return 0;
                }
            };

    /**
     * Reads a part of a snapshot that is kept here; answered by {@link Answers#part}.
     *
     * @param slot the snapshot's; 0 for the newest
     * @param manifest id of its manifest; 0 for any
     * @param chunk number of a chunk, or below zero for the manifest, the whole of it
     * @return false when it was not taken: there is too much to do
     */
    boolean read(int forNode, long slot, long manifest, int chunk);

    /**
     * Begins to receive a snapshot, or goes on with it; answered by {@link Answers#begun}. One at a
     * time.
     *
     * @param encoded its manifest as it came: checked before anything in it is believed
     * @return false when it was not taken
     */
    boolean begin(long slot, long manifest, byte[] encoded);

    /**
     * Writes a chunk of the one that is being received; answered by {@link Answers#written}. The
     * bytes are copied before this returns.
     *
     * @return false when it was not taken
     */
    boolean write(long manifest, int chunk, DirectBuffer buffer, int offset, int length);

    /**
     * Makes what was received a snapshot of this node, once all of it is verified and forced;
     * answered by {@link Answers#completed}.
     *
     * @return false when it was not taken
     */
    boolean complete(long manifest);

    /** Receives no more for now; what came stays, to go on with. */
    void pause();

    /** Hands over what was done since the last call and returns how much that was. */
    int poll(Answers answers);

    /** What became of requests, in their order. */
    interface Answers {
        /** A part that was asked for; no bytes when it is not there, or cannot be read. */
        void part(
                int forNode,
                long slot,
                long manifest,
                int chunk,
                DirectBuffer buffer,
                int offset,
                int length);

        /**
         * Whether the snapshot is received.
         *
         * @param missing numbers of the chunks that are still wanted; null when it is not received:
         *     no such manifest, no room, or it is here already
         */
        void begun(long manifest, BitSet missing);

        /** Whether a chunk is forced; false when it was not what the manifest says. */
        void written(long manifest, int chunk, boolean isRight);

        /** The snapshot is one of this node's; what {@link SnapshotTaker#installed} is told. */
        void completed(
                long slot,
                long timeNs,
                SortedMap<Long, byte[]> memberships,
                SortedMap<Long, byte[]> decisions);

        /** Receiving it came to nothing. */
        void failed(long manifest);
    }
}
