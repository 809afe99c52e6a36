package io.paxoslog.service;

import io.paxoslog.service.EndedSessions.Ended;
import java.util.List;
import java.util.TreeMap;

/**
 * What is applied at one slot, copied piece by piece while more is applied: a session that is about
 * to change before its turn is put aside as it is. Belongs to the thread that applies.
 */
public final class SnapshotCopy {
    private final AppliedHead head;
    private final SessionTable table;
    private final List<Ended> ended;
    private final int sessionCount;
    private final StateFrames frames;
    private final StateFrames asideFrames;
    private final SharedTree<PendingTimer, Boolean> byTime;
    private final SharedTree<PendingTimer, Boolean> byStopwatch;
    private final TreeMap<Long, byte[]> aside = new TreeMap<>();
    private PendingTimer nextByTime;
    private PendingTimer nextByStopwatch;
    private int endedCopied;
    private Session turn;
    private long nextPart;
    private boolean isComplete;

    /**
     * @param frames where the state but for sessions is written already
     * @param asideFrames of the same version, and empty
     */
    SnapshotCopy(
            AppliedHead head,
            StateFrames frames,
            StateFrames asideFrames,
            SessionTable table,
            Timers timers) {
        this.head = head;
        this.table = table;
        this.frames = frames;
        this.asideFrames = asideFrames;
        byTime = timers.byTime();
        byStopwatch = timers.byStopwatch();
        nextByTime = byTime.first();
        nextByStopwatch = byStopwatch.first();
        ended = table.ended();
        sessionCount = table.size();
        turn = table.lowest();
        table.copyTo(this);
    }

    /** What it is a copy of. */
    public AppliedHead head() {
        return head;
    }

    /**
     * The next piece: not much more than {@code maxBytes}, unless a session was put aside or a
     * reply is larger. What the application wrote belongs behind the last one.
     *
     * @return null when there is nothing left
     */
    public byte[] some(int maxBytes) {
        if (isComplete) {
            return null;
        }
        while (!isComplete && frames.length() < maxBytes) {
            if (isAsideNext()) {
                return frames.length() > 0 ? frames.take() : takeAside();
            }
            copyNext();
        }
        return frames.take();
    }

    private boolean isAsideNext() {
        return nextByTime == null
                && nextByStopwatch == null
                && endedCopied == ended.size()
                && !aside.isEmpty()
                && (turn == null || aside.firstKey() <= turn.id());
    }

    private byte[] takeAside() {
        if (turn != null && turn.id() == aside.firstKey()) {
            pass();
        }
        return aside.pollFirstEntry().getValue();
    }

    private void copyNext() {
        if (nextByTime != null) {
            nextByTime = frames.timers(byTime, nextByTime);
        } else if (nextByStopwatch != null) {
            nextByStopwatch = frames.timers(byStopwatch, nextByStopwatch);
        } else if (endedCopied < ended.size()) {
            endedCopied += frames.ended(ended, endedCopied);
        } else if (turn == null) {
            frames.application(sessionCount);
            end();
        } else {
            nextPart = copyPart(frames, turn, nextPart);
            if (nextPart > lastPart(turn)) {
                pass();
            }
        }
    }

    /** A session is its own data, part 0, its replies, and its events. */
    private static long copyPart(StateFrames to, Session session, long part) {
        if (part == 0) {
            to.open(session);
            return 1;
        }
        long firstEvent = 1 + replies(session);
        if (part < firstEvent) {
            long before = session.firstKept() - 1;
            return to.replies(session, before + part) - before;
        }
        long before = session.events().first() - firstEvent;
        return to.events(session.events(), before + part) - before;
    }

    private static long lastPart(Session session) {
        EventQueue events = session.events();
        return replies(session) + (events == null ? 0 : events.last() - events.first() + 1);
    }

    private static long replies(Session session) {
        return session.lastSequence() - session.firstKept() + 1;
    }

    /** The next session comes; those that were opened since have no turn. */
    private void pass() {
        turn = turn.next == null || turn.next.id() > head.slot() ? null : turn.next;
        nextPart = 0;
    }

    /** A session is about to change: what is not copied of it is, now. */
    void changes(Session session) {
        boolean isCopied = session.setAsideFor == this || turn == null || session.id() < turn.id();
        if (isCopied || session.id() > head.slot()) {
            return;
        }
        long next = session.id() == turn.id() ? nextPart : 0;
        do {
            next = copyPart(asideFrames, session, next);
        } while (next <= lastPart(session));
        aside.put(session.id(), asideFrames.take());
        session.setAsideFor = this;
    }

    /** A session is about to be taken out of the table. */
    void closes(Session session) {
        changes(session);
        if (turn != null && turn.id() == session.id()) {
            pass();
        }
    }

    /** Nothing is copied any more. */
    public void end() {
        isComplete = true;
        aside.clear();
        table.copyTo(null);
    }
}
