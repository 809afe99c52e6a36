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
    /** Not in this process, as there is no fresh one to be had. */
    AFTER_A_RESTART
}
