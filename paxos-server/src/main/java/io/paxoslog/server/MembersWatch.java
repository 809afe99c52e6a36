package io.paxoslog.server;

import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Replica;
import io.paxoslog.core.Seat;
import io.paxoslog.transport.PeerTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Follows the memberships that the log records: where members are found, and a line for people.
 * What a node was started with counts as long as the log says nothing, and is tried in turn with
 * what the log says while nobody is heard: all members may have moved while they were down.
 */
final class MembersWatch {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long NOT_YET = Long.MIN_VALUE;

    private final Member self;
    private final List<Member> configured;
    private final List<Elsewhere> elsewhere = new ArrayList<>();
    private final PeerTransport peers;
    private final Consumer<String> log;
    private final JoinInquiry join;
    private String behind = "";
    private long knownSlot;
    private long aloneSinceNs = NOT_YET;
    private boolean isElsewhere;

    /** A member that is said to be at two places. */
    private record Elsewhere(int node, String byTheLog, String asStarted) {}

    /**
     * @param configured the members this node was started with
     * @param join asks who the members are; null when nobody has to be asked
     */
    MembersWatch(
            Member self,
            List<Member> configured,
            PeerTransport peers,
            Consumer<String> log,
            JoinInquiry join) {
        this.configured = configured;
        this.join = join;
        this.self = self;
        this.peers = peers;
        this.log = log;
    }

    /** Looks whether there is another membership than before. */
    void onTick(Replica replica) {
        if (join != null) {
            join.onTick(replica);
        }
        behind = replica.membersBehind() == 0 ? "" : text(replica.nodesBehind());
        long slot = replica.membershipSlot();
        if (slot == knownSlot) {
            lookElsewhere(replica);
            return;
        }
        knownSlot = slot;
        Membership members = replica.newestMembership();
        follow(members);
        log.accept("by the entry at slot " + slot + ": " + text(members));
    }

    private void lookElsewhere(Replica replica) {
        if (elsewhere.isEmpty() || replica.leader() != 0) {
            aloneSinceNs = NOT_YET;
            return;
        }
        long nowNs = System.nanoTime();
        aloneSinceNs = aloneSinceNs == NOT_YET ? nowNs : aloneSinceNs;
        if (nowNs - aloneSinceNs >= PATIENCE_NS) {
            aloneSinceNs = nowNs;
            isElsewhere = !isElsewhere;
            elsewhere.forEach(
                    at -> peers.moved(at.node(), isElsewhere ? at.asStarted() : at.byTheLog()));
        }
    }

    private void follow(Membership members) {
        elsewhere.clear();
        isElsewhere = false;
        for (int i = 0; i < members.size(); i++) {
            int node = MemberId.node(members.member(i));
            String address = members.address(i);
            if (node != self.id()) {
                peers.moved(node, address);
                noteElsewhere(node, address);
            } else if (!address.equals(self.peerAddress())) {
                log.accept(
                        "warning: the log records this node at %s, and it was started at %s: where the others look for it, the log counts"
                                .formatted(address, self.peerAddress()));
            }
        }
    }

    private static String seat(Seat seat) {
        return switch (seat) {
            case VOTER -> "";
            case OBSERVER -> " observes";
            case SPARE -> " is a spare";
        };
    }

    private void noteElsewhere(int node, String byTheLog) {
        for (Member member : configured) {
            if (member.id() == node && !member.peerAddress().equals(byTheLog)) {
                elsewhere.add(new Elsewhere(node, byTheLog, member.peerAddress()));
            }
        }
    }

    private static String text(int[] nodes) {
        return IntStream.of(nodes).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /** As members are configured, and what it takes. */
    private static String text(Membership members) {
        StringBuilder all = new StringBuilder("members ");
        for (int i = 0; i < members.size(); i++) {
            all.append(i == 0 ? "" : ",")
                    .append(MemberId.node(members.member(i)))
                    .append('=')
                    .append(members.address(i))
                    .append(seat(members.seat(i)))
                    .append(members.zone(i).isEmpty() ? "" : " in " + members.zone(i));
        }
        return all.append(", quorums ")
                .append(members.prepareQuorum().size())
                .append(" and ")
                .append(members.acceptQuorum().size())
                .toString();
    }

    /** Ids of members that are not heard, as they run on old copies, with commas between them. */
    String behind() {
        return behind;
    }

    /** HOST:PORT of a member, as far as it is known; empty when it is not. */
    String addressOf(int node) {
        if (node == self.id()) {
            return self.peerAddress();
        }
        String address = peers.addressOf(node);
        return address == null ? "" : address;
    }
}
