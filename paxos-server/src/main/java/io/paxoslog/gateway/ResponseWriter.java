package io.paxoslog.gateway;

import io.paxoslog.codecs.client.FailureCode;
import io.paxoslog.codecs.client.FailureEncoder;
import io.paxoslog.codecs.client.GapEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.NodeRole;
import io.paxoslog.codecs.client.RedirectEncoder;
import io.paxoslog.codecs.client.RepliesEncoder;
import io.paxoslog.codecs.client.SessionEndedEncoder;
import io.paxoslog.codecs.client.SessionOpenedEncoder;
import io.paxoslog.codecs.client.StatusResponseEncoder;
import io.paxoslog.codecs.client.WelcomeEncoder;
import io.paxoslog.codecs.client.YesNo;
import io.paxoslog.core.Role;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.Session;
import org.agrona.concurrent.UnsafeBuffer;

/** Says what clients are due. What a link does not take stays due. */
final class ResponseWriter {
    private static final int REPLIES_BYTES =
            MessageHeaderEncoder.ENCODED_LENGTH
                    + RepliesEncoder.BLOCK_LENGTH
                    + RepliesEncoder.ItemsEncoder.sbeHeaderSize();
    private static final int REPLY_BYTES =
            RepliesEncoder.ItemsEncoder.sbeBlockLength()
                    + RepliesEncoder.ItemsEncoder.replyHeaderLength();
    private static final int MAX_REPLIES = 65_534;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final WelcomeEncoder welcome = new WelcomeEncoder();
    private final RedirectEncoder redirect = new RedirectEncoder();
    private final SessionOpenedEncoder sessionOpened = new SessionOpenedEncoder();
    private final RepliesEncoder replies = new RepliesEncoder();
    private final GapEncoder gap = new GapEncoder();
    private final SessionEndedEncoder sessionEnded = new SessionEndedEncoder();
    private final FailureEncoder failure = new FailureEncoder();
    private final StatusResponseEncoder status = new StatusResponseEncoder();
    private final GatewayConfig config;
    private final Proposals proposals;
    private final CommandApplier applier;
    private final NodeStatus node;
    private final UnsafeBuffer message;

    ResponseWriter(
            GatewayConfig config, Proposals proposals, CommandApplier applier, NodeStatus node) {
        this.config = config;
        this.proposals = proposals;
        this.applier = applier;
        this.node = node;
        int largest = REPLIES_BYTES + REPLY_BYTES + applier.limits().maxReplyBytes();
        message = new UnsafeBuffer(new byte[Math.max(largest, 64 * 1024)]);
    }

    /** Says everything that is due but tails; false when the link took no more. */
    boolean speak(Connection client) {
        return sendFailure(client)
                && sendWelcome(client)
                && sendRedirect(client)
                && sendOpened(client)
                && sendStatus(client)
                && sendReplies(client)
                && sendGap(client)
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
                                ? applier.limits().maxSessions()
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
                .takesCommands(proposals.takesCommands() ? YesNo.YES : YesNo.NO)
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
        sessionOpened
                .wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .nonce(client.nonce)
                .session(client.openedSession)
                .maxInFlight(applier.limits().maxInFlight())
                .maxInFlightBytes(applier.limits().maxInFlightBytes());
        client.isOpenDue = !send(client, sessionOpened.encodedLength());
        return !client.isOpenDue;
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
                .applied(applier.appliedIndex())
                .synced(node.syncedSlot())
                .clusterId(proposals.clusterId())
                .appliedHash(applier.appliedHash())
                .node(node.node())
                .leader(proposals.leader())
                .role(roleOf(proposals.role()));
        client.isStatusDue = !send(client, status.encodedLength());
        return !client.isStatusDue;
    }

    private static NodeRole roleOf(Role role) {
        return switch (role) {
            case FOLLOWING -> NodeRole.FOLLOWER;
            case CANVASSING, PREPARING -> NodeRole.CANDIDATE;
            case LEADING -> NodeRole.LEADER;
        };
    }

    /** Replies come from the session itself, so nothing waits in memory for a slow client. */
    private boolean sendReplies(Connection client) {
        Session session = client.session() == 0 ? null : applier.session(client.session());
        if (session == null) {
            return true;
        }
        long next = Math.max(client.replyCursor(), session.firstKept());
        while (next <= session.lastSequence()) {
            long last = lastThatFits(client, session, next);
            encodeReplies(client, session, next, last);
            if (!send(client, replies.encodedLength())) {
                return false;
            }
            client.answeredUpTo(last);
            next = last + 1;
        }
        return true;
    }

    private static long lastThatFits(Connection client, Session session, long first) {
        long highest = Math.min(session.lastSequence(), first + MAX_REPLIES - 1);
        int room = client.out.fragmentBytes() - REPLIES_BYTES;
        room -= REPLY_BYTES + session.replyLength(first);
        long last = first;
        while (last < highest) {
            room -= REPLY_BYTES + session.replyLength(last + 1);
            if (room < 0) {
                break;
            }
            last++;
        }
        return last;
    }

    private void encodeReplies(Connection client, Session session, long first, long last) {
        RepliesEncoder.ItemsEncoder items =
                replies.wrapAndApplyHeader(message, 0, header)
                        .link(client.link)
                        .session(session.id())
                        .itemsCount((int) (last - first + 1));
        for (long sequence = first; sequence <= last; sequence++) {
            items.next()
                    .sequence(sequence)
                    .slot(session.slot(sequence))
                    .putReply(
                            session.replyBuffer(),
                            session.replyOffset(sequence),
                            session.replyLength(sequence));
        }
    }

    private boolean sendGap(Connection client) {
        if (!client.isGapDue) {
            return true;
        }
        gap.wrapAndApplyHeader(message, 0, header)
                .link(client.link)
                .session(client.session())
                .expected(client.gapExpected)
                .attempt(client.attempt());
        client.isGapDue = !send(client, gap.encodedLength());
        return !client.isGapDue;
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
}
