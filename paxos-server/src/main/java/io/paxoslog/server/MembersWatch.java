package io.paxoslog.server;

import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Replica;
import io.paxoslog.transport.PeerTransport;
import java.util.function.Consumer;

/**
 * Follows the memberships that the log records: where members are found, and a line for people.
 * What a node was started with counts only as long as the log says nothing.
 */
final class MembersWatch {
    private final Member self;
    private final PeerTransport peers;
    private final Consumer<String> log;
    private final JoinInquiry join;
    private long knownSlot;

    /**
     * @param join asks who the members are; null when nobody has to be asked
     */
    MembersWatch(Member self, PeerTransport peers, Consumer<String> log, JoinInquiry join) {
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
        long slot = replica.membershipSlot();
        if (slot == knownSlot) {
            return;
        }
        knownSlot = slot;
        Membership members = replica.newestMembership();
        follow(members);
        log.accept("by the entry at slot " + slot + ": " + text(members));
    }

    private void follow(Membership members) {
        for (int i = 0; i < members.size(); i++) {
            int node = MemberId.node(members.member(i));
            String address = members.address(i);
            if (node != self.id()) {
                peers.moved(node, address);
            } else if (!address.equals(self.peerAddress())) {
                log.accept(
                        "warning: the log records this node at %s, and it was started at %s: where the others look for it, the log counts"
                                .formatted(address, self.peerAddress()));
            }
        }
    }

    /** As members are configured, and what it takes. */
    private static String text(Membership members) {
        StringBuilder all = new StringBuilder("members ");
        for (int i = 0; i < members.size(); i++) {
            all.append(i == 0 ? "" : ",")
                    .append(MemberId.node(members.member(i)))
                    .append('=')
                    .append(members.address(i));
        }
        return all.append(", quorums ")
                .append(members.prepareQuorum().size())
                .append(" and ")
                .append(members.acceptQuorum().size())
                .toString();
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
