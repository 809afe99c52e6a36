package io.paxoslog.bench.load;

/** Hears how far a load is, on the thread that makes it. */
public interface LoadSignals {
    /** The measured part begins within a second. */
    void onBegin();

    /** The leader is to be killed now; returns whether there is one. */
    boolean onKill();

    /** The measured part ends now; replies to what was sent may still come. */
    void onEnd();
}
