package io.paxoslog.client;

import io.paxoslog.codecs.client.DiskRoom;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.StatusRequestEncoder;
import io.paxoslog.codecs.client.StatusResponseDecoder;
import io.paxoslog.codecs.client.YesNo;
import io.paxoslog.core.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private final Repetition repetition = new Repetition(ASK_AGAIN_MS, message);
    private final NodeMessages answers =
            new NodeMessages() {
                @Override
                public void status(MemberLink from, StatusResponseDecoder status) {
                    reports.put(from.address, report(from.address, status));
                }
            };

    private final List<String> members;
    private final long deadlineMs;

    private PaxosStatus(List<String> members, int timeoutMs) {
        this.members = members;
        deadlineMs = Inquiry.nowMs() + timeoutMs;
    }

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
        ClientConfig config = ClientConfig.of(members);
        PaxosStatus asking = new PaxosStatus(config.members(), timeoutMs);
        try (Inquiry inquiry = new Inquiry("PaxosStatus", config, asking.answers)) {
            inquiry.put(asking::isOver, asking::ask);
        }
        return asking.inOrderOf(config.members());
    }

    private boolean isOver(long nowMs) {
        return reports.size() >= members.size() || nowMs > deadlineMs;
    }

    private void ask(MemberLinks links, long nowMs) {
        links.tickAll(nowMs);
        for (int i = 0; i < members.size(); i++) {
            MemberLink link = links.get(i);
            if (!reports.containsKey(link.address)) {
                repetition.askIfDue(link, nowMs, () -> encode(link));
            }
        }
    }

    private int encode(MemberLink link) {
        return request.wrapAndApplyHeader(message, 0, header)
                .correlation(link.link())
                .encodedLength();
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
                storage(status),
                change(status),
                leases(status));
    }

    private static NodeReport.Leases leases(StatusResponseDecoder status) {
        return status.actingVersion() < ResponseShape.FIRST_WITH_LEASES
                ? NodeReport.Leases.NONE
                : new NodeReport.Leases(
                        Math.max(0, status.leaseMs()), status.holdsLease() == YesNo.YES);
    }

    private static NodeReport.Membership change(StatusResponseDecoder status) {
        return status.actingVersion() < ResponseShape.FIRST_WITH_SEATS
                ? NodeReport.Membership.QUIET
                : new NodeReport.Membership(
                        status.changing() == YesNo.YES,
                        Math.max(0, status.changeFirstSlot()),
                        status.behind());
    }

    private static NodeReport.Storage storage(StatusResponseDecoder status) {
        if (status.actingVersion() < ResponseShape.FIRST_WITH_STORAGE || status.firstKept() < 1) {
            return null;
        }
        boolean saysRoomAndDamage = status.actingVersion() >= ResponseShape.FIRST_WITH_ROOM;
        return new NodeReport.Storage(
                status.firstKept(),
                status.snapshotSlot(),
                status.journalBytes(),
                status.snapshotBytes(),
                status.freeBytes(),
                saysRoomAndDamage ? status.floorBytes() : 0,
                (saysRoomAndDamage ? status.room() : DiskRoom.COMMANDS)
                        .name()
                        .toLowerCase(Locale.ROOT),
                saysRoomAndDamage ? Math.max(0, status.unknownSlots()) : 0,
                saysRoomAndDamage ? Math.max(0, status.repairedSlots()) : 0,
                saysRoomAndDamage ? Math.max(0, status.scrubbedMs()) : 0);
    }

    /** From anybody's bytes, so that they may be none. */
    private static Decision.Limits limits(StatusResponseDecoder status) {
        if (status.actingVersion() < 1) {
            return null;
        }
        Decision.Limits said =
                new Decision.Limits(
                        status.maxSessions(),
                        status.maxInFlight(),
                        status.maxReplyBytes(),
                        status.maxCachedBytes());
        return said.areSound() ? said : null;
    }

    private List<NodeReport> inOrderOf(List<String> members) {
        List<NodeReport> all = new ArrayList<>();
        for (String member : members) {
            NodeReport report = reports.get(member);
            all.add(report == null ? NodeReport.unreachable(member) : report);
        }
        return all;
    }
}
