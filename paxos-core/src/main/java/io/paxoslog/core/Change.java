package io.paxoslog.core;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the membership is to be, as whoever looks after the cluster wants it: any set, any quorum
 * sizes, any limit. Immutable.
 *
 * @param previous slot of the entry it was made from, see {@link Replica#membershipSlot}; void when
 *     the membership was changed since
 * @param members all that are to be members, by ascending node id; one of them at least votes
 * @param prepareQuorum answers that Phase 1 needs
 * @param acceptQuorum votes that choose a slot; together with {@code prepareQuorum} more than the
 *     members that vote
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
     * @param seat how it takes part
     * @param zone where it stands, as operators name it; empty when they do not
     */
    public record Member(long identity, String address, Seat seat, String zone) {
        /** A voter of no zone. */
        public Member(long identity, String address) {
            this(identity, address, Seat.VOTER, "");
        }

        /**
         * One that was read: from an entry of a message, say.
         *
         * @param address ASCII
         * @param flags those of its seat
         * @throws IllegalArgumentException when no seat has these, or no zone is called so
         */
        public static Member read(long identity, byte[] address, int flags, String zone) {
            require(Membership.isZone(zone), "zone: no such");
            String text = new String(address, StandardCharsets.US_ASCII);
            return new Member(identity, text, Seat.of(flags), zone);
        }

        /** The same one in another seat. */
        public Member as(Seat newSeat) {
            return new Member(identity, address, newSeat, zone);
        }

        /** The same one, found elsewhere. */
        public Member at(String newAddress) {
            return new Member(identity, newAddress, seat, zone);
        }

        /** The same one in another zone. */
        public Member in(String newZone) {
            return new Member(identity, address, seat, newZone);
        }
    }

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException naming what is wrong and what would be right
     */
    public Change {
        members = List.copyOf(members);
        int size = members.size();
        int voters = (int) members.stream().filter(member -> member.seat().votes()).count();
        require(previous >= 1, "previous: the slot of a membership, not " + previous);
        require(
                size >= 1 && size <= Membership.MAX_MEMBERS,
                "members: 1 to " + Membership.MAX_MEMBERS + " are allowed, not " + size);
        require(voters >= 1, "members: one at least must vote");
        require(
                prepareQuorum >= 1 && prepareQuorum <= voters,
                "prepareQuorum: 1 to " + voters + ", not " + prepareQuorum);
        require(
                acceptQuorum >= 1 && acceptQuorum <= voters,
                "acceptQuorum: 1 to " + voters + ", not " + acceptQuorum);
        require(
                prepareQuorum + acceptQuorum > voters,
                "prepareQuorum + acceptQuorum must be more than the "
                        + voters
                        + " members that vote");
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
        require(
                Membership.isZone(member.zone()),
                "members: the zone of node "
                        + MemberId.node(member.identity())
                        + " must be at most "
                        + Membership.MAX_ZONE_BYTES
                        + " letters, digits, '-', '_' and '.'");
    }

    private static void require(boolean isRight, String message) {
        if (!isRight) {
            throw new IllegalArgumentException(message);
        }
    }
}
