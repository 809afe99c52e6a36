package io.paxoslog.gateway;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.EndReason;
import io.paxoslog.codecs.client.FailureCode;

/**
 * One client as this node knows it: the link back, the session it brought, and what it is still to
 * be told. Everything to be told is state, not a queue: a slow client costs no memory.
 */
final class Connection {
    /** Nobody there by then: nobody ever was. */
    static final int REACH_TICKS = 2_000;

    /** Its host says that nobody listens there any more, and nothing else came meanwhile. */
    static final int REFUSED_TICKS = 500;

    private static final long NO_SESSION = 0;
    private static final long NO_ATTACHMENT = 0;

    final int image;
    final long link;
    final long id;
    final ResponseLink out;
    final TailPosition tail = new TailPosition();
    final SessionClaim claim = new SessionClaim();
    final Question question = new Question();

    private long session = NO_SESSION;
    private long doubted = NO_SESSION;
    private long doubtedUntil;
    private long firstHeard;
    private long lostSession;
    private long nextSequence;
    private long gapFloor;
    private int attempt;
    private boolean isWaitingForResume;

    /**
     * Tells replies that were asked for now from those that were asked for earlier; 0: none are.
     */
    private long attachment;

    private long toldAttachment;
    private long replyCursor;
    private long eventSlot;
    private int eventIndex;
    private long life;
    private long sentEventSlot;
    private int sentEventIndex;

    /** It said that it lives, and is to hear which event was the last that was said to it. */
    boolean isLastEventDue;

    private long takenOf;
    private long takenSlot;
    private int takenIndex;
    private boolean isHeldUp;
    private boolean isGoingOn;
    private long lastConnectedTick;
    private boolean wasReached;

    /** IP:PORT where this client listens, for messages to people. */
    String endpoint = "";

    /** Nobody answers it any more. */
    boolean isRemoved;

    /** Answers to reads for which its link had no room yet. */
    int answersWaiting;

    /** Null until this client decides something. */
    Deciding deciding;

    /** Null until this client wants a snapshot. */
    Snapshotting snapshotting;

    boolean isWelcomeDue = true;
    boolean isRedirectDue;
    boolean isGapDue;
    boolean isLossDue;
    boolean isStatusDue;
    boolean isMembersDue;

    /** It asked who the members are, and is told of others as soon as there are any. */
    boolean followsMembers;

    boolean isVersionDue;

    /** What to answer to who wants other members; null when nothing is. */
    ChangeAnswer changeAnswer;

    /** What to answer to who wants another leader; null when nothing is. */
    TransferAnswer transferAnswer;

    boolean isOpenDue;

    /** It was not told yet how often it is to say that it lives. */
    boolean isKeepAliveDue;

    /** What its session may keep in flight has changed since it was told. */
    boolean isWindowDue;

    long gapExpected;
    long statusCorrelation;
    long membersCorrelation;
    long versionCorrelation;
    long nonce;
    SecretHash secret = SecretHash.NONE;
    long openedSession;
    long closingSession;
    long endedSession;
    EndReason endReason;
    FailureCode failure;
    long failureAbout;
    long failureBound;

    Connection(int image, long link, long id, ResponseLink out, long nowTick) {
        this.image = image;
        this.link = link;
        this.id = id;
        this.out = out;
        this.lastConnectedTick = nowTick;
    }

    /**
     * Takes a session: replies and commands go on from where a claim says, and events behind that.
     *
     * @param before who has the session, perhaps this one; null when nobody has
     * @param lastSlot last slot of what was heard before
     * @param newAttachment a number that none had before
     */
    void attach(Claim claim, Connection before, long lastSlot, long newAttachment) {
        if (before != null && before.hasHeardFor(claim)) {
            firstHeard = before.firstHeard;
            nextSequence = before.nextSequence;
            gapFloor = before.gapFloor;
        } else {
            firstHeard = claim.awaited();
            nextSequence = claim.awaited();
            // Commands heard before say nothing about those that come from now on.
            gapFloor = lastSlot;
        }
        session = claim.session();
        eventSlot = claim.eventSlot();
        eventIndex = claim.eventIndex();
        sentEventSlot = 0;
        repliesFrom(claim.awaited(), newAttachment);
        attempt = claim.attempt();
        life = claim.life();
        isWaitingForResume = false;
        isGapDue = false;
        isKeepAliveDue = true;
        lostSession = NO_SESSION;
        isLossDue = false;
    }

