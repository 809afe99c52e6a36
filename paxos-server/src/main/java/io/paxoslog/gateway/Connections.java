package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyFacts;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.Resumption;
import io.paxoslog.apply.SnapshotAnswer;
import io.paxoslog.codecs.SecretHash;
import io.paxoslog.codecs.client.EndReason;
import io.paxoslog.codecs.client.EventsDecoder;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.MessageHeaderDecoder;
import io.paxoslog.codecs.client.ReadKind;
import io.paxoslog.core.Change;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Role;
import io.paxoslog.gateway.SessionOwners.Verdict;
import io.paxoslog.service.CommandFate;
import io.paxoslog.service.EntryFormat;
import io.paxoslog.service.SessionLimits;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The clients of this node: hears what they say and what was decided about it, and notes whom to
 * tell. Knows no Aeron.
 */
final class Connections implements ClientMessages, ApplyFacts {
    private static final UnsafeBuffer NO_BYTES = new UnsafeBuffer(new byte[0]);

    private final SessionOwners owners;
    private final UnsafeBuffer secretBytes = new UnsafeBuffer(new byte[SecretHash.BYTES]);

    private final GatewayConfig config;
    private final Proposals proposals;
    private final CommandBatch batch;
    private final OpenLinks links;
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final EventsDecoder events = new EventsDecoder();
    private final ApplyOrders orders;
    private final Applied applied;
    private final NodeStatus status;
    private final Changing changing;
    private final Transferring transferring;
    private final ReadDesk reads;
    private final PassedTime passed;
    private final SessionLives lives;
    private final DueTimers timers;
    private final TakenEvents taken;
    private long lastAttachment;
    private long knownBallot;
    private int knownLeader;
    private boolean tookCommands;
    private boolean lackedRoom;
    private long knownMembershipSlot;
    private boolean isFull;
    private boolean isRestoring;
    private long strangers;

    Connections(
            GatewayConfig config,
            Proposals proposals,
            CommandBatch batch,
            ApplyOrders orders,
            Applied applied,
            NodeStatus status,
            ResponseLink.Factory ways) {
        this.config = config;
        this.proposals = proposals;
        this.batch = batch;
        this.orders = orders;
        this.applied = applied;
        this.status = status;
        changing = new Changing(proposals, status);
        transferring = new Transferring(proposals, status);
        owners = new SessionOwners(applied.limits().maxSessions());
        passed = new PassedTime(proposals, applied.limits().times().stepMs());
        lives = new SessionLives(proposals, batch, applied.limits().times(), passed);
        timers = new DueTimers(proposals, batch, passed);
        taken = new TakenEvents(proposals, batch);
        links = new OpenLinks(config, orders, ways);
        reads = new ReadDesk(config, proposals, batch, orders, applied, status);
    }

    /** Time: ticks, and the wall clock in nanoseconds since 1970. */
    void onTick(long tick, long wallClockNs) {
        links.onTick(tick, wallClockNs);
        passed.onTick(tick, !isFull);
        timers.onTick(tick);
        reads.onTick(tick, wallClockNs);
    }

    @Override
    public void hello(int image, long link, int protocolVersion, String responseEndpoint) {
        if (!links.hello(image, link, protocolVersion, responseEndpoint)) {
            // It says so again, until there is room.
            strangers++;
        }
    }

    /**
     * Whether the replica takes no more: then nothing that needs a slot is heard, and all else is,
     * so that clients know that this node lives.
     */
    void beFull(boolean full) {
        links.beginTurn();
        isFull = full;
    }

    /** Whether sessions expire, and how often their clients are to say that they live. */
    SessionLives lives() {
        return lives;
    }

    /**
     * Adds to the batch of this turn what is to be said of sessions, timers and events. While what
     * was heard before waits for room in the window, words of clients wait, too, and share an
     * entry: they come in each turn, and the batch would not become empty any more.
     *
     * @param isAllHeard whether all was read that had come when this was said last
     */
    void endTurn(boolean isAllHeard) {
        lives.endTurn(isFull, isAllHeard, owners.count());
        timers.endTurn(isFull);
        if (!isFull) {
            taken.endTurn();
        }
        if (!lives.isAnybodyMortal(owners.count()) && !timers.goByStopwatch()) {
            passed.take();
        }
    }

