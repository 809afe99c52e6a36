package io.paxoslog.gateway;

import io.paxoslog.apply.Applied;
import io.paxoslog.codecs.client.ChangeResponseEncoder;
import io.paxoslog.codecs.client.CommandFate;
import io.paxoslog.codecs.client.DecidedEncoder;
import io.paxoslog.codecs.client.DiskRoom;
import io.paxoslog.codecs.client.EventsEncoder;
import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.FailureEncoder;
import io.paxoslog.codecs.client.GapEncoder;
import io.paxoslog.codecs.client.KeepAliveWantedEncoder;
import io.paxoslog.codecs.client.MembersResponseEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.NodeRole;
import io.paxoslog.codecs.client.OutcomeResponseEncoder;
import io.paxoslog.codecs.client.RedirectEncoder;
import io.paxoslog.codecs.client.SessionEndedEncoder;
import io.paxoslog.codecs.client.SessionOpenedEncoder;
import io.paxoslog.codecs.client.SnapshotResponseEncoder;
import io.paxoslog.codecs.client.StatusResponseEncoder;
import io.paxoslog.codecs.client.TransferResponseEncoder;
import io.paxoslog.codecs.client.VersionResponseEncoder;
import io.paxoslog.codecs.client.WelcomeEncoder;
import io.paxoslog.codecs.client.YesNo;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Role;
import io.paxoslog.core.Room;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Says what clients are due. What a link does not take stays due. */
final class ResponseWriter {
    /** Nobody opens a session by this message. */
    private static final long NO_NONCE = 0;

    /** All members with the longest addresses there can be. */
    private static final int LARGEST_BYTES = 24 * 1024;

    private static final int OUTCOME_HEAD_BYTES = 128;

