package io.paxoslog.service;

import org.agrona.DirectBuffer;

/** What a state machine may do while the log calls it, and nothing of that at other times. */
final class CalledCluster implements Cluster {
    private final Wakeups wakeups;
    private final Events events;
    private ReplySink sink = ReplySink.NONE;
    private long slot;

    CalledCluster(Wakeups wakeups, Events events) {
        this.wakeups = wakeups;
        this.events = events;
    }

    /** Queries that wait hear of news by this one. */
    void reportTo(ReplySink newSink) {
        sink = newSink;
    }

    /** The log calls the state machine at a slot. */
    void called(long at) {
        slot = at;
    }

    /** It has returned. */
    void returned() {
        slot = 0;
    }

    @Override
    public void timerAt(long timer, long timeNs) {
        requireCalled();
        wakeups.timerAt(timer, timeNs);
    }

    @Override
    public void timerAfter(long timer, long ms) {
        requireCalled();
        wakeups.timerAfter(timer, ms);
    }

    @Override
    public boolean cancelTimer(long timer) {
        requireCalled();
        return wakeups.cancelTimer(timer);
    }

    @Override
    public boolean send(long session, DirectBuffer buffer, int offset, int length) {
        requireCalled();
        return events.send(slot, session, buffer, offset, length);
    }

    @Override
    public void news(long topic, long detail) {
        requireCalled();
        sink.news(topic, detail);
    }

    private void requireCalled() {
        if (slot == 0) {
            throw new IllegalStateException(
                    "timers are set and taken back, events sent and news told where the log calls"
                            + " the state machine only");
        }
    }
}
