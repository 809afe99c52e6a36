package io.paxoslog.client;

import io.paxoslog.codecs.client.MembersResponseDecoder;
import io.paxoslog.codecs.client.YesNo;
import io.paxoslog.core.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * @param members all of them, by ascending node id
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
        List<Change.Member> members) {

    /** Takes its own copy of the members. */
    public MembersReport {
        members = List.copyOf(members);
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
                items(said));
    }

    private static List<Change.Member> items(MembersResponseDecoder said) {
        List<Change.Member> members = new ArrayList<>();
        for (MembersResponseDecoder.ItemsDecoder item : said.items()) {
            long identity = item.identity();
            byte[] address = new byte[item.addressLength()];
            item.getAddress(address, 0, address.length);
            members.add(
                    new Change.Member(identity, new String(address, StandardCharsets.US_ASCII)));
        }
        return members;
    }
}
