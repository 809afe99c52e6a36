package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.SubscribeEncoder;
import io.paxoslog.codecs.client.UnsubscribeEncoder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The member that serves a subscription: asks it, watches it, and takes another one when it is
 * silent, behind, or does not have what is wanted.
 */
final class ServingMember {
    /** No answer to the question itself by then: another one is asked, if there is one. */
    private static final int UNANSWERED_MS = 500;

    /** So long somebody else is further than the member that serves, and it has no more. */
    private static final int BEHIND_MS = 1_000;

    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubscribeEncoder subscribe = new SubscribeEncoder();
    private final UnsubscribeEncoder unsubscribe = new UnsubscribeEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    private final SubscriptionMembers members;
    private final SubscriptionPosition position;
    private final int silenceMs;
    private SubscriptionMember member;
    private long correlation;
    private boolean isAsked;
    private boolean isAnswered;
    private boolean isHeard;
    private int silentMs;
    private int unansweredMs;
    private int behindMs;
    private long aheadOf;

    /**
     * @param firstCorrelation that others do not have by chance
     * @param silenceMs so long a member may say nothing
     */
    ServingMember(
            SubscriptionMembers members,
            SubscriptionPosition position,
            long firstCorrelation,
            int silenceMs) {
        this.members = members;
        this.position = position;
        this.silenceMs = silenceMs;
        correlation = firstCorrelation;
    }

    /** Null while there is none. */
    SubscriptionMember get() {
        return member;
    }

    /** Whether it has answered what it was asked last. */
    boolean isAnswered() {
        return member != null && isAnswered;
    }

    /** Whether a message is of the member that serves, and about what it was asked last. */
    boolean isAbout(MemberLink from, long of) {
        return member != null && from == member.link && of == correlation;
    }

    /** A member said that it lives; {@code isNew}: it knows nothing of what was asked before. */
    void welcomed(MemberLink from, boolean isNew) {
        if (member != null && from == member.link) {
            isHeard = true;
            isAsked = isAsked && !isNew;
        }
    }

    /** It said how far it is. */
    void answered(long applied) {
        isHeard = true;
        isAnswered = true;
        member.applied = applied;
    }

    /** It is asked anew: something that it said is missing. */
    void askAgain() {
        isAsked = false;
    }

    /**
     * Looks whether it still serves, and is no worse than others; then asks whom there is to ask.
     *
     * @param passedMs since this was called last, as far as anything could have been heard
     */
    void turn(int passedMs) {
        if (member != null) {
            watch(passedMs);
        }
        if (member == null) {
            choose();
        }
        if (member != null && !isAsked && member.isThere()) {
            ask();
        }
    }

    private void watch(int passedMs) {
        silentMs = isHeard ? 0 : silentMs + passedMs;
        isHeard = false;
        unansweredMs = isAnswered ? 0 : unansweredMs + passedMs;
        behindMs = isBehind() ? behindMs + passedMs : 0;
        boolean isSilent = silentMs > silenceMs;
        boolean isGone = members.of(member.link) != member || !member.isThere();
        if (isSilent || behindMs > BEHIND_MS || unansweredMs > UNANSWERED_MS) {
            member.isAvoided = true;
            leave();
        } else if (isGone) {
            leave();
        }
    }

    /**
     * Whether it has served all that it has applied, and another one had applied more some time
     * ago.
     */
    private boolean isBehind() {
        boolean hasMore = Math.max(1, position.nextSlot()) - 1 < member.applied;
        if (!isAnswered || hasMore || member.applied >= aheadOf) {
            aheadOf = Math.max(members.highestApplied(member), member.applied);
            return false;
        }
        return true;
    }

    /** It sends nothing more; what it sent before counts no more. */
    void leave() {
        end();
        member = null;
        isAsked = false;
    }

    /** Tells it that nothing more is wanted. */
    void end() {
        if (member == null || !isAsked) {
            return;
        }
        unsubscribe.wrapAndApplyHeader(message, 0, header).correlation(correlation);
        member.link.send(message, HEADER_BYTES + unsubscribe.encodedLength());
    }

    private void choose() {
        member = members.choose(position.nextSlot());
        isAsked = false;
        isAnswered = false;
        silentMs = 0;
        unansweredMs = 0;
        behindMs = 0;
        aheadOf = 0;
    }

    private void ask() {
        correlation++;
        isAnswered = false;
        subscribe
                .wrapAndApplyHeader(message, 0, header)
                .correlation(correlation)
                .clusterId(position.clusterId())
                .fromSlot(position.nextSlot());
        isAsked = member.link.send(message, HEADER_BYTES + subscribe.encodedLength());
    }
}
