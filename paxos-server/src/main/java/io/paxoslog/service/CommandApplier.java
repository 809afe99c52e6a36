package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.journal.EntryHeaderDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.CommittedLog;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Version;
import io.paxoslog.service.AppliedHash.Outcome;
import io.paxoslog.service.ReplySink.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Feeds chosen slots to the state machine, exactly once per session and sequence. Deterministic:
 * what takes effect follows from the log and the limits alone. Belongs to the thread that applies.
 */
public final class CommandApplier implements CommittedLog {
    /** More are told of at the next step of the stopwatch. */
    private static final int MOST_TOLD = 4096;

    /** Of one entry; whoever leads asks for the others. */
    private static final int MOST_FIRED = 256;

    private final SessionLimits initialLimits;
    private final Verdicts verdicts = new Verdicts();
    private final AppliedHash hash = new AppliedHash();
    private final EntryHeaderDecoder header = new EntryHeaderDecoder();
    private final Entry entry = new Entry();
    private final Wakeups wakeups = new Wakeups(hash);
    private final Events events = new Events(hash);
    private final CalledCluster cluster = new CalledCluster(wakeups, events);
    private final Reply reply;
    private final Consumer<StateMachine> command;
    private StateMachine app;
    private SessionTable sessions;
    private AgreedEntries agreed = new AgreedEntries();
    private Stopwatch stopwatch = new Stopwatch();
    private long toldAtMs;
    private ReplySink replies = ReplySink.NONE;
    private SessionLimits limits;
    private Halt halt;
    private long appliedIndex;
    private long hashBefore;
    private long timeNs;

    /**
     * @param app what commands are applied to, in its initial state
     * @param limits until the log says otherwise; equal on all nodes, whatever their build
     */
    public CommandApplier(StateMachine app, SessionLimits limits) {
        this.app = app;
        initialLimits = limits;
        this.limits = limits;
        sessions = new SessionTable(limits.maxSessions());
        reply = new Reply(limits.maxReplyBytes());
        command = machine -> machine.apply(entry, reply);
        wakeups.beginWith(new Timers(), stopwatch, limits.times().stepMs());
        events.beginWith(sessions, limits.events());
        events.limitTo(limits.maxReplyBytes());
        app.begin(cluster);
    }

    /** From now on this one hears what is decided; until then nobody does. */
    public void reportTo(ReplySink sink) {
        replies = sink;
        cluster.reportTo(sink);
    }

    /**
     * A decision came into force. To be told before a slot it is about is applied, if it is known
     * by then; a skip of a slot that was applied halts the state machine, as what it holds is no
     * longer what others hold.
     */
    @Override
    public void decided(long at, Decision decision) {
        decided(at, decision.kind(), decision.slot());
    }

    /** As above, for those who do not have the decision as an object. */
    public void decided(long at, Decision.Kind kind, long slot) {
        if (!kind.isAboutSlot()) {
            return;
        }
        boolean wasSkipped = verdicts.isSkipped(slot);
        verdicts.decided(at, kind, slot);
        boolean hasApplied = slot <= appliedIndex && !wasSkipped;
        if (kind == Decision.Kind.SKIP && hasApplied && halt == null) {
            haltAsSkipped(slot, at);
        }
    }

    /** The decision itself lets it go on, which it can only from below the slot. */
    private void haltAsSkipped(long slot, long decidedAt) {
        Throwable why = new IllegalStateException("the log skips it, and it was applied");
        haltAt(new Halt(slot, 0, 0, decidedAt - 1, why));
    }

    /** This node has said that it holds below a slot, until a decision above another one. */
    @Override
    public void held(long slot, long decision) {
        verdicts.held(slot, decision);
    }

