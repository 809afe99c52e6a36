package io.paxoslog.gateway;

/**
 * The snapshots of a node, as clients may ask for one. Called on the replica thread; never blocks.
 */
public interface Snapshots {
    /** Of a node that takes none. */
    Snapshots NONE =
            new Snapshots() {
                @Override
                public boolean request() {
                    return false;
                }

                @Override
                public String refusal() {
                    return "this node takes no snapshots";
                }

                @Override
                public long slotInWork() {
                    return 0;
                }

                @Override
                public long writtenBytes() {
                    return 0;
                }

                @Override
                public long newestSlot() {
                    return 0;
                }

                @Override
                public long newestBytes() {
                    return 0;
                }

                @Override
                public long newestMs() {
                    return 0;
                }

                @Override
                public long failures() {
                    return 0;
                }

                @Override
                public String lastFailure() {
                    return "";
                }
            };

    /**
     * Has a snapshot taken at or above what is applied now, behind the one that is being written.
     * To ask again meanwhile changes nothing.
     *
     * @return false when none will be taken; {@link #refusal} says why
     */
    boolean request();

    /** Why the last request was refused: one line for people, in ASCII. */
    String refusal();

    /** Slot of the snapshot that is being written; 0 for none. */
    long slotInWork();

    /** Bytes of it that are written. */
    long writtenBytes();

    /** Slot of the newest complete snapshot; 0 for none. */
    long newestSlot();

    /** Bytes of the newest complete snapshot. */
    long newestBytes();

    /** How long it took; 0 when that is not known, as it was taken before the node started. */
    long newestMs();

    /** How many could not be completed since the node started. */
    long failures();

    /** Why the last one could not: one line for people, in ASCII. */
    String lastFailure();
}
