package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.SnapshotRequestEncoder;
import io.paxoslog.codecs.client.SnapshotResponseDecoder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has nodes take a snapshot now; needs no leader and no session. Any thread may ask; each question
 * has a media driver of its own.
 */
public final class PaxosSnapshots {
    /** Every node that answers. */
    public static final int ALL = 0;

    private static final int ASK_AGAIN_MS = 100;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SnapshotRequestEncoder request = new SnapshotRequestEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    private final long correlation = new SecureRandom().nextLong();
    private final int node;
    private final int timeoutMs;
    private final Consumer<SnapshotReport> progress;
    private final SnapshotReport[] reports;
    private final Repetition repetition = new Repetition(ASK_AGAIN_MS, message);
    private long movedMs = Inquiry.nowMs();

    private final NodeMessages answers =
            new NodeMessages() {
                @Override
                public void snapshot(MemberLink from, SnapshotResponseDecoder snapshot) {
                    if (snapshot.correlation() == correlation) {
                        heard(from, snapshot);
                    }
                }
            };

    private PaxosSnapshots(
            List<String> members, int node, int timeoutMs, Consumer<SnapshotReport> progress) {
        this.timeoutMs = timeoutMs;
        this.node = node;
        this.progress = progress;
        reports = members.stream().map(SnapshotReport::none).toArray(SnapshotReport[]::new);
    }

    /**
     * Asks and waits until the snapshots are complete. Each covers at least what its node had
     * applied when it was asked. Nodes go on with them when nobody waits any more.
     *
     * @param members HOST:PORT of the nodes
     * @param node the id of the one that is asked, or {@link #ALL}
     * @param timeoutMs how long to wait while nothing moves on
     * @param progress hears what moves on, on the thread that asks
     * @return one report a node, in the order of the members; of one node alone, if it was named
     *     and answered, and else of all, none having answered
     * @throws ClientException INTERRUPTED; the thread is still interrupted then
     */
    public static List<SnapshotReport> take(
            List<String> members, int node, int timeoutMs, Consumer<SnapshotReport> progress) {
        ClientConfig config = ClientConfig.of(members);
        PaxosSnapshots asking = new PaxosSnapshots(config.members(), node, timeoutMs, progress);
        try (Inquiry inquiry = new Inquiry("PaxosSnapshots", config, asking.answers)) {
            inquiry.put(asking::isOver, asking::ask);
        }
        return asking.result();
    }

    private boolean isOver(long nowMs) {
        return isSettled() || nowMs - movedMs > timeoutMs;
    }

    private void ask(MemberLinks links, long nowMs) {
        links.tickAll(nowMs);
        for (int i = 0; i < reports.length; i++) {
            MemberLink link = links.get(i);
            boolean isWanted = node == ALL || link.node() == node;
            if (isWanted && !reports[i].isSettled()) {
                repetition.askIfDue(link, nowMs, this::encode);
            }
        }
    }

    private int encode() {
        return request.wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .encodedLength();
    }

    private boolean isSettled() {
        return node == ALL
                ? Arrays.stream(reports).allMatch(SnapshotReport::isSettled)
                : Arrays.stream(reports).anyMatch(SnapshotReport::isSettled);
    }

    private void heard(MemberLink from, SnapshotResponseDecoder snapshot) {
        SnapshotReport report =
                new SnapshotReport(
                        from.address,
                        state(snapshot),
                        from.node(),
                        snapshot.slot(),
                        snapshot.bytes(),
                        snapshot.ms(),
                        snapshot.reason());
        for (int i = 0; i < reports.length; i++) {
            boolean isHis = reports[i].address().equals(from.address);
            if (isHis && !reports[i].isSettled() && !reports[i].equals(report)) {
                reports[i] = report;
                movedMs = Inquiry.nowMs();
                progress.accept(report);
            }
        }
    }

    private static SnapshotReport.State state(SnapshotResponseDecoder snapshot) {
        return switch (snapshot.state()) {
            case WRITING -> SnapshotReport.State.WRITING;
            case TAKEN -> SnapshotReport.State.TAKEN;
            case FAILED -> SnapshotReport.State.FAILED;
            case REFUSED -> SnapshotReport.State.REFUSED;
            default -> SnapshotReport.State.WAITING;
        };
    }

    private List<SnapshotReport> result() {
        List<SnapshotReport> all = List.of(reports);
        List<SnapshotReport> wanted = all.stream().filter(report -> report.node() == node).toList();
        return node == ALL || wanted.isEmpty() ? all : wanted;
    }
}