    /**
     * Applies the next slots: from slot 1 after a start, then each slot once. While the state
     * machine is halted they go by.
     *
     * @throws IllegalStateException when slots are skipped or repeated
     */
    @Override
    public void committed(Batch batch) {
        if (halt != null) {
            return;
        }
        if (batch.firstSlot() != appliedIndex + 1) {
            throw new IllegalStateException(
                    "slot " + batch.firstSlot() + " came after slot " + appliedIndex);
        }
        timeNs = Math.max(timeNs, batch.timestamp());
        if (batch.kind() != Batch.NO_OP) {
            walk(batch);
        }
        if (halt == null) {
            appliedIndex = batch.lastSlot();
            wakeups.tell(replies);
        }
    }

    private void walk(Batch batch) {
        DirectBuffer buffer = batch.buffer();
        int position = 0;
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
            int length = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
            int body = position + Batch.ENTRY_PREFIX_BYTES;
            if (slot == verdicts.firstHeld()) {
                halt(slot, 0, 0, null);
                return;
            }
            hashBefore = hash.value();
            hash.add(slot, batch.originBallot(), batch.timestamp(), batch.kind());
            hash.add(buffer, body, length);
            entry.agreed(slot, batch.originBallot(), timeNs, version().application());
            entry.stopwatch(stopwatch.readingMs(), stopwatch.ballotSinceMs());
            if (batch.kind() == Batch.COMMANDS) {
                apply(slot, buffer, body, length);
            } else if (batch.kind() == Batch.DECISION) {
                decision(slot, buffer, body, length);
            } else if (agreed.membership(slot, buffer, body, length)) {
                endSessions(slot);
            }
            if (events.areOverfull()) {
                endSlow(slot);
            }
            if (halt != null) {
                return;
            }
            position = body + length;
        }
    }

    private void apply(long slot, DirectBuffer buffer, int body, int length) {
        if (length < EntryFormat.HEADER_BYTES) {
            passOver(slot, Outcome.NOTHING, length);
            return;
        }
        header.wrap(buffer, body, EntryFormat.HEADER_BYTES, EntryHeaderDecoder.SCHEMA_VERSION);
        switch (header.kind()) {
            case EntryFormat.COMMAND -> {
                int command = body + EntryFormat.HEADER_BYTES;
                entry.bytes(buffer, command, length - EntryFormat.HEADER_BYTES);
                command(slot, header.session(), header.sequence(), header.awaited());
            }
            case EntryFormat.OPEN_SESSION -> {
                int behind = body + EntryFormat.HEADER_BYTES;
                int left = length - EntryFormat.HEADER_BYTES;
                SecretHash secret = SecretHash.read(buffer, behind, left);
                openSession(slot, header.session(), secret, header.sequence());
            }
            case EntryFormat.CLOSE_SESSION -> closeSession(slot, header.session());
            case EntryFormat.FIRE_TIMERS -> fireTimers(slot, header.awaited());
            case EntryFormat.TAKE_EVENTS -> {
                passOver(slot, Outcome.NOTHING, header.kind());
                takeEvents(buffer, body + EntryFormat.HEADER_BYTES, body + length);
            }
            case EntryFormat.ASK_OUTCOME -> {
                passOver(slot, Outcome.NOTHING, header.kind());
                sessions.tellOutcome(
                        header.awaited(), header.session(), header.sequence(), replies);
            }
            case EntryFormat.QUERY -> {
                long asker = header.session();
                long ticket = header.sequence();
                passOver(slot, Outcome.NOTHING, header.kind());
                int query = body + EntryFormat.HEADER_BYTES;
                int bytes = length - EntryFormat.HEADER_BYTES;
                replies.queried(asker, ticket, slot, buffer, query, bytes);
            }
            default -> applyOfLaterVersion(slot, buffer, body, length);
        }
    }

    /** To builds that know none of these they are nothing, and so they are until all know them. */
    private void applyOfLaterVersion(long slot, DirectBuffer buffer, int body, int length) {
        boolean isAgreed = version().system() >= EntryFormat.FIRST_WITH_EXPIRY;
        if (isAgreed && header.kind() == EntryFormat.KEEP_ALIVE) {
            int behind = body + EntryFormat.HEADER_BYTES;
            keepAlive(slot, buffer, behind, body + length, header.awaited());
        } else if (isAgreed && header.kind() == EntryFormat.EXPIRE_SESSION) {
            expire(slot, header.session(), header.sequence());
        } else {
            passOver(slot, Outcome.NOTHING, header.kind());
        }
    }

    private void keepAlive(long slot, DirectBuffer buffer, int begin, int end, long passedMs) {
        stopwatch.advance(entry.originBallot(), passedMs);
        long before = 0;
        for (int at = begin; at <= end - Long.BYTES; at += Long.BYTES) {
            long id = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
            if (id <= before) {
                break;
            }
            before = id;
            Session session = sessions.get(id);
            if (session != null) {
                sessions.changes(session);
                sessions.renew(session, slot, stopwatch.readingMs());
            }
        }
        hash.add(Outcome.KEPT_ALIVE, stopwatch.readingMs());
        wakeups.isAsked();
        tellOverdue();
    }

    /** What was taken before counts for nothing. */
    private void takeEvents(DirectBuffer buffer, int begin, int end) {
        int last = end - EntryFormat.TAKEN_BYTES;
        for (int at = begin; at <= last; at += EntryFormat.TAKEN_BYTES) {
            long id = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
            long slot = buffer.getLong(at + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
            int index = buffer.getInt(at + 2 * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
            Session session = sessions.get(id);
            if (session != null && session.events() != null) {
                sessions.changes(session);
                takeEvents(session, slot, index);
            }
        }
    }

    private void takeEvents(Session session, long slot, int index) {
        EventQueue kept = session.events();
        if (kept.take(slot, index)) {
            hash.add(Outcome.TAKEN, session.id());
            hash.add(Outcome.UP_TO, kept.takenSlot());
            hash.add(Outcome.UP_TO, kept.takenIndex());
        }
    }

    private void fireTimers(long slot, long passedMs) {
        stopwatch.advance(entry.originBallot(), passedMs);
        entry.stopwatch(stopwatch.readingMs(), stopwatch.ballotSinceMs());
        wakeups.isAsked();
        int fired = 0;
        while (fired < MOST_FIRED && halt == null && wakeups.takeDue(timeNs)) {
            long timer = wakeups.taken();
            tellApp(slot, 0, machine -> machine.timer(entry, timer));
            fired++;
        }
        if (halt == null) {
            hash.add(Outcome.FIRED, fired);
            tellOverdue();
        }
    }

    /** Whoever leads has them expire, once it has read what may still be there of them. */
    private void tellOverdue() {
        long readingMs = stopwatch.readingMs();
        if (readingMs - toldAtMs < limits.times().stepMs()) {
            return;
        }
        toldAtMs = readingMs;
        int timeoutMs = limits.times().timeoutMs();
        Session next = sessions.silent().quietest();
        for (int told = 0; told < MOST_TOLD && next != null && isSilent(next, timeoutMs); told++) {
            replies.overdue(next.id(), next.renewedSlot());
            next = next.livelier;
        }
    }

    /** Whether nothing was heard of a session for so long, though it could have been. */
    private boolean isSilent(Session session, int silenceMs) {
        SessionTimes times = limits.times();
        long silentMs = stopwatch.readingMs() - session.renewedAtMs();
        long sinceLeaderMs = stopwatch.readingMs() - stopwatch.ballotSinceMs();
        // It was heard of up to one step after the stopwatch showed that.
        return silentMs >= silenceMs + times.stepMs() && sinceLeaderMs >= times.graceMs();
    }

    private void expire(long slot, long id, long lastWord) {
        stopwatch.noteLeader(entry.originBallot());
        Session session = sessions.get(id);
        boolean isDue =
                session != null
                        && session.isKeptAlive()
                        && session.renewedSlot() == lastWord
                        && isSilent(session, limits.times().timeoutMs());
        if (isDue) {
            end(slot, session, CloseReason.EXPIRED);
        } else {
            hash.add(Outcome.NOT_EXPIRED, id);
        }
    }

    private void end(long slot, Session session, CloseReason why) {
        long id = session.id();
        replies.refused(id, slot, 0, refusalOf(why));
        hash.add(Outcome.EXPIRED, id);
        sessions.close(id);
        tellApp(slot, id, machine -> machine.sessionClosed(entry, id, why));
    }

    private static Refusal refusalOf(CloseReason why) {
        return switch (why) {
            case CLOSED, EXPIRED -> Refusal.EXPIRED;
            case EVICTED -> Refusal.EVICTED;
            case SLOW -> Refusal.SLOW;
            case REFOUNDED -> Refusal.REFOUNDED;
        };
    }

    /**
     * What the machine sends when it hears of one may be too much for the next: they are finite.
     */
    private void endSlow(long slot) {
        while (halt == null && events.areOverfull()) {
            Session session = sessions.get(events.takeOverfull());
            if (session != null) {
                end(slot, session, CloseReason.SLOW);
            }
        }
    }

    /**
     * What is decided about limits and versions holds from its place in the log on, and nowhere
     * earlier: unlike other decisions it is not told ahead of order.
     */
    private void decision(long slot, DirectBuffer buffer, int body, int length) {
        if (!Decision.isOne(buffer, body, length)) {
            return;
        }
        Decision decision = Decision.decode(buffer, body, length);
        boolean isAboutLimits = decision.kind() == Decision.Kind.LIMITS;
        long latest = isAboutLimits ? agreed.latestLimits() : agreed.latestVersion();
        boolean isInForce = agreed.decision(slot, decision);
        if (isAboutLimits) {
            hash.add(isInForce ? Outcome.LIMITED : Outcome.NOT_LIMITED, latest);
        } else if (decision.kind() == Decision.Kind.VERSION) {
            hash.add(isInForce ? Outcome.AGREED : Outcome.NOT_AGREED, latest);
        }
        if (isAboutLimits && isInForce) {
            limitTo(limits.replacedBy(decision.limits()));
        }
    }

    private void limitTo(SessionLimits newLimits) {
        limits = newLimits;
        sessions.limitTo(newLimits.maxSessions());
        reply.limitTo(newLimits.maxReplyBytes());
        events.limitTo(newLimits.maxReplyBytes());
        replies.limited(limitsDecidedAt(), newLimits);
    }

    private void passOver(long slot, Outcome outcome, long detail) {
        replies.withoutEffect(slot);
        hash.add(outcome, detail);
    }

    private void command(long slot, long id, long sequence, long awaited) {
        Session session = sessions.get(id);
        if (session == null) {
            refuse(id, slot, 0, Refusal.EXPIRED, Outcome.EXPIRED);
            return;
        }
        sessions.changes(session);
        if (session.isKeptAlive()) {
            sessions.renew(session, slot, stopwatch.readingMs());
        }
        ReplyCache kept = session.replies();
        kept.trim(awaited);
        long expected = kept.last() + 1;
        if (sequence < expected) {
            passOver(slot, Outcome.REPEATED, expected);
            return;
        }
        if (sequence > expected) {
            refuse(id, slot, expected, Refusal.GAP, Outcome.GAP);
            return;
        }
        if (isFull(kept)) {
            refuse(id, slot, expected, Refusal.FULL, Outcome.FULL);
            return;
        }
        if (verdicts.isSkipped(slot)) {
            kept.appendSkipped(slot);
            passOver(slot, Outcome.SKIPPED, sequence);
            return;
        }
        reply.clear();
        entry.sender(id, sequence);
        if (call(slot, id, sequence, command)) {
            kept.append(slot, reply.buffer(), reply.length());
            hash.add(reply.buffer(), 0, reply.length());
        }
    }

    /**
     * The one place where the application is called. Whatever it throws, an {@code Error} too, is
     * its own affair: the slot stays unapplied, and the node lives on.
     */
    private boolean call(long slot, long session, long sequence, Consumer<StateMachine> what) {
        cluster.called(slot);
        try {
            what.accept(app);
            return true;
        } catch (Throwable thrown) {
            hash.restore(hashBefore);
            halt(slot, session, sequence, thrown);
            return false;
        } finally {
            cluster.returned();
        }
    }

    /** Of what is no command; what the log skips it is not told. */
    private void tellApp(long slot, long session, Consumer<StateMachine> what) {
        if (halt == null && !verdicts.isSkipped(slot)) {
            call(slot, session, 0, what);
        }
    }

    /** Asks the application what it holds; what it throws leaves this. */
    void ask(Query query, long slot, Reply answer) {
        app.query(query.of(slot, timeNs, version().application()), answer);
    }

    private void halt(long slot, long session, long sequence, Throwable cause) {
        haltAt(new Halt(slot, session, sequence, verdicts.latestAbout(slot), cause));
    }

    /** Stands still below a slot, for whatever reason; what was applied above counts no more. */
    public void haltAt(Halt newHalt) {
        appliedIndex = newHalt.slot() - 1;
        halt = newHalt;
    }

    /** No fresh state machine is to be had, so it stays where it is. */
    public void staysHalted(Throwable cause) {
        halt(halt.slot(), halt.session(), halt.sequence(), cause);
    }

    /** Why the state machine stands still; null while it goes on. */
    public Halt halt() {
        return halt;
    }

    /**
     * Goes on from the slot it is halted at; the log has decided.
     *
     * @throws IllegalStateException when what it holds is not that of the slot before
     */
    public void goOn() {
        if (halt == null || !halt.isClean()) {
            throw new IllegalStateException("it must start again");
        }
        halt = null;
    }

    /**
     * Forgets everything that was applied, and what the application was left with: slot 1 comes
     * next. What was decided about slots stays known.
     *
     * @param fresh in its initial state
     */
    public void startAgain(StateMachine fresh) {
        app = fresh;
        fresh.begin(cluster);
        beginWith(RestoredState.initial(initialLimits));
    }

    /**
     * Begins a copy of what is applied; what is applied from now on is not in it. One at a time.
     *
     * @throws IllegalStateException while the state machine is halted: it may have changed half
     */
    public SnapshotCopy beginCopy() {
        if (halt != null) {
            throw new IllegalStateException("a halted state machine shows no state");
        }
        AppliedHead head = agreed.head(appliedIndex, timeNs, hash.value());
        Timers timers = wakeups.timers();
        boolean hasTimers = timers.size() > 0;
        boolean hasEvents = sessions.haveEvents();
        StateFrames frames = new StateFrames(head, version(), hasTimers, hasEvents);
        frames.state(head, limits, verdicts.skippedUpTo(appliedIndex), stopwatch);
        StateFrames aside = new StateFrames(head, version(), hasTimers, hasEvents);
        return new SnapshotCopy(head, frames, aside, sessions, timers);
    }

    /**
     * Forgets everything that was applied, and is as if all up to the slot of a snapshot had been.
     *
     * @param in what a {@link SnapshotCopy} gave, and the application's bytes behind it
     * @param fresh in its initial state; takes its own bytes
     * @throws IOException when this cannot be; nothing has changed then but {@code fresh}
     */
    public void restore(InputStream in, StateMachine fresh) throws IOException {
        RestoredState state = RestoredState.read(in);
        fresh.begin(cluster);
        fresh.restore(in);
        app = fresh;
        beginWith(state);
    }

    private void beginWith(RestoredState state) {
        sessions = state.sessions();
        agreed = state.agreed();
        stopwatch = state.stopwatch();
        toldAtMs = stopwatch.readingMs();
        wakeups.beginWith(state.timers(), stopwatch, initialLimits.times().stepMs());
        events.beginWith(sessions, initialLimits.events());
        limitTo(state.limits().with(initialLimits.times()).with(initialLimits.events()));
        hash.restore(state.hash());
        appliedIndex = state.slot();
        timeNs = state.timeNs();
        halt = null;
        wakeups.tell(replies);
        long wrong = verdicts.passed(appliedIndex, state.skipped());
        if (wrong != 0) {
            haltAsSkipped(wrong, verdicts.latestAbout(wrong));
        }
    }

    /** It could not be restored from the snapshot of a slot; what it held is not told of. */
    public void notRestored(long slot, Throwable cause) {
        halt = Halt.ofSnapshot(slot, cause);
    }

    private boolean isFull(ReplyCache kept) {
        int largest = ReplyCache.HEADER_BYTES + limits.maxReplyBytes();
        return kept.count() >= limits.maxInFlight()
                || kept.cachedBytes() + largest > limits.maxCachedBytes();
    }

    private void refuse(long session, long slot, long expected, Refusal why, Outcome outcome) {
        passOver(slot, outcome, expected);
        replies.refused(session, slot, expected, why);
    }

    private void openSession(long slot, long nonce, SecretHash secret, long isKeptAlive) {
        if (sessions.isFull() && !sessions.isOpenFor(nonce)) {
            evict(slot);
        }
        if (halt != null) {
            return;
        }
        long session = sessions.open(slot, nonce, secret);
        boolean mayExpire = version().system() >= EntryFormat.FIRST_WITH_EXPIRY;
        if (mayExpire && isKeptAlive == EntryFormat.KEPT_ALIVE && session != SessionTable.REFUSED) {
            Session opened = sessions.get(session);
            sessions.changes(opened);
            sessions.renew(opened, slot, stopwatch.readingMs());
        }
        hash.add(session == SessionTable.REFUSED ? Outcome.NOT_OPENED : Outcome.OPENED, session);
        if (session == SessionTable.REFUSED) {
            replies.notOpened(nonce, secret);
        } else {
            replies.opened(nonce, secret, session);
        }
        if (session == slot) {
            tellApp(slot, session, machine -> machine.sessionOpened(entry, session));
        }
    }

    /** Only one that was silent for long makes room, however many want to come in. */
    private void evict(long slot) {
        stopwatch.noteLeader(entry.originBallot());
        Session quietest = sessions.silent().quietest();
        if (quietest != null && isSilent(quietest, limits.times().evictableMs())) {
            end(slot, quietest, CloseReason.EVICTED);
        }
    }

    private void closeSession(long slot, long session) {
        boolean wasOpen = sessions.get(session) != null;
        sessions.close(session);
        hash.add(Outcome.CLOSED, session);
        replies.closed(session);
        if (wasOpen) {
            tellApp(
                    slot,
                    session,
                    machine -> machine.sessionClosed(entry, session, CloseReason.CLOSED));
        }
    }

    /**
     * Another cluster was founded here on the log of one whose clients may know more of it than is
     * left: none of them goes on.
     */
    private void endSessions(long slot) {
        Session next = sessions.lowest();
        for (; next != null && halt == null; next = sessions.lowest()) {
            end(slot, next, CloseReason.REFOUNDED);
        }
    }

    /** The session, or null when it is not open. */
    public Session session(long id) {
        return sessions.get(id);
    }

    /** All sessions, to be told after {@link #restore}. */
    public SessionListing listSessions() {
        return new SessionListing(sessions);
    }

    /** Sessions that are open. */
    public int sessionCount() {
        return sessions.size();
    }

    /** What sessions may hold from the next slot on. */
    public SessionLimits limits() {
        return limits;
    }

    /**
     * What is agreed from the next slot on. What this class does is that of system versions 1 and
     * 2, which do the same, and of 3, from which on sessions expire.
     */
    public Version version() {
        return agreed.version();
    }

    /** Slot of the decision that set the limits; 0 when none did. */
    public long limitsDecidedAt() {
        return agreed.latestLimits();
    }

    /** Every slot up to this one has gone through the state machine; 0 before the first. */
    public long appliedIndex() {
        return appliedIndex;
    }

    /**
     * Hash over slot, value, outcome and reply of everything applied: equal on nodes that applied
     * the same with the same result.
     */
    public long appliedHash() {
        return hash.value();
    }
}