    @Override
    public boolean openSession(int image, long nonce, SecretHash secret, boolean isKeptAlive) {
        Connection client = leaderOnly(image);
        if (client == null) {
            return true;
        }
        if (secret.isSame(SecretHash.NONE)) {
            // Such a session would be anybody's.
            strangers++;
            return true;
        }
        client.nonce = nonce;
        client.secret = secret;
        secret.write(secretBytes, 0);
        return add(
                EntryFormat.OPEN_SESSION,
                nonce,
                isKeptAlive ? EntryFormat.KEPT_ALIVE : 0,
                secretBytes);
    }

    @Override
    public void keepAlive(int image, long session) {
        Connection client = leaderOnly(image);
        if (client == null || client.claim.isOpenFor(session)) {
            return;
        }
        if (client.isAttachedTo(session)) {
            lives.keepAlive(session);
            client.isLastEventDue = client.sentEventSlot() != 0;
        } else {
            client.isWelcomeDue = true;
            client.believes(session);
        }
    }

    /** Who is not attached resumes, and says so then. */
    @Override
    public void eventsTaken(int image, long session, long slot, int index) {
        keepAlive(image, session);
        Connection client = links.of(image);
        if (client != null && client.isAttachedTo(session)) {
            taken.take(client, slot, index);
        }
    }

    @Override
    public boolean closeSession(int image, long session, SecretHash secret) {
        Connection client = leaderOnly(image);
        if (client == null) {
            return true;
        }
        return switch (verdictOn(client, session, secret)) {
            case OWNER -> {
                client.closingSession = session;
                yield add(EntryFormat.CLOSE_SESSION, session, 0, NO_BYTES);
            }
            case NOBODY -> {
                strangers++;
                client.ended(session, EndReason.CLOSED);
                yield true;
            }
            // It asks again.
            case NOT_KNOWN_YET -> true;
        };
    }

    /**
     * An entry of its own goes into the log: whoever applies it, and leads, has applied all that
     * was chosen before it was asked.
     */
    @Override
    public boolean outcome(
            int image,
            long correlation,
            long clusterId,
            long session,
            SecretHash secret,
            long sequence) {
        Connection client = leaderOnly(image);
        if (client == null) {
            return true;
        }
        client.question.ask(correlation);
        Verdict verdict =
                clusterId == proposals.clusterId()
                        ? surely(
                                client,
                                session,
                                owners.ofAsker(
                                        session, secret, applied.index(), proposals.lastSlot()))
                        : Verdict.NOBODY;
        return switch (verdict) {
            case OWNER -> {
                if (isFull || !batch.hasRoomFor(CommandBatch.bytesNeeded(1, 0))) {
                    yield false;
                }
                batch.add(EntryFormat.ASK_OUTCOME, session, sequence, correlation, NO_BYTES, 0, 0);
                yield true;
            }
            case NOBODY -> {
                strangers++;
                client.question.answerNotKnown();
                yield true;
            }
            // It asks again.
            case NOT_KNOWN_YET -> true;
        };
    }

    @Override
    public void outcome(
            long question,
            CommandFate fate,
            long slot,
            DirectBuffer reply,
            int offset,
            int length) {
        for (int i = 0; i < links.count(); i++) {
            Connection client = links.get(i);
            if (client.question.isAbout(question)) {
                client.question.answer(fate, slot, reply, offset, length);
            }
        }
    }

    private Verdict verdictOn(Connection client, long session, SecretHash shown) {
        return surely(
                client, session, owners.of(session, shown, applied.index(), proposals.lastSlot()));
    }

    /**
     * A session from above all slots is of another log, or another leader opened it of whom this
     * node has not heard. An entry that is chosen from now on shows that there is no such leader.
     */
    private Verdict surely(Connection client, long session, Verdict verdict) {
        if (verdict != Verdict.NOBODY || session <= proposals.lastSlot()) {
            return verdict;
        }
        if (client.isDoubted(session)) {
            return applied.index() >= client.doubtedUntil() ? verdict : Verdict.NOT_KNOWN_YET;
        }
        if (!isFull && batch.hasRoomFor(CommandBatch.bytesNeeded(1, 0))) {
            client.doubt(session, proposals.lastSlot() + 1);
            batch.add(EntryFormat.ASK_OUTCOME, session, 0, 0, NO_BYTES, 0, 0);
        }
        return Verdict.NOT_KNOWN_YET;
    }

    private boolean add(short kind, long session, long sequence, UnsafeBuffer bytes) {
        int length = bytes.capacity();
        if (isFull || !batch.hasRoomFor(CommandBatch.bytesNeeded(1, length))) {
            return false;
        }
        batch.add(kind, session, sequence, 0, bytes, 0, length);
        return true;
    }