    private static final int PEER_SCHEMA =
            io.paxoslog.codecs.peer.MessageHeaderEncoder.SCHEMA_VERSION;
    private static final int JOURNAL_SCHEMA =
            io.paxoslog.codecs.journal.MessageHeaderEncoder.SCHEMA_VERSION;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WelcomeEncoder welcome = new WelcomeEncoder();
    private final RedirectEncoder redirect = new RedirectEncoder();
    private final SessionOpenedEncoder sessionOpened = new SessionOpenedEncoder();
    private final KeepAliveWantedEncoder keepAliveWanted = new KeepAliveWantedEncoder();
    private final EventsEncoder events = new EventsEncoder();
    private final GapEncoder gap = new GapEncoder();
    private final SessionEndedEncoder sessionEnded = new SessionEndedEncoder();
    private final FailureEncoder failure = new FailureEncoder();
    private final StatusResponseEncoder status = new StatusResponseEncoder();
    private final OutcomeResponseEncoder outcome = new OutcomeResponseEncoder();
    private final MembersResponseEncoder members = new MembersResponseEncoder();
    private final ChangeResponseEncoder change = new ChangeResponseEncoder();
    private final TransferResponseEncoder transfer = new TransferResponseEncoder();
    private final VersionResponseEncoder version = new VersionResponseEncoder();
    private final DecidedEncoder decided = new DecidedEncoder();
    private final SnapshotResponseEncoder snapshot = new SnapshotResponseEncoder();
    private final GatewayConfig config;
    private final Proposals proposals;
    private final Applied applied;
    private final Connections clients;
    private final NodeStatus node;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[LARGEST_BYTES]);

    ResponseWriter(
            GatewayConfig config,
            Proposals proposals,
            Applied applied,
            Connections clients,
            NodeStatus node) {
        this.config = config;
        this.proposals = proposals;
        this.applied = applied;
        this.clients = clients;
        this.node = node;
    }

    /** Says everything that is due but tails; false when the link took no more. */
    boolean speak(Connection client) {
        return sendFailure(client)
                && sendWelcome(client)
                && sendRedirect(client)
                && sendOpened(client)
                && sendWindow(client)
                && sendKeepAliveWanted(client)
                && sendLastEvent(client)
                && sendStatus(client)
                && sendMembers(client)
                && sendVersion(client)
                && sendChange(client)
                && sendTransfer(client)
                && sendDecided(client)
                && sendSnapshot(client)
                && sendOutcome(client)
                && sendGap(client)
                && sendLoss(client)
                && sendEnded(client);
    }

    private boolean sendFailure(Connection client) {
        if (client.failure == null) {
            return true;
        }
        FailureCode code = client.failure;
        failure.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .about(client.failureAbout)
                .bound(
                        code == FailureCode.TOO_MANY_SESSIONS
                                ? applied.limits().maxSessions()
                                : client.failureBound)
                .code(code);
        if (!send(client, failure.encodedLength())) {
            return false;
        }
        client.failure = null;
        return true;
    }

    private boolean sendWelcome(Connection client) {
        if (!client.isWelcomeDue) {
            return true;
        }
        int leader = proposals.leader();
        welcome.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .connection(client.id)
                .ballot(proposals.ballot())
                .node(node.node())
                .leader(leader)
                .maxCommandBytes(config.maxCommandBytes())
                .takesCommands(yesNo(proposals.takesCommands()))
                .haltedAt(proposals.haltedAt())
                .lacksRoom(yesNo(proposals.lacksRoom()))
                .leaderAddress(leader == 0 ? "" : node.addressOf(leader));
        client.isWelcomeDue = !send(client, welcome.encodedLength());
        return !client.isWelcomeDue;
    }

    private boolean sendRedirect(Connection client) {
        if (!client.isRedirectDue) {
            return true;
        }
        int leader = proposals.leader();
        redirect.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .ballot(proposals.ballot())
                .leader(leader)
                .leaderAddress(leader == 0 ? "" : node.addressOf(leader));
        client.isRedirectDue = !send(client, redirect.encodedLength());
        return !client.isRedirectDue;
    }

    private boolean sendOpened(Connection client) {
        if (!client.isOpenDue) {
            return true;
        }
        client.isOpenDue = !sendLimits(client, client.nonce, client.openedSession);
        return !client.isOpenDue;
    }

    /** Who keeps more in flight than it may has it refused, slot by slot. */
    private boolean sendWindow(Connection client) {
        if (client.isWindowDue && client.session() != 0) {
            client.isWindowDue = !sendLimits(client, NO_NONCE, client.session());
            return !client.isWindowDue;
        }
        return true;
    }

    /** Before sessions expire it waits. */
    private boolean sendKeepAliveWanted(Connection client) {
        SessionLives lives = clients.lives();
        if (!client.isKeepAliveDue || client.session() == 0 || !lives.areMortal()) {
            return true;
        }
        keepAliveWanted
                .wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .session(client.session())
                .everyMs(lives.keepAliveMs());
        client.isKeepAliveDue = !send(client, keepAliveWanted.encodedLength());
        return !client.isKeepAliveDue;
    }

    /** What is lost on its way, and has nothing behind it, is missed by this. */
    private boolean sendLastEvent(Connection client) {
        if (!client.isLastEventDue || client.session() == 0 || client.sentEventSlot() == 0) {
            return true;
        }
        events.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .session(client.session())
                .behindSlot(client.sentEventSlot())
                .lostSlot(0)
                .lastSlot(client.sentEventSlot())
                .behindIndex(client.sentEventIndex())
                .lostIndex(0)
                .lastIndex(client.sentEventIndex())
                .itemsCount(0);
        client.isLastEventDue = !send(client, events.encodedLength());
        return !client.isLastEventDue;
    }

    private boolean sendLimits(Connection client, long nonce, long session) {
        sessionOpened
                .wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .nonce(nonce)
                .session(session)
                .maxInFlight(applied.limits().maxInFlight())
                .maxInFlightBytes(applied.limits().maxInFlightBytes())
                .clusterId(proposals.clusterId());
        return send(client, sessionOpened.encodedLength());
    }

    private boolean sendStatus(Connection client) {
        if (!client.isStatusDue) {
            return true;
        }
        status.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(client.statusCorrelation)
                .ballot(proposals.ballot())
                .commit(proposals.commitIndex())
                .applied(applied.index())
                .synced(node.syncedSlot())
                .clusterId(proposals.clusterId())
                .appliedHash(applied.hash())
                .node(node.node())
                .leader(proposals.leader())
                .role(isObserver() ? NodeRole.OBSERVER : roleOf(proposals.role()))
                .haltedAt(proposals.haltedAt())
                .needsRestart(yesNo(node.needsRestart()))
                .slotInWork(node.slotInWork())
                .inWorkMs(node.inWorkMs())
                .limitsDecidedAt(applied.limitsDecidedAt())
                .maxSessions(applied.limits().maxSessions())
                .maxInFlight(applied.limits().maxInFlight())
                .maxReplyBytes(applied.limits().maxReplyBytes())
                .maxCachedBytes(applied.limits().maxCachedBytes())
                .firstKept(node.firstKept())
                .snapshotSlot(node.snapshots().newestSlot())
                .journalBytes(node.journalBytes())
                .snapshotBytes(node.snapshotBytes())
                .freeBytes(node.freeBytes())
                .floorBytes(node.floorBytes())
                .room(roomOf(node.room()))
                .unknownSlots(node.unknownSlots())
                .repairedSlots(node.repairedSlots())
                .scrubbedMs(node.scrubbedMs())
                .changing(yesNo(proposals.isChanging()))
                .changeFirstSlot(pendingFrom())
                .leaseMs(node.leaseMs())
                .holdsLease(yesNo(proposals.holdsLease(proposals.ballot())))
                .behind(node.membersBehind());
        client.isStatusDue = !send(client, status.encodedLength());
        return !client.isStatusDue;
    }

    /** The first slot of a membership that is chosen and not in force; 0 for none. */
    private long pendingFrom() {
        long firstSlot = proposals.membershipFirstSlot();
        return proposals.membershipSlot() != 0 && firstSlot > proposals.commitIndex() + 1
                ? firstSlot
                : 0;
    }

    /** Whoever is no voter yet, or no more, only learns. */
    private boolean isObserver() {
        boolean isUnknown = proposals.membershipSlot() == 0 && node.isJoining();
        return proposals.role() == Role.FOLLOWING
                && (isUnknown || proposals.isObserver() || !proposals.isMember(node.identity()));
    }

    private boolean sendMembers(Connection client) {
        if (!client.isMembersDue) {
            return true;
        }
        Membership known = proposals.membershipSlot() == 0 ? null : proposals.newestMembership();
        members.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(client.membersCorrelation)
                .self(node.identity())
                .clusterId(known == null ? 0 : known.clusterId())
                .slot(proposals.membershipSlot())
                .firstSlot(known == null ? 0 : proposals.membershipFirstSlot())
                .commit(proposals.commitIndex())
                .openSlotLimit(known == null ? 0 : known.openSlotLimit())
                .highestNode(known == null ? 0 : known.highestNode())
                .prepareQuorum((short) (known == null ? 0 : known.prepareQuorum().size()))
                .acceptQuorum((short) (known == null ? 0 : known.acceptQuorum().size()))
                .changing(yesNo(proposals.isChanging()))
                .preparing(yesNo(proposals.preparedMembership() != null));
        putItems(known);
        putComing(proposals.preparedMembership());
        members.waitsFor(proposals.changeWaitsFor());
        client.isMembersDue = !send(client, members.encodedLength());
        return !client.isMembersDue;
    }

    private boolean sendVersion(Connection client) {
        if (!client.isVersionDue) {
            return true;
        }
        KnownVersions knows = proposals.knows();
        version.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(client.versionCorrelation)
                .agreedAt(proposals.versionAt())
                .node(node.node())
                .system(proposals.version().system())
                .application(proposals.version().application())
                .oldestSystem(knows.oldestSystem())
                .newestSystem(knows.newestSystem())
                .newestApplication(knows.newestApplication())
                .peerSchema(PEER_SCHEMA)
                .journalSchema(JOURNAL_SCHEMA)
                .build(node.build());
        client.isVersionDue = !send(client, version.encodedLength());
        return !client.isVersionDue;
    }

    private void putItems(Membership known) {
        int count = known == null ? 0 : known.size();
        MembersResponseEncoder.ItemsEncoder items = members.itemsCount(count);
        for (int i = 0; i < count; i++) {
            byte[] address = known.address(i).getBytes(StandardCharsets.US_ASCII);
            items.next()
                    .identity(known.member(i))
                    .seat(known.seat(i).flags())
                    .zone(known.zone(i))
                    .putAddress(address, 0, address.length);
        }
    }

    private void putComing(Membership prepared) {
        int count = prepared == null ? 0 : prepared.size();
        MembersResponseEncoder.ComingEncoder items = members.comingCount(count);
        for (int i = 0; i < count; i++) {
            byte[] address = prepared.address(i).getBytes(StandardCharsets.US_ASCII);
            items.next()
                    .identity(prepared.member(i))
                    .seat(prepared.seat(i).flags())
                    .zone(prepared.zone(i))
                    .putAddress(address, 0, address.length);
        }
    }

    private static YesNo yesNo(boolean is) {
        return is ? YesNo.YES : YesNo.NO;
    }

    private boolean sendChange(Connection client) {
        ChangeAnswer answer = client.changeAnswer;
        if (answer == null) {
            return true;
        }
        change.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(answer.correlation())
                .slot(answer.slot())
                .firstSlot(answer.firstSlot())
                .state(answer.state())
                .reason(answer.reason());
        if (!send(client, change.encodedLength())) {
            return false;
        }
        client.changeAnswer = null;
        return true;
    }

    private boolean sendTransfer(Connection client) {
        TransferAnswer answer = client.transferAnswer;
        if (answer == null) {
            return true;
        }
        transfer.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(answer.correlation())
                .state(answer.state())
                .reason(answer.reason());
        if (!send(client, transfer.encodedLength())) {
            return false;
        }
        client.transferAnswer = null;
        return true;
    }

    private boolean sendDecided(Connection client) {
        Deciding deciding = client.deciding;
        if (deciding == null) {
            return true;
        }
        deciding.look();
        if (deciding.result == null) {
            return true;
        }
        decided.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(deciding.correlation())
                .slot(deciding.decidedAt)
                .result(deciding.result)
                .reason(deciding.reason);
        if (send(client, decided.encodedLength())) {
            deciding.result = null;
            return true;
        }
        return false;
    }

    private boolean sendSnapshot(Connection client) {
        Snapshotting wanted = client.snapshotting;
        if (wanted == null || !wanted.isAnswerDue) {
            return true;
        }
        snapshot.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .correlation(wanted.correlation())
                .slot(wanted.slot())
                .bytes(wanted.bytes())
                .ms(wanted.ms())
                .state(wanted.state())
                .reason(wanted.reason());
        wanted.isAnswerDue = !send(client, snapshot.encodedLength());
        return !wanted.isAnswerDue;
    }

    private static DiskRoom roomOf(Room room) {
        return switch (room) {
            case COMMANDS -> DiskRoom.COMMANDS;
            case REPORTED -> DiskRoom.REPORTED;
            case BALLOTS -> DiskRoom.BALLOTS;
        };
    }

    private static NodeRole roleOf(Role role) {
        return switch (role) {
            case RETURNING -> NodeRole.RETURNING;
            case FOLLOWING -> NodeRole.FOLLOWER;
            case CANVASSING, PREPARING -> NodeRole.CANDIDATE;
            case LEADING -> NodeRole.LEADER;
        };
    }

    /** Comes after the replies in front of the gap. */
    private boolean sendOutcome(Connection client) {
        Question question = client.question;
        if (!question.isAnswerDue()) {
            return true;
        }
        byte[] reply = question.reply();
        // Asked seldom: nothing is kept for it.
        UnsafeBuffer answer = new UnsafeBuffer(new byte[OUTCOME_HEAD_BYTES + reply.length]);
        outcome.wrapAndApplyHeader(answer, 0, header)
                .link(client.link)
                .correlation(question.answered())
                .slot(question.slot())
                .fate(fateOf(question.fate()))
                .putReply(reply, 0, reply.length);
        int bytes = MessageHeaderEncoder.ENCODED_LENGTH + outcome.encodedLength();
        if (!client.out.send(answer, bytes)) {
            return false;
        }
        question.said();
        return true;
    }

    private boolean sendGap(Connection client) {
        clients.wantReplies(client);
        if (!client.isGapDue || client.lacksReplies()) {
            return true;
        }
        client.isGapDue = !sayGap(client, client.session(), client.gapExpected);
        return !client.isGapDue;
    }

    /** In the words of a gap: clients of every version resume then. */
    private boolean sendLoss(Connection client) {
        if (!client.isLossDue) {
            return true;
        }
        client.isLossDue = !sayGap(client, client.lostSession(), 0);
        return !client.isLossDue;
    }

    private boolean sayGap(Connection client, long session, long expected) {
        gap.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .session(session)
                .expected(expected)
                .attempt(client.attempt());
        return send(client, gap.encodedLength());
    }

    private boolean sendEnded(Connection client) {
        if (client.endReason == null) {
            return true;
        }
        sessionEnded
                .wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .session(client.endedSession)
                .reason(client.endReason);
        if (!send(client, sessionEnded.encodedLength())) {
            return false;
        }
        client.endReason = null;
        return true;
    }

    private boolean send(Connection client, int encodedLength) {
        return client.out.send(message, MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
    }

    private static CommandFate fateOf(io.paxoslog.service.CommandFate fate) {
        return switch (fate) {
            case APPLIED -> CommandFate.APPLIED;
            case SKIPPED -> CommandFate.SKIPPED;
            case REPLY_GONE -> CommandFate.REPLY_GONE;
            case NOT_YET -> CommandFate.NOT_YET;
            case NEVER -> CommandFate.NEVER;
            case NOT_KNOWN -> CommandFate.NOT_KNOWN;
        };
    }
}