    private void repliesFrom(long sequence, long newAttachment) {
        attachment = newAttachment;
        replyCursor = sequence;
        isHeldUp = false;
        isGoingOn = false;
    }

    void detach() {
        lostSession = session == NO_SESSION ? lostSession : session;
        session = NO_SESSION;
        attachment = NO_ATTACHMENT;
        isHeldUp = false;
        isGapDue = false;
        doubted = NO_SESSION;
    }

    /** Whether a session that it brings is of this log is known once a slot is applied. */
    void doubt(long someSession, long untilSlot) {
        doubted = someSession;
        doubtedUntil = untilSlot;
    }

    boolean isDoubted(long someSession) {
        return doubted == someSession && doubted != NO_SESSION;
    }

    long doubtedUntil() {
        return doubtedUntil;
    }

    /** Whoever still takes a session for brought is told that it is not, so that it resumes. */
    void believes(long someSession) {
        isLossDue = someSession == lostSession && lostSession != NO_SESSION;
    }

    /** The session that this one had, and has no more. */
    long lostSession() {
        return lostSession;
    }

    boolean isAttachedTo(long someSession) {
        return session == someSession && session != NO_SESSION;
    }

    long session() {
        return session;
    }

    int attempt() {
        return attempt;
    }

    /** Whether a claim was made before the one by which this one has its session. */
    boolean hasLaterThan(Claim claim) {
        return life == claim.life() && attempt > claim.attempt();
    }

    /**
     * Whether what this one heard of a session counts for a claim, too: made by the same process,
     * while nothing was missed. Its commands will be chosen as long as this node leads, and a
     * client that sends them again, as replies take long, must not make them take longer still.
     */
    private boolean hasHeardFor(Claim claim) {
        return isAttachedTo(claim.session())
                && life == claim.life()
                && !isWaitingForResume
                && claim.awaited() >= firstHeard
                && claim.awaited() <= nextSequence;
    }

    /** Whether all of these commands were heard and will be chosen. */
    boolean hasHeard(long firstSequence, int commands) {
        return !isWaitingForResume
                && firstSequence >= firstHeard
                && firstSequence + commands <= nextSequence;
    }

    /** Whether these commands follow what was heard; if not, nothing counts until a resume. */
    boolean follows(long firstSequence) {
        if (isWaitingForResume) {
            return false;
        }
        if (firstSequence < firstHeard || firstSequence > nextSequence) {
            gap(nextSequence);
            return false;
        }
        return true;
    }

    /** Commands are heard that follow, perhaps some of them again. */
    void heard(long firstSequence, int commands) {
        nextSequence = Math.max(nextSequence, firstSequence + commands);
    }

    /** Commands from a sequence on came too early to be taken. */
    void missed(long expected) {
        gap(expected);
    }

    /** Whether this client asked for a session with this nonce and the hash of this secret. */
    boolean hasAskedFor(long someNonce, SecretHash someSecret) {
        return nonce == someNonce && secret.isSame(someSecret);
    }

    /** A command at {@code slot} took no effect for want of {@code expected}. */
    void refusedAt(long slot, long expected) {
        if (slot > gapFloor && !isWaitingForResume) {
            gap(expected);
        }
    }

    private void gap(long expected) {
        isWaitingForResume = true;
        isGapDue = true;
        gapExpected = expected;
    }

    void ended(long endedId, EndReason reason) {
        endedSession = endedId;
        endReason = reason;
    }

    void failed(FailureCode code, long about, long bound) {
        failure = code;
        failureAbout = about;
        failureBound = bound;
    }

    /** Lowest sequence that is to be answered under the present attachment. */
    long replyCursor() {
        return replyCursor;
    }

    long attachment() {
        return attachment;
    }

    /** Whether replies asked for under this attachment are still to be sent. */
    boolean takesRepliesOf(long someAttachment) {
        return attachment == someAttachment && !isHeldUp;
    }

    /** Position of the last event before those that come under the present attachment. */
    long eventSlot() {
        return eventSlot;
    }

    int eventIndex() {
        return eventIndex;
    }

