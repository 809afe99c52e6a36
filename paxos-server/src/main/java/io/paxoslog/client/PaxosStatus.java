package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.StatusRequestEncoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.codecs.client.YesNo;
import io.paxoslog.service.SessionLimits;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks nodes how they stand; needs no leader and no session. Any thread may ask, from within
 * listeners of clients too: each question has a media driver of its own.
 */
public final class PaxosStatus {
    private static final int ASK_AGAIN_MS = 100;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StatusRequestEncoder request = new StatusRequestEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    private final Map<String, NodeReport> reports = new HashMap<>();
    private final Map<String, Long> askedMs = new HashMap<>();
    private final NodeMessages answers =
            new NodeMessages() {
                @Override
                public void status(MemberLink from, StatusResponseDecoder status) {
                    reports.put(from.address, report(from.address, status));
                }
            };

    private PaxosStatus() {}

    /** The same as {@link #ask(List, int)}. */
    public static List<NodeReport> ask(List<String> members, Duration timeout) {
        return ask(members, Milliseconds.of("timeout", timeout));
    }

    /**
     * Asks each node and waits for the answers.
     *
     * @param members HOST:PORT of the nodes
     * @param timeoutMs how long to wait for those that do not answer
     * @return one report a node, in the order asked, unreachable ones included
     * @throws ClientException INTERRUPTED; the thread is still interrupted then
     */
    public static List<NodeReport> ask(List<String> members, int timeoutMs) {
        Guard guard = new Guard("PaxosStatus");
        guard.enter();
        try {
            return ask(members, timeoutMs, guard);
        } finally {
            guard.leave();
        }
    }

    private static List<NodeReport> ask(List<String> members, int timeoutMs, Guard guard) {
        ClientConfig config = ClientConfig.of(members);
        try (ClientTransport transport = new ClientTransport(config)) {
            MemberLinks links = new MemberLinks(transport, config, new SecureRandom());
            PaxosStatus asking = new PaxosStatus();
            transport.hearWith(new ResponseDecoder(links, asking.answers));
            asking.run(transport, links, config.members().size(), timeoutMs, guard);
            links.close();
            return asking.inOrderOf(config.members());
        }
    }

    private void run(
            ClientTransport transport, MemberLinks links, int nodes, int timeoutMs, Guard guard) {
        IdleStrategy idle = new BackoffIdleStrategy();
        long deadline = nowMs() + timeoutMs;
        while (reports.size() < nodes && nowMs() <= deadline) {
            if (guard.isInterrupted()) {
                throw new ClientException(ClientError.INTERRUPTED);
            }
            int work = transport.poll(links);
            links.tickAll(nowMs());
            for (int i = 0; i < nodes; i++) {
                askIfDue(links.get(i));
            }
            idle.idle(work + transport.invoke());
        }
    }

    private void askIfDue(MemberLink link) {
        long now = nowMs();
        Long asked = askedMs.get(link.address);
        boolean isDue = asked == null || now - asked >= ASK_AGAIN_MS;
        if (!link.isWelcomed() || !isDue || reports.containsKey(link.address)) {
            return;
        }
        request.wrapAndApplyHeader(message, 0, header).correlation(link.link());
        if (link.send(message, MessageHeaderEncoder.ENCODED_LENGTH + request.encodedLength())) {
            askedMs.put(link.address, now);
        }
    }

    private static NodeReport report(String address, StatusResponseDecoder status) {
        return new NodeReport(
                address,
                true,
                status.node(),
                status.role().name().toLowerCase(Locale.ROOT),
                status.ballot(),
                status.leader(),
                status.commit(),
                status.applied(),
                status.synced(),
                status.clusterId(),
                status.appliedHash(),
                status.actingVersion() >= 1 ? status.haltedAt() : 0,
                status.actingVersion() >= 1 && status.needsRestart() == YesNo.YES,
                status.actingVersion() >= 1 ? status.slotInWork() : 0,
                status.actingVersion() >= 1 ? status.inWorkMs() : 0,
                status.actingVersion() >= 1 ? status.limitsDecidedAt() : 0,
                limits(status),
                storage(status));
    }

    private static NodeReport.Storage storage(StatusResponseDecoder status) {
        if (status.actingVersion() < ResponseShape.FIRST_WITH_STORAGE || status.firstKept() < 1) {
            return null;
        }
        boolean saysDamage = status.actingVersion() >= ResponseShape.FIRST_WITH_REPAIR;
        return new NodeReport.Storage(
                status.firstKept(),
                status.snapshotSlot(),
                status.journalBytes(),
                status.snapshotBytes(),
                status.freeBytes(),
                saysDamage ? Math.max(0, status.unknownSlots()) : 0,
                saysDamage ? Math.max(0, status.repairedSlots()) : 0,
                saysDamage ? Math.max(0, status.scrubbedMs()) : 0);
    }

    /** From anybody's bytes, so that they need not belong together. */
    private static SessionLimits limits(StatusResponseDecoder status) {
        if (status.actingVersion() < 1) {
            return null;
        }
        try {
            return new SessionLimits(
                    status.maxSessions(),
                    status.maxInFlight(),
                    status.maxReplyBytes(),
                    status.maxCachedBytes());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private List<NodeReport> inOrderOf(List<String> members) {
        List<NodeReport> all = new ArrayList<>();
        for (String member : members) {
            NodeReport report = reports.get(member);
            all.add(report == null ? NodeReport.unreachable(member) : report);
        }
        return all;
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
