package io.paxoslog.service;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.journal.ApplicationStateDecoder;
import io.paxoslog.codecs.journal.AppliedStateDecoder;
import io.paxoslog.codecs.journal.EndedSessionsDecoder;
import io.paxoslog.codecs.journal.EventsTakenDecoder;
import io.paxoslog.codecs.journal.KeptEventsDecoder;
import io.paxoslog.codecs.journal.KeptRepliesDecoder;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.OpenSessionDecoder;
import io.paxoslog.codecs.journal.PendingTimersDecoder;
import io.paxoslog.codecs.journal.SessionRenewalDecoder;
import io.paxoslog.codecs.journal.StopwatchDecoder;
import io.paxoslog.service.EndedSessions.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is applied, to begin with: nothing, or what {@link StateFrames} wrote. Reads it up to where
 * the application's bytes begin.
 */
final class RestoredState {
    private static final int MOST_FRAME_BYTES = 16 << 20;
    private static final int MESSAGE = Integer.BYTES;
    private static final int BODY = MESSAGE + MessageHeaderDecoder.ENCODED_LENGTH;

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[64 * 1024]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final InputStream in;
    private final AgreedEntries agreed = new AgreedEntries();
    private final Stopwatch stopwatch = new Stopwatch();
    private final Timers timers = new Timers();
    private SessionTable sessions;
    private SessionLimits limits;
    private Session last;
    private long[] skipped = {};
    private long slot;
    private long timeNs;
    private long hash;

    private RestoredState(InputStream in) {
        this.in = in;
    }

    /** Nothing is applied yet. */
    static RestoredState initial(SessionLimits limits) {
        RestoredState state = new RestoredState(InputStream.nullInputStream());
        state.limits = limits;
        state.sessions = new SessionTable(limits.maxSessions());
        return state;
    }

    /**
     * Reads the frames; the application's bytes come next.
     *
     * @throws IOException when they cannot be read, or are nothing that this release knows
     */
    static RestoredState read(InputStream in) throws IOException {
        RestoredState state = new RestoredState(in);
        try {
            state.readState();
            while (state.readSessions()) {
                // The next frame.
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("a frame of a snapshot does not fit its bytes", e);
        }
        return state;
    }

    private int readFrame() throws IOException {
        fill(0, MESSAGE);
        int length = frame.getInt(0, ByteOrder.LITTLE_ENDIAN);
        if (length < MessageHeaderDecoder.ENCODED_LENGTH || length > MOST_FRAME_BYTES) {
            throw new IOException("no frame of a snapshot has " + length + " bytes");
        }
        fill(MESSAGE, length);
        header.wrap(frame, MESSAGE);
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID) {
            throw new IOException("no frame of a snapshot is of schema " + header.schemaId());
        }
        if (header.version() > MessageHeaderDecoder.SCHEMA_VERSION) {
            throw new IOException(
                    "a newer release wrote the snapshot (version %d, known up to %d)"
                            .formatted(header.version(), MessageHeaderDecoder.SCHEMA_VERSION));
        }
        return header.templateId();
    }

    private void fill(int from, int length) throws IOException {
        if (frame.capacity() < from + length) {
            UnsafeBuffer larger = new UnsafeBuffer(new byte[2 * (from + length)]);
            larger.putBytes(0, frame, 0, from);
            frame.wrap(larger);
        }
        if (in.readNBytes(frame.byteArray(), from, length) < length) {
            throw new IOException("a snapshot ends early");
        }
    }

    private void readState() throws IOException {
        if (readFrame() != AppliedStateDecoder.TEMPLATE_ID) {
            throw new IOException("a snapshot begins with a frame of type " + header.templateId());
        }
        AppliedStateDecoder state = new AppliedStateDecoder();
        state.wrap(frame, BODY, header.blockLength(), header.version());
        slot = state.slot();
        timeNs = state.timeNs();
        hash = state.hash();
        limits =
                new SessionLimits(
                        state.maxSessions(),
                        state.maxInFlight(),
                        state.maxReplyBytes(),
                        state.maxCachedBytes());
        sessions = new SessionTable(limits.maxSessions());
        for (AppliedStateDecoder.MembershipsDecoder one : state.memberships()) {
            long at = one.slot();
            byte[] entry = new byte[one.entryLength()];
            one.getEntry(entry, 0, entry.length);
            agreed.recoverMembership(at, entry);
        }
        for (AppliedStateDecoder.DecisionsDecoder one : state.decisions()) {
            long at = one.slot();
            byte[] entry = new byte[one.entryLength()];
            one.getEntry(entry, 0, entry.length);
            agreed.recover(at, entry);
        }
        readSkipped(state.skipped());
    }

    private void readSkipped(AppliedStateDecoder.SkippedDecoder slots) {
        skipped = new long[slots.count()];
        for (int i = 0; slots.hasNext(); i++) {
            skipped[i] = slots.next().slot();
        }
    }

