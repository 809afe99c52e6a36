package io.paxoslog.bench.load;

import org.HdrHistogram.Histogram;

/** Hears how far a load is, on the thread that makes it. */
public interface LoadSignals {
    /** The measured part begins within a second. */
    void onBegin();

    /** The leader is to be killed now; returns whether there is one. */
    boolean onKill();

    /** What was measured since the sample before, or since the beginning; not kept. */
    void onSample(Histogram latenciesNs);

    /** The measured part ends now; replies to what was sent may still come. */
    void onEnd();
}
