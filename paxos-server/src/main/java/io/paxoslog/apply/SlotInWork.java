package io.paxoslog.apply;

import io.paxoslog.service.Entry;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import java.util.concurrent.atomic.AtomicLong;

/** The one place where the application is called; lets other threads see at which slot it is. */
final class SlotInWork implements StateMachine {
    private static final long NONE = 0;

    private StateMachine app;
    private final AtomicLong slot = new AtomicLong();

    SlotInWork(StateMachine app) {
        this.app = app;
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        slot.lazySet(entry.slot());
        app.apply(entry, reply);
    }

    /** From now on another one is called. */
    void replace(StateMachine fresh) {
        app = fresh;
    }

    /** The application has returned, and is not called again for the moment. */
    void rests() {
        slot.lazySet(NONE);
    }

    /** The slot whose command the application has; 0 for none. Any thread. */
    long get() {
        return slot.get();
    }
}