    /** Reads a frame about sessions or timers; false once there are no more. */
    private boolean readSessions() throws IOException {
        int type = readFrame();
        switch (type) {
            case EndedSessionsDecoder.TEMPLATE_ID -> readEnded();
            case StopwatchDecoder.TEMPLATE_ID -> readStopwatch();
            case OpenSessionDecoder.TEMPLATE_ID -> readOpen();
            case PendingTimersDecoder.TEMPLATE_ID -> readTimers();
            case SessionRenewalDecoder.TEMPLATE_ID -> readRenewal();
            case KeptRepliesDecoder.TEMPLATE_ID -> readReplies();
            case EventsTakenDecoder.TEMPLATE_ID -> readTaken();
            case KeptEventsDecoder.TEMPLATE_ID -> readEvents();
            case ApplicationStateDecoder.TEMPLATE_ID -> requireAll();
            default -> throw new IOException("no frame of a snapshot has type " + type);
        }
        return type != ApplicationStateDecoder.TEMPLATE_ID;
    }

    private void readStopwatch() {
        StopwatchDecoder watch = new StopwatchDecoder();
        watch.wrap(frame, BODY, header.blockLength(), header.version());
        stopwatch.recover(watch.readingMs(), watch.ballot(), watch.ballotSinceMs());
    }

    private void readTimers() throws IOException {
        PendingTimersDecoder pending = new PendingTimersDecoder();
        pending.wrap(frame, BODY, header.blockLength(), header.version());
        for (PendingTimersDecoder.TimersDecoder one : pending.timers()) {
            if (timers.isSet(one.timer())) {
                throw new IOException("timer %d is set twice in a snapshot".formatted(one.timer()));
            }
            timers.set(one.timer(), one.isByStopwatch() != 0, one.due());
        }
    }

    private void readRenewal() throws IOException {
        if (last == null) {
            throw new IOException("a last word without a session in a snapshot");
        }
        SessionRenewalDecoder renewal = new SessionRenewalDecoder();
        renewal.wrap(frame, BODY, header.blockLength(), header.version());
        last.renew(renewal.slot(), renewal.readingMs());
    }

    private void readEnded() {
        EndedSessionsDecoder ended = new EndedSessionsDecoder();
        ended.wrap(frame, BODY, header.blockLength(), header.version());
        for (EndedSessionsDecoder.SessionsDecoder one : ended.sessions()) {
            long session = one.session();
            long lastSequence = one.lastSequence();
            SecretHash secret =
                    new SecretHash(
                            one.secretHash1(),
                            one.secretHash2(),
                            one.secretHash3(),
                            one.secretHash4());
            sessions.recoverEnded(new Ended(session, lastSequence, secret));
        }
    }

    private void readOpen() throws IOException {
        OpenSessionDecoder open = new OpenSessionDecoder();
        open.wrap(frame, BODY, header.blockLength(), header.version());
        long session = open.session();
        if (session > slot || (last != null && session <= last.id())) {
            throw new IOException("session %d is out of order in a snapshot".formatted(session));
        }
        long nonce = open.nonce();
        SecretHash secret =
                new SecretHash(
                        open.secretHash1(),
                        open.secretHash2(),
                        open.secretHash3(),
                        open.secretHash4());
        last = sessions.add(session, nonce, secret);
        last.replies().clear(open.firstSequence());
    }

    private void readReplies() throws IOException {
        if (last == null) {
            throw new IOException("replies without a session in a snapshot");
        }
        KeptRepliesDecoder kept = new KeptRepliesDecoder();
        kept.wrap(frame, BODY, header.blockLength(), header.version());
        for (KeptRepliesDecoder.RepliesDecoder one : kept.replies()) {
            long at = one.slot();
            boolean isSkipped = one.isSkipped() != 0;
            one.wrapReply(bytes);
            if (isSkipped) {
                last.replies().appendSkipped(at);
            } else {
                last.replies().append(at, bytes, bytes.capacity());
            }
        }
    }

    private void readTaken() throws IOException {
        if (last == null || last.events() != null) {
            throw new IOException("events taken without a session in a snapshot");
        }
        EventsTakenDecoder taken = new EventsTakenDecoder();
        taken.wrap(frame, BODY, header.blockLength(), header.version());
        sessions.keepsEvents(last).recoverTaken(taken.slot(), taken.index());
    }

    private void readEvents() throws IOException {
        if (last == null || last.events() == null) {
            throw new IOException("events without a session in a snapshot");
        }
        EventQueue events = last.events();
        KeptEventsDecoder kept = new KeptEventsDecoder();
        kept.wrap(frame, BODY, header.blockLength(), header.version());
        for (KeptEventsDecoder.EventsDecoder one : kept.events()) {
            long at = one.slot();
            int index = one.index();
            one.wrapPayload(bytes);
            events.append(at, index, bytes, 0, bytes.capacity());
        }
    }

    private void requireAll() throws IOException {
        ApplicationStateDecoder application = new ApplicationStateDecoder();
        application.wrap(frame, BODY, header.blockLength(), header.version());
        int expected = application.sessions();
        if (sessions.size() != expected) {
            throw new IOException(
                    "a snapshot has %d sessions where it says %d"
                            .formatted(sessions.size(), expected));
        }
        sessions.recovered();
    }

    SessionTable sessions() {
        return sessions;
    }

    Stopwatch stopwatch() {
        return stopwatch;
    }

    Timers timers() {
        return timers;
    }

    AgreedEntries agreed() {
        return agreed;
    }

    SessionLimits limits() {
        return limits;
    }

    /** Slots up to {@link #slot()} that the log skips. */
    long[] skipped() {
        return skipped;
    }

    long slot() {
        return slot;
    }

    long timeNs() {
        return timeNs;
    }

    long hash() {
        return hash;
    }
}
