package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.TransferEncoder;
import io.paxoslog.codecs.client.TransferResponseDecoder;
import io.paxoslog.core.Ballot;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has the leader hand over to another member; needs no session. Clients notice a pause of
 * milliseconds, and no command fails. Asking for the same again does no harm. Any thread may ask;
 * each question has a media driver of its own.
 */
public final class PaxosLeadership {
    private static final int ASK_AGAIN_MS = 50;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TransferEncoder request = new TransferEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    private final long correlation = new SecureRandom().nextLong();
    private final Repetition repetition = new Repetition(ASK_AGAIN_MS, message);
    private final int node;
    private final Consumer<TransferReport> progress;
    private final long deadlineMs;
    private TransferReport latest;

    private PaxosLeadership(int node, int timeoutMs, Consumer<TransferReport> progress) {
        this.node = node;
        this.progress = progress;
        deadlineMs = Inquiry.nowMs() + timeoutMs;
    }

    /**
     * Has the leader hand over to a member, and waits until that one leads. A member that is far
     * behind is waited for as long as this asks; the leader takes commands meanwhile.
     *
     * @param nodes HOST:PORT of nodes, which know the leader
     * @param node id of the member that is to lead
     * @param timeoutMs how long to wait in all
     * @param progress hears what moves on, on the thread that asks
     * @return the last that a leader said; not settled when that took too long: a member that is
     *     near by then may still take over
     * @throws IllegalArgumentException for what is no node id
     * @throws ClientException NO_ANSWER or NO_LEADER, when nobody answered in time: it may be under
     *     way or not, and asking again does no harm; INTERRUPTED
     */
    public static TransferReport transfer(
            List<String> nodes, int node, int timeoutMs, Consumer<TransferReport> progress) {
        if (node < 1 || node > Ballot.MAX_NODE) {
            throw new IllegalArgumentException(
                    "node: ids are 1 to " + Ballot.MAX_NODE + ", not " + node);
        }
        return new PaxosLeadership(node, timeoutMs, progress).ask(nodes);
    }

    private TransferReport ask(List<String> nodes) {
        NodeMessages answers =
                new NodeMessages() {
                    @Override
                    public void transfer(MemberLink from, TransferResponseDecoder transfer) {
                        if (transfer.correlation() == correlation) {
                            heard(transfer);
                        }
                    }
                };
        try (Inquiry inquiry = new Inquiry("PaxosLeadership", ClientConfig.of(nodes), answers)) {
            inquiry.put(nowMs -> isSettled() || nowMs > deadlineMs, this::askLeader);
            return latest != null ? latest : inquiry.answerTo((links, now) -> {}, () -> null, 0);
        }
    }

    private boolean isSettled() {
        return latest != null && latest.isSettled();
    }

    /** Whoever leads, also one that takes no commands. */
    private void askLeader(MemberLinks links, long nowMs) {
        links.tickAll(nowMs);
        for (int i = 0; i < links.count(); i++) {
            MemberLink link = links.get(i);
            if (link.leads()) {
                repetition.askIfDue(link, nowMs, this::encode);
            }
        }
    }

    private int encode() {
        return request.wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .node(node)
                .encodedLength();
    }

    private void heard(TransferResponseDecoder transfer) {
        TransferReport report = new TransferReport(state(transfer), transfer.reason());
        if (!isSettled() && !report.equals(latest)) {
            latest = report;
            progress.accept(report);
        }
    }

    private static TransferReport.State state(TransferResponseDecoder transfer) {
        return switch (transfer.state()) {
            case LEADS -> TransferReport.State.LEADS;
            case REFUSED -> TransferReport.State.REFUSED;
            case GIVEN_UP -> TransferReport.State.GIVEN_UP;
            default -> TransferReport.State.WAITING;
        };
    }
}
