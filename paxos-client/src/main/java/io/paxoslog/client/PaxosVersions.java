package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.VersionRequestEncoder;
import io.paxoslog.codecs.client.VersionResponseDecoder;
import io.paxoslog.core.KnownVersions;
import io.paxoslog.core.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks nodes which versions they know, and what is agreed; needs no leader and no session. Any
 * thread may ask; each question has a media driver of its own.
 */
public final class PaxosVersions {
    private static final int ASK_AGAIN_MS = 100;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final VersionRequestEncoder request = new VersionRequestEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    private final Map<String, VersionReport> reports = new HashMap<>();
    private final Repetition repetition = new Repetition(ASK_AGAIN_MS, message);
    private final NodeMessages answers =
            new NodeMessages() {
                @Override
                public void version(MemberLink from, VersionResponseDecoder version) {
                    VersionReport report = report(from.address, version);
                    if (report != null) {
                        reports.put(from.address, report);
                    }
                }
            };

    private final List<String> members;
    private final long deadlineMs;

    private PaxosVersions(List<String> members, int timeoutMs) {
        this.members = members;
        deadlineMs = Inquiry.nowMs() + timeoutMs;
    }

    /**
     * Asks each node and waits for the answers.
     *
     * @param members HOST:PORT of the nodes
     * @param timeoutMs how long to wait for those that do not answer
     * @return one report a node, in the order asked, unreachable ones included
     * @throws ClientException INTERRUPTED; the thread is still interrupted then
     */
    public static List<VersionReport> ask(List<String> members, int timeoutMs) {
        ClientConfig config = ClientConfig.of(members);
        PaxosVersions asking = new PaxosVersions(config.members(), timeoutMs);
        try (Inquiry inquiry = new Inquiry("PaxosVersions", config, asking.answers)) {
            inquiry.put(asking::isOver, asking::ask);
        }
        return asking.inOrder();
    }

    private boolean isOver(long nowMs) {
        return reports.size() >= members.size() || nowMs > deadlineMs;
    }

    private void ask(MemberLinks links, long nowMs) {
        links.tickAll(nowMs);
        for (int i = 0; i < members.size(); i++) {
            MemberLink link = links.get(i);
            if (link.isWelcomed() && !reports.containsKey(link.address)) {
                ask(link, nowMs);
            }
        }
    }

    private void ask(MemberLink link, long nowMs) {
        if (link.schemaVersion() < ResponseShape.FIRST_WITH_VERSIONS) {
            // What it does not know it need not be asked.
            reports.put(link.address, VersionReport.silent(link.address, link.node()));
        } else {
            repetition.askIfDue(link, nowMs, () -> encode(link));
        }
    }

    private int encode(MemberLink link) {
        return request.wrapAndApplyHeader(message, 0, header)
                .correlation(link.link())
                .encodedLength();
    }

    /** Null when what came does not belong together: anybody may have sent it. */
    private static VersionReport report(String address, VersionResponseDecoder version) {
        Version agreed = new Version(version.system(), version.application());
        try {
            return new VersionReport(
                    address,
                    true,
                    version.node(),
                    version.build(),
                    new KnownVersions(
                            version.oldestSystem(),
                            version.newestSystem(),
                            version.newestApplication()),
                    agreed,
                    version.agreedAt(),
                    version.peerSchema(),
                    version.journalSchema());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private List<VersionReport> inOrder() {
        List<VersionReport> all = new ArrayList<>();
        for (String member : members) {
            VersionReport report = reports.get(member);
            all.add(report == null ? VersionReport.unreachable(member) : report);
        }
        return all;
    }
}