    @Override
    public void resume(int image, Claim claim) {
        Connection client = leaderOnly(image);
        if (client != null) {
            client.claim.make(claim);
            settleClaim(client);
        }
    }

    /** Judges who brought a session, as soon as it is known whose it is. */
    void settleClaim(Connection client) {
        if (!client.claim.isOpen()) {
            return;
        }
        Claim claim = client.claim.claim();
        switch (verdictOn(client, claim.session(), claim.secret())) {
            case OWNER -> {
                client.claim.settle();
                attach(client, claim);
            }
            case NOBODY -> {
                client.claim.settle();
                strangers++;
                client.ended(claim.session(), owners.whyEnded(claim.session(), claim.secret()));
            }
            case NOT_KNOWN_YET -> {
                // Heard again once more is applied.
            }
        }
    }

    private void attach(Connection client, Claim claim) {
        long session = claim.session();
        Connection before = links.ofSession(session);
        if (before != null && before.hasLaterThan(claim)) {
            // It was said before the one that counts, by a link that the client has left.
            return;
        }
        long lastSlot = proposals.lastSlot() + batch.count();
        client.attach(claim, before, lastSlot, ++lastAttachment);
        links.attach(session, client);
        if (before != null && before != client) {
            before.detach();
        }
        // A session is told the limits of when it was opened, and who takes it up knows none.
        client.isWindowDue = applied.limitsDecidedAt() > session || claim.life() != 0;
        if (claim.eventSlot() != 0) {
            taken.take(client, claim.eventSlot(), claim.eventIndex());
        }
        if (client.claim.hasMissedCommands()) {
            client.missed(claim.awaited());
        }
    }

    @Override
    public boolean commands(
            int image, long session, long awaited, long firstSequence, CommandItems items) {
        Connection client = leaderOnly(image);
        if (client == null) {
            return true;
        }
        if (client.claim.isOpenFor(session)) {
            client.claim.missCommands();
            return true;
        }
        if (!client.isAttachedTo(session)) {
            // It cannot know that its link was lost in between, unless it is told.
            client.isWelcomeDue = true;
            return true;
        }
        long bytes = CommandBatch.bytesNeeded(items.count(), items.commandBytes());
        if (items.largest() > config.maxCommandBytes() || !batch.canEverTake(bytes)) {
            client.failed(FailureCode.TOO_LARGE, session, config.maxCommandBytes());
            return true;
        }
        if (client.hasHeard(firstSequence, items.count()) || !client.follows(firstSequence)) {
            return true;
        }
        if (isFull || !batch.hasRoomFor(bytes)) {
            return false;
        }
        items.addTo(batch, EntryFormat.COMMAND, session, awaited, firstSequence);
        client.heard(firstSequence, items.count());
        return true;
    }

    /** The client, if it is known and this node may take what it says; otherwise it is told. */
    private Connection leaderOnly(int image) {
        Connection client = known(image);
        if (client == null || proposals.takesCommands()) {
            return client;
        }
        client.isRedirectDue = true;
        return null;
    }

    private Connection known(int image) {
        Connection client = links.of(image);
        if (client == null) {
            strangers++;
        }
        return client;
    }

    @Override
    public void status(int image, long correlation) {
        Connection client = known(image);
        if (client != null) {
            client.isStatusDue = true;
            client.statusCorrelation = correlation;
        }
    }

    @Override
    public void decide(int image, long correlation, Decision decision) {
        Connection client = ofLeader(image);
        if (client == null) {
            return;
        }
        if (client.deciding == null) {
            client.deciding = new Deciding(proposals, applied, config.maxCommandBytes());
        }
        client.deciding.decide(correlation, decision);
    }

    @Override
    public void version(int image, long correlation) {
        Connection client = known(image);
        if (client != null) {
            client.isVersionDue = true;
            client.versionCorrelation = correlation;
        }
    }

    @Override
    public void members(int image, long correlation) {
        Connection client = known(image);
        if (client != null) {
            client.isMembersDue = true;
            client.followsMembers = true;
            client.membersCorrelation = correlation;
        }
    }

    @Override
    public void change(int image, long correlation, Change change, boolean saysSeats) {
        Connection client = ofLeader(image);
        if (client != null) {
            changing.ask(change, saysSeats);
            client.changeAnswer = ChangeAnswer.of(correlation, changing);
        }
    }