    /** Events up to a position were said. */
    void saidEvents(long lastSlot, int lastIndex) {
        sentEventSlot = lastSlot;
        sentEventIndex = lastIndex;
    }

    /** Slot of the last event that was said since the session was brought; 0: none was. */
    long sentEventSlot() {
        return sentEventSlot;
    }

    int sentEventIndex() {
        return sentEventIndex;
    }

    /** The link took no more: whatever comes from here on has to be asked for again. */
    void heldUpAt(long nextReply, long lastEventSlot, int lastEventIndex) {
        replyCursor = nextReply;
        eventSlot = lastEventSlot;
        eventIndex = lastEventIndex;
        isHeldUp = true;
    }

    boolean isHeldUp() {
        return isHeldUp;
    }

    /** The link has room again. */
    void goOn(long newAttachment) {
        repliesFrom(replyCursor, newAttachment);
        isGoingOn = true;
    }

    /** Replies that were asked for come. */
    void repliesCome() {
        isGoingOn = false;
    }

    /** Whether replies that come before anything newer were not said yet. */
    boolean lacksReplies() {
        return isHeldUp || isGoingOn;
    }

    /** Whether the one who applies knows of another attachment, or of none. */
    boolean isAttachmentDue() {
        return attachment != toldAttachment;
    }

    void attachmentTold() {
        toldAttachment = attachment;
    }

    /** Whether it was ever told of one, and not of its end. */
    boolean isAttachmentKnown() {
        return toldAttachment != NO_ATTACHMENT;
    }

    /** It has all events of its session up to a position, which is to be put into the log. */
    void takeEvents(long slot, int index) {
        takenOf = session;
        takenSlot = slot;
        takenIndex = index;
    }

    /** Whether there are events that it has taken and of which the log was not told. */
    boolean areEventsTaken() {
        return takenOf != NO_SESSION;
    }

    void takenEventsSaid() {
        takenOf = NO_SESSION;
    }

    /** The session whose events they are. */
    long takenOf() {
        return takenOf;
    }

    long takenSlot() {
        return takenSlot;
    }

    int takenIndex() {
        return takenIndex;
    }

    /** Whether the client can no longer be reached. */
    boolean isGone(long nowTick, int timeoutTicks) {
        if (out.isConnected()) {
            lastConnectedTick = nowTick;
        }
        int patience = Math.min(timeoutTicks, patienceTicks());
        return out.isBroken() || nowTick - lastConnectedTick > patience;
    }

    private int patienceTicks() {
        if (!wasReached()) {
            return REACH_TICKS;
        }
        return out.isRefused() ? REFUSED_TICKS : Integer.MAX_VALUE;
    }

    /** Whether somebody has ever listened where this client said that it does. */
    boolean wasReached() {
        wasReached |= out.isConnected();
        return wasReached;
    }

    /** How far a client that tails the log, or subscribes to it, has been served. */
    static final class TailPosition {
        /** Wanted is the first slot that is kept. */
        static final long FIRST_KEPT = 0;

        private static final long NEVER = Long.MIN_VALUE / 2;

        boolean isRunning;
        boolean isSubscription;
        long clusterId;
        long correlation;
        long nextSlot;
        long toSlot;

        /** Where the last message ended. */
        long toldSlot;

        long toldTick;

        void start(long newCorrelation, long fromSlot, long lastSlot) {
            begin(newCorrelation, Math.max(1, fromSlot), lastSlot);
            isSubscription = false;
            clusterId = 0;
        }

        void subscribe(long newCorrelation, long ofCluster, long fromSlot) {
            begin(newCorrelation, fromSlot, Long.MAX_VALUE);
            isSubscription = true;
            clusterId = ofCluster;
        }

        private void begin(long newCorrelation, long fromSlot, long lastSlot) {
            isRunning = true;
            correlation = newCorrelation;
            nextSlot = fromSlot;
            toldSlot = fromSlot;
            toldTick = NEVER;
            toSlot = lastSlot;
        }

        void end(long itsCorrelation) {
            isRunning = isRunning && correlation != itsCorrelation;
        }

        /** The client was told where it stands. */
        void told(long slot, long tick) {
            nextSlot = slot;
            toldSlot = slot;
            toldTick = tick;
        }
    }
}
