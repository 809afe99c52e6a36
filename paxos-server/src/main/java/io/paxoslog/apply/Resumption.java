package io.paxoslog.apply;

/** How a state machine that stands still can go on once the log has decided. */
public enum Resumption {
    /** Where it stands: it holds what was applied below. */
    FROM_THERE,
    /**
     * A fresh one, from a snapshot below that slot or from slot 1: what it holds is half changed,
     * or no longer what others hold.
     */
    FROM_THE_BEGINNING,
    /**
     * With a snapshot of another node, which comes by itself if most nodes hold the same and take
     * snapshots: what it holds differs from theirs.
     */
    WITH_A_SNAPSHOT_OF_OTHERS,
    /** Not in this process, as there is no fresh one to be had. */
    AFTER_A_RESTART
}