    @Override
    public void giveUpChange(int image, long correlation) {
        Connection client = ofLeader(image);
        if (client != null) {
            changing.giveUp();
            client.changeAnswer = ChangeAnswer.of(correlation, changing);
        }
    }

    @Override
    public void transfer(int image, long correlation, int node) {
        Connection client = ofLeader(image);
        if (client != null) {
            client.transferAnswer = transferring.ask(correlation, node);
        }
    }

    /** The client, if it is known and this node leads, whether it takes commands or not. */
    private Connection ofLeader(int image) {
        Connection client = known(image);
        if (client == null || proposals.role() == Role.LEADING) {
            return client;
        }
        client.isRedirectDue = true;
        return null;
    }

    @Override
    public boolean reads(
            int image,
            ReadKind kind,
            long clusterId,
            long slot,
            int timeoutMs,
            CommandItems items) {
        Connection client = known(image);
        return client == null
                || reads.hear(client, kind, clusterId, slot, timeoutMs, items, isFull);
    }

    @Override
    public void readAnswers(
            long ticket, int count, MutableDirectBuffer answers, int offset, int length) {
        reads.answered(ticket, count, answers, offset, length);
    }

    @Override
    public void waits(long ticket) {
        reads.waits(ticket);
    }

    /** The reads of all clients. */
    ReadDesk reads() {
        return reads;
    }

    @Override
    public void tail(int image, long correlation, long fromSlot, long toSlot) {
        Connection client = known(image);
        if (client != null) {
            client.tail.start(correlation, fromSlot, toSlot);
        }
    }

    @Override
    public void subscribe(int image, long correlation, long clusterId, long fromSlot) {
        Connection client = known(image);
        if (client != null) {
            client.tail.subscribe(correlation, clusterId, fromSlot);
        }
    }

    @Override
    public void unsubscribe(int image, long correlation) {
        Connection client = known(image);
        if (client != null) {
            client.tail.end(correlation);
        }
    }

    @Override
    public void snapshot(int image, long correlation) {
        Connection client = known(image);
        if (client == null) {
            return;
        }
        if (client.snapshotting == null) {
            client.snapshotting = new Snapshotting(status.snapshots());
        }
        client.snapshotting.ask(correlation, applied.index());
    }

    @Override
    public void opened(long nonce, SecretHash secret, long session) {
        owners.opened(session, secret);
        for (int i = 0; i < links.count(); i++) {
            Connection client = links.get(i);
            if (client.hasAskedFor(nonce, secret)) {
                client.isOpenDue = true;
                client.openedSession = session;
            }
        }
    }

    @Override
    public void notOpened(long nonce, SecretHash secret) {
        for (int i = 0; i < links.count(); i++) {
            Connection client = links.get(i);
            if (client.hasAskedFor(nonce, secret)) {
                client.failed(FailureCode.TOO_MANY_SESSIONS, nonce, 0);
            }
        }
    }

    @Override
    public void closed(long session) {
        owners.closed(session, EndReason.CLOSED);
        for (int i = 0; i < links.count(); i++) {
            Connection client = links.get(i);
            if (client.closingSession == session || client.isAttachedTo(session)) {
                client.ended(session, EndReason.CLOSED);
            }
        }
    }

    @Override
    public void refused(long session, long slot, long expected, Refusal why) {
        if (why.isEnd()) {
            owners.closed(session, reasonOf(why));
        }
        Connection client = links.ofSession(session);
        if (client == null) {
            return;
        }
        if (why.isEnd()) {
            client.ended(session, owners.whyEnded(session));
        } else {
            client.refusedAt(slot, expected);
        }
    }

    private static EndReason reasonOf(Refusal why) {
        return switch (why) {
            case EVICTED -> EndReason.EVICTED;
            case SLOW -> EndReason.SLOW;
            case REFOUNDED -> EndReason.REFOUNDED;
            default -> EndReason.EXPIRED;
        };
    }

    @Override
    public void withoutEffect(long slot) {
        applied.withoutEffect(slot);
    }

    @Override
    public void limited(long decidedAt, SessionLimits limits) {
        applied.limited(decidedAt, limits);
        owners.limitTo(limits.maxSessions());
        for (int i = 0; i < links.count(); i++) {
            Connection client = links.get(i);
            client.isWindowDue = client.session() != 0;
        }
    }

    @Override
    public void overdue(long session, long lastWord) {
        lives.overdue(session, lastWord);
    }

    @Override
    public void timers(long timeNs, long stopwatchMs, long readingMs) {
        timers.areDue(timeNs, stopwatchMs, readingMs);
    }

