package io.paxoslog.client;

import io.paxoslog.codecs.client.MembersResponseDecoder;
import io.paxoslog.codecs.client.YesNo;
import io.paxoslog.core.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who a node is, and who the members are by the latest entry it knows; as it said itself.
 *
 * @param address HOST:PORT it was asked at
 * @param self its node id and incarnation, see {@link io.paxoslog.core.MemberId}
 * @param clusterId the cluster; 0 while it is of none, and then the rest says nothing
 * @param slot of the entry
 * @param firstSlot from which on the entry is in force
 * @param commit every slot up to it is chosen
 * @param openSlotLimit most slots above the commit index that may be proposed
 * @param highestNode the highest node id ever used
 * @param prepareQuorum promises an election needs
 * @param acceptQuorum votes that choose a slot
 * @param isChanging whether a change is being prepared there, or on its way into force
 * @param isPreparing whether it leads and prepares a change, which can still be given up
 * @param members all of them, by ascending node id
 * @param coming all members after the change that is prepared; empty when none is
 * @param waitsFor what that change waits for, as one line for people; empty for nothing
 */
public record MembersReport(
        String address,
        long self,
        long clusterId,
        long slot,
        long firstSlot,
        long commit,
        int openSlotLimit,
        int highestNode,
        int prepareQuorum,
        int acceptQuorum,
        boolean isChanging,
        boolean isPreparing,
        List<Change.Member> members,
        List<Change.Member> coming,
        String waitsFor) {

    /** Takes its own copies of the members. */
    public MembersReport {
        members = List.copyOf(members);
        coming = List.copyOf(coming);
    }

    /** Of these the one that knows the latest entry, and most behind it; null for none. */
    public static MembersReport latestOf(List<MembersReport> reports) {
        return reports.stream()
                .filter(report -> report.clusterId() != 0)
                .max(
                        Comparator.comparingLong(MembersReport::slot)
                                .thenComparingLong(MembersReport::commit))
                .orElse(null);
    }

    /** Whether the entry is chosen and not in force yet. */
    public boolean isPending() {
        return clusterId != 0 && commit + 1 < firstSlot;
    }

    /** Number of members that vote. */
    public int voters() {
        return (int) members.stream().filter(member -> member.seat().votes()).count();
    }

    static MembersReport read(String address, MembersResponseDecoder said) {
        return new MembersReport(
                address,
                said.self(),
                said.clusterId(),
                said.slot(),
                said.firstSlot(),
                said.commit(),
                said.openSlotLimit(),
                said.highestNode(),
                said.prepareQuorum(),
                said.acceptQuorum(),
                said.changing() == YesNo.YES,
                said.preparing() == YesNo.YES,
                items(said),
                coming(said),
                said.waitsFor());
    }

    private static List<Change.Member> items(MembersResponseDecoder said) {
        List<Change.Member> members = new ArrayList<>();
        boolean saysSeats = said.actingVersion() >= ResponseShape.FIRST_WITH_SEATS;
        for (MembersResponseDecoder.ItemsDecoder item : said.items()) {
            long identity = item.identity();
            int seat = saysSeats ? item.seat() : 0;
            String zone = item.zone();
            byte[] address = new byte[item.addressLength()];
            item.getAddress(address, 0, address.length);
            members.add(Change.Member.read(identity, address, seat, zone));
        }
        return members;
    }

    private static List<Change.Member> coming(MembersResponseDecoder said) {
        List<Change.Member> members = new ArrayList<>();
        for (MembersResponseDecoder.ComingDecoder item : said.coming()) {
            long identity = item.identity();
            int seat = item.seat();
            String zone = item.zone();
            byte[] address = new byte[item.addressLength()];
            item.getAddress(address, 0, address.length);
            members.add(Change.Member.read(identity, address, seat, zone));
        }
        return members;
    }
}
