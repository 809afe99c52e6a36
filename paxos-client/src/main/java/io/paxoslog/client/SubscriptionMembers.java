package io.paxoslog.client;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.codecs.client.StatusRequestEncoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The members that a subscription may be served by: those given, in their order, then those of the
 * cluster. Knows which of them is silent, behind, or does not have what is wanted.
 */
final class SubscriptionMembers {
    private static final int ASK_STATUS_MS = 500;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final StatusRequestEncoder statusRequest = new StatusRequestEncoder();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[32]);
    private final List<SubscriptionMember> members = new ArrayList<>();
    private final MemberLinks links;
    private long statusAskedMs;

    SubscriptionMembers(MemberLinks links, long nowMs) {
        this.links = links;
        statusAskedMs = nowMs;
    }

    /** Asks those that do not serve how far they are, and notices who came and went. */
    void tick(long nowMs, SubscriptionMember serving) {
        follow();
        if (nowMs - statusAskedMs < ASK_STATUS_MS) {
            return;
        }
        statusAskedMs = nowMs;
        for (int i = 0; i < members.size(); i++) {
            SubscriptionMember member = members.get(i);
            if (member != serving && member.isThere()) {
                askStatus(member.link);
            }
        }
    }

    private void askStatus(MemberLink link) {
        statusRequest.wrapAndApplyHeader(message, 0, header).correlation(link.link());
        link.send(message, MessageHeaderEncoder.ENCODED_LENGTH + statusRequest.encodedLength());
    }

    private void follow() {
        boolean isSame = links.count() == members.size();
        for (int i = 0; isSame && i < members.size(); i++) {
            isSame = members.get(i).link == links.get(i);
        }
        if (!isSame) {
            List<SubscriptionMember> before = List.copyOf(members);
            members.clear();
            for (int i = 0; i < links.count(); i++) {
                members.add(known(links.get(i), before));
            }
        }
    }

    private static SubscriptionMember known(MemberLink link, List<SubscriptionMember> before) {
        return before.stream()
                .filter(member -> member.link == link)
                .findFirst()
                .orElseGet(() -> new SubscriptionMember(link));
    }

    /** The member behind a link; null when it is none any more. */
    SubscriptionMember of(MemberLink link) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).link == link) {
                return members.get(i);
            }
        }
        return null;
    }

    /** The first that is fit to serve a slot: best one that is not behind it. Null for none. */
    SubscriptionMember choose(long slot) {
        SubscriptionMember chosen = null;
        for (int i = 0; i < members.size(); i++) {
            SubscriptionMember member = members.get(i);
            boolean isBetter = chosen == null || worthOf(member, slot) > worthOf(chosen, slot);
            if (member.canServe(slot) && isBetter) {
                chosen = member;
            }
        }
        return chosen;
    }

    private static int worthOf(SubscriptionMember member, long slot) {
        if (member.isAvoided) {
            return 0;
        }
        return member.applied >= slot - 1 ? 2 : 1;
    }

    /** The highest slot that any but one says that it has applied. */
    long highestApplied(SubscriptionMember but) {
        long highest = 0;
        for (int i = 0; i < members.size(); i++) {
            SubscriptionMember member = members.get(i);
            if (member != but && member.isThere()) {
                highest = Math.max(highest, member.applied);
            }
        }
        return highest;
    }

    /** One serves: what was held against others is over. */
    void serves(SubscriptionMember member) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).isAvoided = members.get(i) != member && members.get(i).isAvoided;
        }
    }

    /** Whether every one has said that it cannot serve a slot, or is of another cluster. */
    boolean canNobodyServe(long slot) {
        for (int i = 0; i < members.size(); i++) {
            SubscriptionMember member = members.get(i);
            if (!member.isOfOtherCluster && member.refusedUpTo < Math.max(1, slot)) {
                return false;
            }
        }
        return !members.isEmpty();
    }

    boolean isAnyOfOtherCluster() {
        return members.stream().anyMatch(member -> member.isOfOtherCluster);
    }

    /** Whether one answers, and all that do are of an earlier release. */
    boolean areAllTooOld() {
        return members.stream().anyMatch(SubscriptionMember::isThere)
                && members.stream().noneMatch(m -> m.isThere() && m.isOfThisRelease());
    }

    /** Where the logs of those begin that do not keep a slot any more; 0 when none said so. */
    long lowestFirstKept(long slot) {
        return members.stream()
                .mapToLong(member -> member.firstKept)
                .filter(first -> first > slot)
                .min()
                .orElse(0);
    }
}
