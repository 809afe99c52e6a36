package io.paxoslog.client;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.CloseSessionEncoder;
import io.paxoslog.codecs.client.CommandsEncoder;
import io.paxoslog.codecs.client.EndReason;
import io.paxoslog.codecs.client.EventsTakenEncoder;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.KeepAliveEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.OpenSessionEncoder;
import io.paxoslog.codecs.client.ResumeEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The session of a client and the commands it has in flight. Whoever leads gets them in order from
 * the first that is not answered; the sequence makes each take effect once, however often it is
 * sent.
 */
final class ClientSession implements NodeMessages {
    private enum State {
        OPENING,
        TAKING_UP,
        OPEN,
        CLOSING,
        ENDED
    }

    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;

    /** Each takes more room in a batch of the leader than here, and all of a message must fit. */
    private static final int MOST_TOGETHER = 1024;

    static final int COMMANDS_BYTES =
            HEADER_BYTES
                    + CommandsEncoder.BLOCK_LENGTH
                    + CommandsEncoder.ItemsEncoder.sbeHeaderSize();

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final OpenSessionEncoder openSession = new OpenSessionEncoder();
    private final ResumeEncoder resume = new ResumeEncoder();
    private final CommandsEncoder commands = new CommandsEncoder();
    private final KeepAliveEncoder keepAlive = new KeepAliveEncoder();
    private final EventsTakenEncoder eventsTaken = new EventsTakenEncoder();
    private final CloseSessionEncoder closeSession = new CloseSessionEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[128]);
    private final MemberLinks links;
    private final CommandRing ring;
    private final ReplyListener listener;
    private final long nonce;
    private final SessionSecret secret;
    private final int resendMs;

    private State state = State.OPENING;
    private ClientError endedBy;
    private ClientError refusedBy;
    private long session;
    private long cluster;
    private int maxInFlight = Integer.MAX_VALUE;
    private int maxInFlightBytes = Integer.MAX_VALUE;
    private MemberLink attachedTo;
    private long attachedIn;
    private boolean isAttachHeard;
    private MemberLink askedFrom;
    private long nextToSend;
    private long progressMs;
    private long askedMs;
    private long nowMs;
    private int attempt;
    private int keepAliveMs;
    private long saidMs;
    private long life;
    private SessionEnd sessionEnd;
    private final HeardEvents events = new HeardEvents();

    ClientSession(
            MemberLinks links,
            CommandRing ring,
            ReplyListener listener,
            long nonce,
            SessionSecret secret,
            int resendMs) {
        this.links = links;
        this.ring = ring;
        this.listener = listener;
        this.nonce = nonce;
        this.secret = secret;
        this.resendMs = resendMs;
    }

    /**
     * Begins with a session that another process had.
     *
     * @param newLife drawn; not 0
     */
    void takeUp(SessionToken token, long newLife) {
        state = State.TAKING_UP;
        session = token.session();
        cluster = token.clusterId();
        life = newLife;
        ring.beginAt(token.nextSequence());
        events.beginBehind(token.eventSlot(), token.eventIndex());
    }

    /** Keeps a command and returns its sequence, or the error as a negative number. */
    long offer(DirectBuffer buffer, int offset, int length) {
        if (state == State.CLOSING || state == State.ENDED) {
            return (endedBy == null ? ClientError.CLOSED : endedBy).asResult();
        }
        if (length > links.maxCommandBytes() || !ring.canEverTake(length)) {
            return ClientError.TOO_LARGE.asResult();
        }
        if (links.lacksRoom()) {
            return ClientError.DISK_FULL.asResult();
        }
        if (ring.count() >= maxInFlight || ring.bytesWith(length) > maxInFlightBytes) {
            return ClientError.WINDOW_FULL.asResult();
        }
        long sequence = ring.add(buffer, offset, length);
        return sequence > 0 ? sequence : ClientError.WINDOW_FULL.asResult();
    }

    /** Says to the leader what is to be said; returns how many messages it took. */
    int tick(long newNowMs) {
        nowMs = newNowMs;
        MemberLink leader = links.leader();
        if (leader == null) {
            attachedTo = null;
            askedFrom = null;
            return 0;
        }
        return switch (state) {
            case OPENING -> isAskDue(leader) ? asked(leader, sendOpen(leader)) : 0;
            case TAKING_UP -> attach(leader);
            case OPEN ->
                    attach(leader) + sendCommands(leader) + sayTaken(leader) + sayAlive(leader);
            case CLOSING -> isAskDue(leader) ? asked(leader, sendClose(leader)) : 0;
            case ENDED -> 0;
        };
    }

    private boolean isAskDue(MemberLink leader) {
        return askedFrom != leader || nowMs - askedMs >= resendMs;
    }

    private int asked(MemberLink leader, boolean isSent) {
        if (!isSent) {
            return 0;
        }
        askedFrom = leader;
        askedMs = nowMs;
        return 1;
    }

    private boolean sendOpen(MemberLink leader) {
        SecretHash hash = secret.hash();
        openSession
                .wrapAndApplyHeader(message, 0, header)
                .nonce(nonce)
                .secretHash1(hash.first())
                .secretHash2(hash.second())
                .secretHash3(hash.third())
                .secretHash4(hash.fourth());
        return leader.send(message, HEADER_BYTES + openSession.encodedLength());
    }

    private boolean sendClose(MemberLink leader) {
        closeSession
                .wrapAndApplyHeader(message, 0, header)
                .session(session)
                .secretHigh(secret.high())
                .secretLow(secret.low());
        return leader.send(message, HEADER_BYTES + closeSession.encodedLength());
    }

    /**
     * Brings the session to the leader, anew when replies stay away, or its word how often it is to
     * hear of this client; all is sent from there on.
     */
    private int attach(MemberLink leader) {
        boolean isAwaited = !ring.isEmpty() || state == State.TAKING_UP || !isAttachHeard;
        boolean isOverdue = isAwaited && nowMs - progressMs > resendMs;
        if (attachedTo == leader && !isOverdue) {
            return 0;
        }
        resume.wrapAndApplyHeader(message, 0, header)
                .session(session)
                .awaited(ring.first())
                .attempt(attempt + 1)
                .secretHigh(secret.high())
                .secretLow(secret.low())
                .life(life)
                .eventSlot(events.takenSlot())
                .eventIndex(events.takenIndex());
        if (!leader.send(message, HEADER_BYTES + resume.encodedLength())) {
            return 0;
        }
        events.said();
        attempt++;
        attachedTo = leader;
        attachedIn = leader.ballot();
        isAttachHeard = false;
        nextToSend = ring.first();
        progressMs = nowMs;
        // That it was opened stands in the log; that it was resumed does not.
        saidMs = attempt == 1 && life == 0 ? nowMs : nowMs - keepAliveMs;
        return 1;
    }

    /** Lets the cluster forget the events that this client has. */
    private int sayTaken(MemberLink leader) {
        if (!events.isSayDue(nowMs, keepAliveMs) || attachedTo != leader) {
            return 0;
        }
        eventsTaken
                .wrapAndApplyHeader(message, 0, header)
                .session(session)
                .slot(events.takenSlot())
                .index(events.takenIndex());
        if (!leader.send(message, HEADER_BYTES + eventsTaken.encodedLength())) {
            return 0;
        }
        events.said();
        saidMs = nowMs;
        return 1;
    }

    /** What the log has of this client keeps its session open. */
    private int sayAlive(MemberLink leader) {
        if (keepAliveMs == 0 || attachedTo != leader || nowMs - saidMs < keepAliveMs) {
            return 0;
        }
        keepAlive.wrapAndApplyHeader(message, 0, header).session(session);
        if (!leader.send(message, HEADER_BYTES + keepAlive.encodedLength())) {
            return 0;
        }
        saidMs = nowMs;
        return 1;
    }

    private int sendCommands(MemberLink leader) {
        int sent = 0;
        while (attachedTo == leader && isInWindow(nextToSend)) {
            int count = runInWindow(leader);
            if (!leader.carries(COMMANDS_BYTES + ring.runBytes())) {
                // Offered before any member had said what the cluster takes.
                end(ClientError.TOO_LARGE);
                return sent;
            }
            commands.wrapAndApplyHeader(message, 0, header)
                    .session(session)
                    .awaited(ring.first())
                    .firstSequence(nextToSend)
                    .itemsCount(count);
            int at = ring.offset(nextToSend);
            if (!leader.send(message, COMMANDS_BYTES, ring.buffer(), at, ring.runBytes())) {
                return sent;
            }
            if (nextToSend == ring.first()) {
                progressMs = nowMs;
            }
            nextToSend += count;
            saidMs = nowMs;
            sent++;
        }
        return sent;
    }

    /**
     * Whether the session may have it in flight now. That may be less than when it was offered:
     * what is sent beyond takes a slot and no effect.
     */
    private boolean isInWindow(long sequence) {
        return sequence <= ring.last()
                && sequence - ring.first() < maxInFlight
                && (sequence == ring.first() || ring.bytesUpTo(sequence) <= maxInFlightBytes);
    }

    private int runInWindow(MemberLink leader) {
        long before = nextToSend - ring.first();
        long bytesBefore = before == 0 ? 0 : ring.bytesUpTo(nextToSend - 1);
        long bytes =
                Math.min(leader.fragmentBytes() - COMMANDS_BYTES, maxInFlightBytes - bytesBefore);
        return ring.run(
                nextToSend, (int) bytes, (int) Math.min(MOST_TOGETHER, maxInFlight - before));
    }

    /** A leader that did not lead in between, or leads anew, knows of no session any more. */
    @Override
    public void welcomed(MemberLink from, boolean isNew) {
        boolean leadsOn = from.takesCommands() && from.ballot() == attachedIn;
        if (from == attachedTo && (isNew || !leadsOn)) {
            attachedTo = null;
        }
        if (from == askedFrom && isNew) {
            askedFrom = null;
        }
    }

    @Override
    public void cluster(long clusterId) {
        if (state == State.OPENING) {
            cluster = clusterId;
        }
    }

    /** The cluster of the session; 0 until there is one. */
    long cluster() {
        return cluster;
    }

    /** By what the outcome of a command can be asked for; null before there is a session. */
    OutcomeToken tokenOf(long sequence) {
        boolean isKnown = session != 0 && sequence >= 1 && sequence <= ring.last();
        return isKnown
                ? new OutcomeToken(cluster, session, sequence, secret.high(), secret.low())
                : null;
    }

    @Override
    public void sessionOpened(
            MemberLink from, long openNonce, long opened, int inFlight, int inFlightBytes) {
        boolean isKnown = state == State.OPEN || state == State.TAKING_UP;
        boolean isSaidAnew = isKnown && opened == session && from == links.leader();
        if (!isSaidAnew && (state != State.OPENING || openNonce != nonce)) {
            return;
        }
        if (state == State.TAKING_UP) {
            // Whoever takes it up is told of nothing before he has the client.
            attachedTo = null;
        }
        state = State.OPEN;
        session = opened;
        maxInFlight = inFlight;
        maxInFlightBytes = inFlightBytes;
    }

    @Override
    public void keepAliveWanted(long of, int everyMs) {
        if (of == session && everyMs > 0) {
            isAttachHeard = true;
            keepAliveMs = everyMs;
        }
    }

    @Override
    public void reply(
            long of, long sequence, long slot, DirectBuffer buffer, int offset, int length) {
        if (takeFirst(of, sequence)) {
            listener.onReply(sequence, slot, buffer, offset, length);
        }
    }

    @Override
    public void skipped(long of, long sequence, long slot) {
        if (takeFirst(of, sequence)) {
            listener.onSkipped(sequence, slot);
        }
    }

    /** Whether this answers the first command in flight, which then is none any more. */
    private boolean takeFirst(long of, long sequence) {
        if (of != session || ring.isEmpty() || sequence < ring.first()) {
            return false;
        }
        if (sequence > ring.first()) {
            // Replies in between never came this way: ask for them.
            attachedTo = null;
            return false;
        }
        ring.removeFirst();
        nextToSend = Math.max(nextToSend, ring.first());
        progressMs = nowMs;
        return true;
    }

    @Override
    public void eventsLost(long of, long slot, int index) {
        if (of == session && events.isNew(slot, index)) {
            events.heard(slot, index, 0);
            listener.onEventsLost(slot, index);
        }
    }

    /** Events in between never came this way: they are asked for, as all are once it resumes. */
    @Override
    public boolean eventsBehind(long of, long slot, int index) {
        if (of != session || attachedTo == null || state == State.TAKING_UP) {
            return false;
        }
        boolean isGap = events.isNew(slot, index);
        if (isGap) {
            attachedTo = null;
        }
        return !isGap;
    }

    /** What is told once more, as a listener threw at another one beside it, was heard. */
    @Override
    public void event(long slot, int index, DirectBuffer buffer, int offset, int length) {
        if (events.isNew(slot, index)) {
            events.heard(slot, index, length);
            listener.onEvent(slot, index, buffer, offset, length);
        }
    }

    @Override
    public void gap(MemberLink from, long of, int gapAttempt) {
        if (of == session && from == attachedTo && gapAttempt == attempt) {
            attachedTo = null;
        }
    }

    @Override
    public void sessionEnded(long ended, EndReason reason) {
        if (ended == session && session != 0) {
            sessionEnd = SessionEnd.of(reason);
            end(state == State.CLOSING ? ClientError.CLOSED : ClientError.SESSION_EXPIRED);
        }
    }

    @Override
    public void failure(MemberLink from, long about, FailureCode code) {
        switch (code) {
            case TOO_MANY_SESSIONS -> refuse(about, ClientError.SESSION_REFUSED);
            case TOO_LARGE -> end(ClientError.TOO_LARGE);
            case TOO_MANY_CLIENTS -> refusedFor(from, ClientError.CLIENT_REFUSED);
            case WRONG_VERSION -> refusedFor(from, ClientError.WRONG_VERSION);
            default -> {
                // Said by a newer node to newer clients.
            }
        }
    }

    private void refuse(long openNonce, ClientError error) {
        if (state == State.OPENING && openNonce == nonce) {
            end(error);
        }
    }

    private void refusedFor(MemberLink from, ClientError error) {
        refusedBy = error;
        links.refused(from);
    }

    /** Nothing is sent any more; what was unanswered stays unknown. */
    void end(ClientError error) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        endedBy = error;
        if (!ring.isEmpty()) {
            long first = ring.first();
            long last = ring.last();
            ring.clear();
            listener.onUnknown(first, last, error);
        }
    }

    /** Gives the session back; the session ends once the cluster has confirmed it. */
    void beginClose() {
        if (state == State.OPEN || state == State.TAKING_UP) {
            state = State.CLOSING;
            askedFrom = null;
        } else {
            end(ClientError.CLOSED);
        }
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean hasEnded() {
        return state == State.ENDED;
    }

    /** Why it ended; null while it has not. */
    ClientError endedBy() {
        return endedBy;
    }

    /** Why the session is over, as a node said; null as long as none did. */
    SessionEnd sessionEnd() {
        return sessionEnd;
    }

    /** The first command that is not answered, or the next one. */
    long firstUnanswered() {
        return ring.first();
    }

    /** By what another process can take this session up; null before there is one. */
    SessionToken token() {
        return session == 0
                ? null
                : new SessionToken(
                        cluster,
                        session,
                        secret.high(),
                        secret.low(),
                        ring.first(),
                        events.slot(),
                        events.index());
    }

    /** How far events are. */
    HeardEvents events() {
        return events;
    }

    /** What a member refused this client for, lately; null when none did. */
    ClientError refusedBy() {
        return refusedBy;
    }

    /** Whether the leader owes something, if only that it is there to hear that this one lives. */
    boolean isAwaiting() {
        boolean isToBeKept = state == State.OPEN && (keepAliveMs > 0 || events.slot() > 0);
        boolean isAsking = state != State.OPEN && state != State.ENDED;
        return isAsking || isToBeKept || !ring.isEmpty();
    }

    long id() {
        return session;
    }
}
