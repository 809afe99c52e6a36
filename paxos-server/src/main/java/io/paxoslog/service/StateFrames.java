package io.paxoslog.service;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.journal.ApplicationStateEncoder;
import io.paxoslog.codecs.journal.AppliedStateEncoder;
import io.paxoslog.codecs.journal.EndedSessionsEncoder;
import io.paxoslog.codecs.journal.EventsTakenEncoder;
import io.paxoslog.codecs.journal.KeptEventsEncoder;
import io.paxoslog.codecs.journal.KeptRepliesEncoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpenSessionEncoder;
import io.paxoslog.codecs.journal.PendingTimersEncoder;
import io.paxoslog.codecs.journal.SessionRenewalEncoder;
import io.paxoslog.codecs.journal.StopwatchEncoder;
import io.paxoslog.core.Needs;
import io.paxoslog.core.Version;
import io.paxoslog.service.EndedSessions.Ended;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.LongToIntFunction;
import org.agrona.ExpandableArrayBuffer;

/**
 * Writes the applied state as it stands in snapshots. Where a frame ends follows from the state
 * alone: equal states are equal bytes, whenever they are written.
 */
final class StateFrames {
    /** Of replies, and of events, in a frame. */
    private static final int BYTES_TOGETHER = 16 * 1024;

    private static final int MOST_TOGETHER = 1024;
    private static final int MOST_ENDED = 512;
    private static final int MOST_TIMERS = 512;

    private final ExpandableArrayBuffer out = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AppliedStateEncoder state = new AppliedStateEncoder();
    private final EndedSessionsEncoder ended = new EndedSessionsEncoder();
    private final OpenSessionEncoder open = new OpenSessionEncoder();
    private final StopwatchEncoder watch = new StopwatchEncoder();
    private final PendingTimersEncoder pending = new PendingTimersEncoder();
    private final SessionRenewalEncoder renewal = new SessionRenewalEncoder();
    private final KeptRepliesEncoder kept = new KeptRepliesEncoder();
    private final EventsTakenEncoder taken = new EventsTakenEncoder();
    private final KeptEventsEncoder keptEvents = new KeptEventsEncoder();
    private final ApplicationStateEncoder application = new ApplicationStateEncoder();
    private final int format;
    private final boolean haveStopwatch;
    private int length;

    /**
     * For the state at one slot: all its frames are of one version of the schema.
     *
     * @param agreed at that slot
     * @param hasTimers whether any is set there
     * @param hasEvents whether any was sent to a session that is open there
     */
    StateFrames(AppliedHead head, Version agreed, boolean hasTimers, boolean hasEvents) {
        Collection<byte[]> memberships = head.memberships().values();
        int needs = Needs.of(memberships, head.decisions().values());
        boolean expire = agreed.system() >= EntryFormat.FIRST_WITH_EXPIRY;
        int all = expire ? Math.max(needs, EntryFormat.FIRST_WITH_EXPIRY) : needs;
        haveStopwatch = expire || hasTimers;
        int withTimers = hasTimers ? JournalFormat.WITH_TIMERS : JournalFormat.of(all);
        format = hasEvents ? JournalFormat.WITH_EVENTS : withTimers;
    }

    void state(AppliedHead head, SessionLimits limits, long[] skipped, Stopwatch stopwatch) {
        state.wrapAndApplyHeader(out, message(), header)
                .slot(head.slot())
                .timeNs(head.timeNs())
                .hash(head.hash())
                .maxSessions(limits.maxSessions())
                .maxInFlight(limits.maxInFlight())
                .maxReplyBytes(limits.maxReplyBytes())
                .maxCachedBytes(limits.maxCachedBytes());
        SortedMap<Long, byte[]> entries = head.memberships();
        AppliedStateEncoder.MembershipsEncoder memberships = state.membershipsCount(entries.size());
        entries.forEach((slot, e) -> memberships.next().slot(slot).putEntry(e, 0, e.length));
        AppliedStateEncoder.DecisionsEncoder decisions =
                state.decisionsCount(head.decisions().size());
        head.decisions().forEach((slot, e) -> decisions.next().slot(slot).putEntry(e, 0, e.length));
        AppliedStateEncoder.SkippedEncoder slots = state.skippedCount(skipped.length);
        for (long slot : skipped) {
            slots.next().slot(slot);
        }
        end(state.limit());
        if (haveStopwatch) {
            watch.wrapAndApplyHeader(out, message(), header)
                    .readingMs(stopwatch.readingMs())
                    .ballot(stopwatch.ballot())
                    .ballotSinceMs(stopwatch.ballotSinceMs());
            end(watch.limit());
        }
    }

