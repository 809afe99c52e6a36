package io.paxoslog.core;

import java.util.List;

/**
 * What the membership is to be, as whoever looks after the cluster wants it: any set, any quorum
 * sizes, any limit. Immutable.
 *
 * @param previous slot of the entry it was made from, see {@link Replica#membershipSlot}; void when
 *     the membership was changed since
 * @param members all that are to be members, by ascending node id
 * @param prepareQuorum answers that Phase 1 needs
 * @param acceptQuorum votes that choose a slot; together with {@code prepareQuorum} more than the
 *     members
 * @param openSlotLimit most slots above the commit index that may be proposed
 */
public record Change(
        long previous,
        List<Member> members,
        int prepareQuorum,
        int acceptQuorum,
        int openSlotLimit) {

    /**
     * One of them.
     *
     * @param identity see {@link MemberId}; with its incarnation
     * @param address where it is found, which the core does not read
     */
    public record Member(long identity, String address) {}

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    public Change {
        members = List.copyOf(members);
        int size = members.size();
        require(previous >= 1, "previous: the slot of a membership, not " + previous);
        require(
                size >= 1 && size <= Membership.MAX_MEMBERS,
                "members: 1 to " + Membership.MAX_MEMBERS + " are allowed, not " + size);
        require(
                prepareQuorum >= 1 && prepareQuorum <= size,
                "prepareQuorum: 1 to " + size + ", not " + prepareQuorum);
        require(
                acceptQuorum >= 1 && acceptQuorum <= size,
                "acceptQuorum: 1 to " + size + ", not " + acceptQuorum);
        require(
                prepareQuorum + acceptQuorum > size,
                "prepareQuorum + acceptQuorum must be more than the " + size + " members");
        require(openSlotLimit >= 1, "openSlotLimit: at least 1, not " + openSlotLimit);
        long before = 0;
        for (Member member : members) {
            requireSound(member);
            require(
                    MemberId.node(member.identity()) > before,
                    "members: node ids must differ and ascend");
            before = MemberId.node(member.identity());
        }
    }

    private static void requireSound(Member member) {
        require(
                MemberId.node(member.identity()) >= 1
                        && MemberId.incarnation(member.identity()) >= 1
                        && MemberId.incarnation(member.identity()) <= MemberId.MAX_INCARNATION,
                "members: an identity is a node id and an incarnation, not "
                        + MemberId.text(member.identity()));
        require(
                Membership.isAddress(member.address()),
                "members: the address of node "
                        + MemberId.node(member.identity())
                        + " must be at most "
                        + Membership.MAX_ADDRESS_BYTES
                        + " printable ASCII characters");
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }
}
