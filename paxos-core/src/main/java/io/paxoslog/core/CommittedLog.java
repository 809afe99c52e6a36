package io.paxoslog.core;

/** Hears every chosen slot once since the start of this replica, in slot order and without gaps. */
public interface CommittedLog {
    /**
     * The next slots. The first call starts right above the commit index that recovery ended with.
     */
    void committed(Batch batch);
}
