package io.paxoslog.client;

import io.paxoslog.codecs.client.ChangeMembersEncoder;
import io.paxoslog.codecs.client.ChangeResponseDecoder;
import io.paxoslog.codecs.client.GiveUpChangeEncoder;
import io.paxoslog.codecs.client.MembersRequestEncoder;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.core.Change;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Asks nodes who the members are, and has the leader change them; needs no session. Asking for the
 * same again does no harm. Any thread may ask; each question has a media driver of its own.
 */
public final class PaxosMembers {
    private static final int ASK_AGAIN_MS = 100;
    private static final int LARGEST_BYTES = 16 * 1024;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MembersRequestEncoder request = new MembersRequestEncoder();
    private final ChangeMembersEncoder changeMembers = new ChangeMembersEncoder();
    private final GiveUpChangeEncoder giveUp = new GiveUpChangeEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[LARGEST_BYTES]);
    private final long correlation = new SecureRandom().nextLong();
    private final Repetition repetition = new Repetition(ASK_AGAIN_MS, message);
    private final Map<String, MembersReport> reports = new HashMap<>();
    private final Consumer<ChangeReport> progress;
    private final long deadlineMs;
    private ChangeReport latest;

    private final NodeMessages answers =
            new NodeMessages() {
                @Override
                public void members(MemberLink from, long about, MembersReport report) {
                    if (about == correlation) {
                        reports.put(from.address, report);
                    }
                }

                @Override
                public void change(MemberLink from, ChangeResponseDecoder change) {
                    if (change.correlation() == correlation) {
                        heard(change);
                    }
                }
            };

    private PaxosMembers(int timeoutMs, Consumer<ChangeReport> progress) {
        this.progress = progress;
        deadlineMs = Inquiry.nowMs() + timeoutMs;
    }

    /**
     * Asks each node and waits for the answers.
     *
     * @param nodes HOST:PORT of the nodes, members or not
     * @param timeoutMs how long to wait for those that do not answer
     * @return one report for each node that answered, in the order asked
     * @throws ClientException INTERRUPTED; the thread is still interrupted then
     */
    public static List<MembersReport> ask(List<String> nodes, int timeoutMs) {
        ClientConfig config = ClientConfig.of(nodes);
        List<String> all = config.members();
        PaxosMembers asking = new PaxosMembers(timeoutMs, report -> {});
        try (Inquiry inquiry = new Inquiry("PaxosMembers", config, asking.answers)) {
            inquiry.put(
                    nowMs -> asking.reports.size() >= all.size() || nowMs > asking.deadlineMs,
                    (links, nowMs) -> asking.askAll(links, all.size(), nowMs));
        }
        return all.stream().filter(asking.reports::containsKey).map(asking.reports::get).toList();
    }

    /**
     * Has the leader change the members, and waits until they are as asked, or will never be by
     * this change. Until its entry is proposed it can be given up; afterwards it is what holds.
     *
     * @param nodes HOST:PORT of nodes, which know the leader
     * @param timeoutMs how long to wait in all
     * @param progress hears what moves on, on the thread that asks
     * @param isGivenUp whether nobody wants it any more; asked again and again
     * @return the last that the leader said; not settled when that took too long
     * @throws ClientException NO_ANSWER or NO_LEADER, when nobody answered in time: it may be under
     *     way or not, and asking again does no harm; INTERRUPTED
     */
    public static ChangeReport change(
            List<String> nodes,
            Change change,
            int timeoutMs,
            Consumer<ChangeReport> progress,
            BooleanSupplier isGivenUp) {
        PaxosMembers asking = new PaxosMembers(timeoutMs, progress);
        return asking.askLeader(
                nodes,
                () -> isGivenUp.getAsBoolean() ? asking.encodeGiveUp() : asking.encode(change));
    }

    /**
     * Has the leader give up the change of members that is not proposed yet.
     *
     * @return GIVEN_UP, or REFUSED when there is none
     * @throws ClientException as {@link #change}
     */
    public static ChangeReport giveUp(List<String> nodes, int timeoutMs) {
        PaxosMembers asking = new PaxosMembers(timeoutMs, report -> {});
        return asking.askLeader(nodes, asking::encodeGiveUp);
    }

    private ChangeReport askLeader(List<String> nodes, IntSupplier question) {
        ClientConfig config = ClientConfig.of(nodes);
        try (Inquiry inquiry = new Inquiry("PaxosMembers", config, answers)) {
            inquiry.put(
                    nowMs -> isSettled() || nowMs > deadlineMs,
                    (links, nowMs) -> askLeader(links, nowMs, question));
            return latest != null ? latest : inquiry.answerTo((links, now) -> {}, () -> null, 0);
        }
    }

    private boolean isSettled() {
        return latest != null && latest.isSettled();
    }

    private void askAll(MemberLinks links, int count, long nowMs) {
        links.tickAll(nowMs);
        for (int i = 0; i < count; i++) {
            MemberLink link = links.get(i);
            if (!reports.containsKey(link.address)) {
                repetition.askIfDue(link, nowMs, this::encodeRequest);
            }
        }
    }

    /** Whoever leads, also one that takes no commands, and that nobody told of before. */
    private void askLeader(MemberLinks links, long nowMs, IntSupplier question) {
        links.tickAll(nowMs);
        for (int i = 0; i < links.count(); i++) {
            MemberLink link = links.get(i);
            if (link.leads()) {
                repetition.askIfDue(link, nowMs, question);
            }
        }
    }

    private int encodeRequest() {
        return request.wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .encodedLength();
    }

    private int encodeGiveUp() {
        return giveUp.wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .encodedLength();
    }

    private int encode(Change change) {
        changeMembers
                .wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .previous(change.previous())
                .openSlotLimit(change.openSlotLimit())
                .prepareQuorum((short) change.prepareQuorum())
                .acceptQuorum((short) change.acceptQuorum());
        ChangeMembersEncoder.ItemsEncoder items = changeMembers.itemsCount(change.members().size());
        for (Change.Member member : change.members()) {
            byte[] address = member.address().getBytes(StandardCharsets.US_ASCII);
            items.next()
                    .identity(member.identity())
                    .seat(member.seat().flags())
                    .zone(member.zone())
                    .putAddress(address, 0, address.length);
        }
        return changeMembers.encodedLength();
    }

    private void heard(ChangeResponseDecoder change) {
        ChangeReport report =
                new ChangeReport(state(change), change.slot(), change.firstSlot(), change.reason());
        if (!isSettled() && !report.equals(latest)) {
            latest = report;
            progress.accept(report);
        }
    }

    private static ChangeReport.State state(ChangeResponseDecoder change) {
        return switch (change.state()) {
            case PROPOSED -> ChangeReport.State.PROPOSED;
            case IN_FORCE -> ChangeReport.State.IN_FORCE;
            case REFUSED -> ChangeReport.State.REFUSED;
            case GIVEN_UP -> ChangeReport.State.GIVEN_UP;
            default -> ChangeReport.State.PREPARING;
        };
    }
}