    @Override
    public void applied(long upTo, long hash) {
        applied.upTo(upTo, hash);
        if (isRestoring) {
            endThoseNotOpen(upTo);
        }
    }

    @Override
    public void halted(long slot, long decision, Resumption how) {
        applied.halted(slot, decision, how);
    }

    @Override
    public void restored(long slot, long effectsFrom) {
        applied.restored(effectsFrom);
        owners.forget();
        isRestoring = true;
    }

    @Override
    public void ended(long session, SecretHash secret) {
        owners.ended(session, secret, EndReason.EXPIRED);
    }

    /** Of what ended in the slots that a snapshot stands for, nobody was told. */
    private void endThoseNotOpen(long snapshot) {
        isRestoring = false;
        for (int i = 0; i < links.count(); i++) {
            Connection client = links.get(i);
            long session = client.session();
            if (session != 0 && session <= snapshot && !owners.isOpen(session)) {
                client.ended(session, EndReason.EXPIRED);
            }
        }
    }

    @Override
    public void withoutEffect(long first, long last) {
        applied.withoutEffect(first, last);
    }

    @Override
    public void hashed(long slot, long hash) {
        applied.hashed(slot, hash);
    }

    @Override
    public void snapshot(long slot, SnapshotAnswer what) {
        applied.snapshot(slot, what);
    }

    @Override
    public void replies(
            long connection,
            long attachment,
            long nextSequence,
            long eventSlot,
            int eventIndex,
            DirectBuffer buffer,
            int offset,
            int length) {
        Connection client = links.byId(connection);
        if (client == null || !client.takesRepliesOf(attachment)) {
            return;
        }
        client.repliesCome();
        message.wrap(buffer, offset, length);
        if (!client.out.isConnected() || !client.out.send(message, length)) {
            client.heldUpAt(nextSequence, eventSlot, eventIndex);
            return;
        }
        header.wrap(buffer, offset);
        if (header.templateId() == EventsDecoder.TEMPLATE_ID) {
            events.wrapAndApplyHeader(buffer, offset, header);
            client.saidEvents(events.lastSlot(), events.lastIndex());
        }
    }

    /** Tells the one who applies which replies are wanted. */
    void wantReplies(Connection client) {
        if (client.isHeldUp() && client.out.hasRoom()) {
            client.goOn(++lastAttachment);
        }
        if (client.isAttachmentDue() && tellAttachment(client)) {
            client.attachmentTold();
        }
    }

    private boolean tellAttachment(Connection client) {
        if (client.session() == 0) {
            return orders.detach(client.id);
        }
        return orders.attach(
                client.id,
                client.attachment(),
                client.link,
                client.session(),
                client.replyCursor(),
                client.eventSlot(),
                client.eventIndex(),
                client.out.fragmentBytes());
    }

    /** All of a cluster's nodes may be replaced at once: those that leave say who comes. */
    void noticeMembers() {
        long slot = proposals.membershipSlot();
        if (slot == knownMembershipSlot) {
            return;
        }
        knownMembershipSlot = slot;
        for (int i = 0; i < links.count(); i++) {
            links.get(i).isMembersDue |= links.get(i).followsMembers;
        }
    }

    /** Notes a change of leadership: clients are told, and bring their sessions anew. */
    void noticeLeader() {
        boolean takes = proposals.takesCommands();
        long ballot = proposals.ballot();
        int leader = proposals.leader();
        boolean lacksRoom = proposals.lacksRoom();
        if (takes == tookCommands
                && lacksRoom == lackedRoom
                && ballot == knownBallot
                && leader == knownLeader) {
            return;
        }
        tookCommands = takes;
        lackedRoom = lacksRoom;
        knownBallot = ballot;
        knownLeader = leader;
        reads.noticeLeader();
        links.detachAll();
        lives.forget();
        timers.forget();
        taken.forget();
        passed.take();
        for (int i = 0; i < links.count(); i++) {
            links.get(i).detach();
            links.get(i).claim.settle();
            links.get(i).isWelcomeDue = true;
        }
    }

    /** The clients behind a batch that was not proposed are sent elsewhere. */
    void batchDropped() {
        reads.batchDropped();
        for (int i = 0; i < links.count(); i++) {
            links.get(i).isRedirectDue = true;
        }
    }

    /** Who has a link here. */
    OpenLinks links() {
        return links;
    }

    /** Messages of clients that never said Hello, or that there was no room for. */
    long strangers() {
        return strangers;
    }
}
