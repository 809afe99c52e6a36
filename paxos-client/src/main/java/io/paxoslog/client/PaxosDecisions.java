package io.paxoslog.client;

import io.paxoslog.codecs.client.DecideEncoder;
import io.paxoslog.codecs.client.DecideLimitsEncoder;
import io.paxoslog.codecs.client.DecideVersionEncoder;
import io.paxoslog.codecs.client.DecisionKind;
import io.paxoslog.codecs.client.DecisionResult;
import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Version;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.ToIntFunction;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has the log decide what operators decide: needs a leader, and no session. Asking the same again
 * does no harm. Any thread may ask; each question has a media driver of its own.
 */
public final class PaxosDecisions {
    private static final int ASK_AGAIN_MS = 100;

    /**
     * What came of a decision.
     *
     * @param isInForce whether the log has decided as asked, now or before
     * @param wasInForce whether it had before
     * @param slot where the decision stands; 0 when it is not in force, or a skip was before
     * @param reason why it is not in force: one line for people; empty when it is
     */
    public record Outcome(boolean isInForce, boolean wasInForce, long slot, String reason) {}

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DecideEncoder decide = new DecideEncoder();
    private final DecideLimitsEncoder decideLimits = new DecideLimitsEncoder();
    private final DecideVersionEncoder decideVersion = new DecideVersionEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[128]);
    private final ToIntFunction<PaxosDecisions> question;
    private final long correlation = new SecureRandom().nextLong();
    private final int members;
    private final Repetition repetition = new Repetition(ASK_AGAIN_MS, message);
    private Outcome outcome;

    private final NodeMessages answers =
            new NodeMessages() {
                @Override
                public void decided(
                        MemberLink from,
                        long about,
                        DecisionResult result,
                        long decidedAt,
                        String reason) {
                    if (about == correlation) {
                        outcome =
                                new Outcome(
                                        result == DecisionResult.IN_FORCE
                                                || result == DecisionResult.WAS_IN_FORCE,
                                        result == DecisionResult.WAS_IN_FORCE,
                                        decidedAt,
                                        reason);
                    }
                }
            };

    /**
     * @param question writes what is asked and returns its length without the header
     */
    private PaxosDecisions(ToIntFunction<PaxosDecisions> question, int members) {
        this.question = question;
        this.members = members;
    }

    /**
     * Has the log skip the command at a slot, which no node's state machine may have applied: every
     * member must be up, and hold below it.
     *
     * @param members HOST:PORT of the nodes
     * @param timeoutMs how long to wait for a leader and its answer
     * @throws ClientException NO_ANSWER or NO_LEADER, when nobody answered in time: it may be
     *     decided or not, and asking again does no harm; INTERRUPTED
     */
    public static Outcome skip(List<String> members, long slot, int timeoutMs) {
        return ask(members, DecisionKind.SKIP, slot, timeoutMs);
    }

    /**
     * Has the state machines that are halted at a slot try its command once more.
     *
     * @param members HOST:PORT of the nodes
     * @param timeoutMs how long to wait for a leader and its answer
     * @throws ClientException as {@link #skip}
     */
    public static Outcome retry(List<String> members, long slot, int timeoutMs) {
        return ask(members, DecisionKind.RETRY, slot, timeoutMs);
    }

    private static Outcome ask(List<String> members, DecisionKind kind, long slot, int timeoutMs) {
        if (slot < 1) {
            throw new IllegalArgumentException("slots count from 1, not " + slot);
        }
        return ask(members, asking -> asking.encode(kind, slot), timeoutMs);
    }

    /**
     * Has the log change what sessions may hold, on all nodes from the slot of the decision on.
     * Fewer sessions than are open close none of them: no other is opened before there is room.
     *
     * @param members HOST:PORT of the nodes
     * @param limits all of them; refused, with a reason, when a cluster could not live with them
     * @param previous slot of the decision that these follow, as {@link
     *     NodeReport#limitsDecidedAt()} says it: refused when another one came in between
     * @param timeoutMs how long to wait for a leader and its answer
     * @throws ClientException as {@link #skip}
     * @throws IllegalArgumentException when {@code previous} is negative
     */
    public static Outcome limits(
            List<String> members, Decision.Limits limits, long previous, int timeoutMs) {
        if (previous < 0) {
            throw new IllegalArgumentException("previous: a slot or 0, not " + previous);
        }
        return ask(members, asking -> asking.encode(limits, previous), timeoutMs);
    }

    /**
     * Has the log say which version is agreed, on all nodes from the slot of the decision on. There
     * is no way back, and a build that lacks it stops.
     *
     * @param members HOST:PORT of the nodes
     * @param version both numbers; refused, with a reason, where a member does not know them
     * @param previous slot of the entry that says what is agreed so far, as {@link
     *     VersionReport#agreedAt()} says it: refused when another one came in between
     * @param timeoutMs how long to wait for a leader and its answer
     * @throws ClientException as {@link #skip}
     * @throws IllegalArgumentException when {@code previous} is negative
     */
    public static Outcome version(
            List<String> members, Version version, long previous, int timeoutMs) {
        if (previous < 0) {
            throw new IllegalArgumentException("previous: a slot or 0, not " + previous);
        }
        return ask(members, asking -> asking.encode(version, previous), timeoutMs);
    }

    private int encode(Version version, long previous) {
        return decideVersion
                .wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .previous(previous)
                .system(version.system())
                .application(version.application())
                .encodedLength();
    }

    private int encode(DecisionKind kind, long slot) {
        return decide.wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .slot(slot)
                .kind(kind)
                .encodedLength();
    }

    private int encode(Decision.Limits limits, long previous) {
        return decideLimits
                .wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .previous(previous)
                .maxSessions(limits.sessions())
                .maxInFlight(limits.inFlight())
                .maxReplyBytes(limits.replyBytes())
                .maxCachedBytes(limits.cachedBytes())
                .encodedLength();
    }

    private static Outcome ask(
            List<String> members, ToIntFunction<PaxosDecisions> question, int timeoutMs) {
        ClientConfig config = ClientConfig.of(members);
        PaxosDecisions asking = new PaxosDecisions(question, config.members().size());
        try (Inquiry inquiry = new Inquiry("PaxosDecisions", config, asking.answers)) {
            return inquiry.answerTo(asking::ask, () -> asking.outcome, timeoutMs);
        }
    }

    private void ask(MemberLinks links, long nowMs) {
        links.tickAll(nowMs);
        for (int i = 0; i < members; i++) {
            MemberLink link = links.get(i);
            if (link.leads()) {
                repetition.askIfDue(link, nowMs, () -> question.applyAsInt(this));
            }
        }
    }
}
