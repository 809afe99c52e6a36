package io.paxoslog.apply;

import io.paxoslog.service.CloseReason;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** The one place where the application is called; lets other threads see at which slot it is. */
final class SlotInWork implements StateMachine {
    private static final long NONE = 0;

    private StateMachine app;
    private boolean hasTakenSnapshot;
    private boolean hasBegun;
    private final AtomicLong slot = new AtomicLong();

    SlotInWork(StateMachine app) {
        this.app = app;
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        slot.lazySet(entry.slot());
        app.apply(entry, reply);
    }

    @Override
    public void begin(Cluster cluster) {
        if (!hasBegun) {
            hasBegun = true;
            app.begin(cluster);
        }
    }

    @Override
    public void sessionOpened(Moment at, long session) {
        slot.lazySet(at.slot());
        app.sessionOpened(at, session);
    }

    @Override
    public void sessionClosed(Moment at, long session, CloseReason why) {
        slot.lazySet(at.slot());
        app.sessionClosed(at, session, why);
    }

    @Override
    public void timer(Moment at, long timer) {
        slot.lazySet(at.slot());
        app.timer(at, timer);
    }

    /** {@link #isAsked} says what the application is at. */
    @Override
    public void query(Query query, Reply answer) {
        app.query(query, answer);
    }

    @Override
    public StateView view() {
        return app.view();
    }

    @Override
    public long stateHash() {
        return app.stateHash();
    }

    @Override
    public void restore(InputStream in) throws IOException {
        hasTakenSnapshot = true;
        app.restore(in);
    }

    /** Whether the application was given a snapshot to take, if only to fail. */
    boolean hasTakenSnapshot() {
        return hasTakenSnapshot;
    }

    /** From now on another one is called. */
    void replace(StateMachine fresh) {
        app = fresh;
        hasTakenSnapshot = false;
        hasBegun = false;
    }

    /** The application is asked for its state at a slot, or given it. */
    void isAt(long newSlot) {
        slot.lazySet(newSlot);
    }

    /** The application is asked what it holds, by the query with a ticket. */
    void isAsked(long ticket) {
        slot.lazySet(-ticket);
    }

    /** The application has returned, and is not called again for the moment. */
    void rests() {
        slot.lazySet(NONE);
    }

    /**
     * The slot whose command or state the application has; 0 for none; a ticket, as a negative
     * number, while it answers a query. Any thread.
     */
    long get() {
        return slot.get();
    }
}