    /** Writes timers of a kind from one on; returns the one that comes behind them, or null. */
    PendingTimer timers(SharedTree<PendingTimer, Boolean> all, PendingTimer from) {
        int count = 0;
        PendingTimer behind = from;
        while (behind != null && count < MOST_TIMERS) {
            behind = all.next(behind);
            count++;
        }
        PendingTimersEncoder.TimersEncoder timers =
                pending.wrapAndApplyHeader(out, message(), header).timersCount(count);
        for (PendingTimer next = from; count > 0; next = all.next(next)) {
            timers.next()
                    .timer(next.id())
                    .due(next.due())
                    .isByStopwatch((short) (next.isByStopwatch() ? 1 : 0));
            count--;
        }
        end(pending.limit());
        return behind;
    }

    /** Writes sessions from one on that have ended; returns how many. */
    int ended(List<Ended> all, int from) {
        int count = Math.min(MOST_ENDED, all.size() - from);
        EndedSessionsEncoder.SessionsEncoder sessions =
                ended.wrapAndApplyHeader(out, message(), header).sessionsCount(count);
        for (Ended one : all.subList(from, from + count)) {
            SecretHash secret = one.secret();
            sessions.next()
                    .session(one.session())
                    .lastSequence(one.lastSequence())
                    .secretHash1(secret.first())
                    .secretHash2(secret.second())
                    .secretHash3(secret.third())
                    .secretHash4(secret.fourth());
        }
        end(ended.limit());
        return count;
    }

    /** Writes a session without its replies. */
    void open(Session session) {
        SecretHash secret = session.secret();
        open.wrapAndApplyHeader(out, message(), header)
                .session(session.id())
                .nonce(session.nonce())
                .secretHash1(secret.first())
                .secretHash2(secret.second())
                .secretHash3(secret.third())
                .secretHash4(secret.fourth())
                .firstSequence(session.firstKept());
        end(open.limit());
        if (session.isKeptAlive()) {
            renewal.wrapAndApplyHeader(out, message(), header)
                    .slot(session.renewedSlot())
                    .readingMs(session.renewedAtMs());
            end(renewal.limit());
        }
        EventQueue events = session.events();
        if (events != null) {
            taken.wrapAndApplyHeader(out, message(), header)
                    .slot(events.takenSlot())
                    .index(events.takenIndex());
            end(taken.limit());
        }
    }

    /** Writes events of a session from a number on; returns the next one. */
    long events(EventQueue queue, long from) {
        long last = lastTogether(from, queue.last(), queue::length);
        KeptEventsEncoder.EventsEncoder events =
                keptEvents
                        .wrapAndApplyHeader(out, message(), header)
                        .eventsCount((int) (last - from + 1));
        for (long number = from; number <= last; number++) {
            events.next()
                    .slot(queue.slot(number))
                    .index(queue.index(number))
                    .putPayload(queue.buffer(), queue.offset(number), queue.length(number));
        }
        end(keptEvents.limit());
        return last + 1;
    }

    /** Writes replies of a session from a sequence on; returns the next one. */
    long replies(Session session, long from) {
        long next = lastTogether(from, session.lastSequence(), session::replyLength) + 1;
        KeptRepliesEncoder.RepliesEncoder replies =
                kept.wrapAndApplyHeader(out, message(), header).repliesCount((int) (next - from));
        for (long sequence = from; sequence < next; sequence++) {
            replies.next()
                    .slot(session.slot(sequence))
                    .isSkipped((short) (session.isSkipped(sequence) ? 1 : 0))
                    .putReply(
                            session.replyBuffer(),
                            session.replyOffset(sequence),
                            session.replyLength(sequence));
        }
        end(kept.limit());
        return next;
    }

    /** The last of those from one on that go into one frame, which the first does in any case. */
    private static long lastTogether(long from, long lastOfAll, LongToIntFunction length) {
        long highest = Math.min(lastOfAll, from + MOST_TOGETHER - 1);
        int room = BYTES_TOGETHER - length.applyAsInt(from);
        long last = from;
        while (last < highest && room >= length.applyAsInt(last + 1)) {
            last++;
            room -= length.applyAsInt(last);
        }
        return last;
    }

    /** The application's own bytes come next. */
    void application(int sessions) {
        application.wrapAndApplyHeader(out, message(), header).sessions(sessions);
        end(application.limit());
    }

    private int message() {
        return length + Integer.BYTES;
    }

    private void end(int limit) {
        header.wrap(out, message()).version(format);
        out.putInt(length, limit - message(), ByteOrder.LITTLE_ENDIAN);
        length = limit;
    }

    /** Bytes written since they were taken last. */
    int length() {
        return length;
    }

    /** What was written. */
    byte[] take() {
        byte[] taken = Arrays.copyOf(out.byteArray(), length);
        length = 0;
        return taken;
    }
}
