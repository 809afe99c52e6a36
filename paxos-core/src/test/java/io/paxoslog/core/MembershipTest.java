package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The value of a membership entry. */
class MembershipTest {
    /**
     * Written by version 1: three members, quorums of 2, limit 1000, cluster 77. Never change it.
     */
    private static final String VERSION_1 =
            "01020203e80300004d00000000000000"
                    + "010065000000000006686f73743a31"
                    + "020066000000000006686f73743a32"
                    + "030067000000000006686f73743a33";

    private final ReplicaConfig config = HandCluster.configOf(1, 3, 2, 2, 1000);
    private final Membership genesis = Roles.genesis(config);

    @Test
    void readsWhatVersion1Wrote() {
        byte[] bytes = HexFormat.of().parseHex(VERSION_1);

        Membership read = Membership.decode(new UnsafeBuffer(bytes), 0, bytes.length);

        assertThat(read.clusterId()).isEqualTo(77);
        assertThat(read.openSlotLimit()).isEqualTo(1000);
        assertThat(read.prepareQuorum().size()).isEqualTo(2);
        assertThat(read.acceptQuorum().size()).isEqualTo(2);
        assertThat(read.size()).isEqualTo(3);
        assertThat(read.member(2)).isEqualTo(MemberId.of(3, 103));
        assertThat(read.address(2)).isEqualTo("host:3");
    }

    @Test
    void writesWhatVersion1Wrote() {
        byte[] bytes = encoded(genesis);

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(VERSION_1);
        assertThat(genesis.encodedLength()).isEqualTo(bytes.length);
    }

    /**
     * Written by version 2: made from the entry at slot 1, members 1 and 4, quorums of 2, limit 10,
     * cluster 77, highest node id 4. Never change it.
     */
    private static final String VERSION_2 =
            "020202020a0000004d00000000000000"
                    + "010000000000000004000000"
                    + "010065000000000003683a31"
                    + "040068000000000003683a34";

    @Test
    void readsAndWritesWhatVersion2Wrote() {
        byte[] bytes = HexFormat.of().parseHex(VERSION_2);
        Membership read = Membership.decode(new UnsafeBuffer(bytes), 0, bytes.length);

        assertThat(read.previous()).isEqualTo(1);
        assertThat(read.highestNode()).isEqualTo(4);
        assertThat(read.openSlotLimit()).isEqualTo(10);
        assertThat(read.member(1)).isEqualTo(MemberId.of(4, 104));
        Membership after = SuccessionTest.after(genesis, 1, 10, 1, 4);
        assertThat(encoded(after)).isEqualTo(bytes);
        assertThat(after.encodedLength()).isEqualTo(bytes.length);
        assertThat(read.isSameAs(after)).isTrue();
    }

    /**
     * Written by version 3: made from the entry at slot 1, members 1, 4, an observer, and 5, a
     * spare, in zone b, quorums of 1, limit 10, cluster 77, highest node id 5. Never change it.
     */
    private static final String VERSION_3 =
            "030101030a0000004d00000000000000"
                    + "010000000000000005000000"
                    + "010065000000000003683a310000"
                    + "040068000000000003683a340100"
                    + "050069000000000003683a35030162";

    private Change seated(Change.Member... others) {
        List<Change.Member> members = new ArrayList<>();
        members.add(new Change.Member(MemberId.of(1, 101), "h:1"));
        members.addAll(List.of(others));
        return new Change(1, members, 1, 1, 10);
    }

    @Test
    void readsAndWritesWhatVersion3Wrote() {
        byte[] bytes = HexFormat.of().parseHex(VERSION_3);
        Membership read = Membership.decode(new UnsafeBuffer(bytes), 0, bytes.length);
        Membership after =
                genesis.after(
                        seated(
                                new Change.Member(MemberId.of(4, 104), "h:4", Seat.OBSERVER, ""),
                                new Change.Member(MemberId.of(5, 105), "h:5", Seat.SPARE, "b")));

        assertThat(encoded(after)).isEqualTo(bytes);
        assertThat(after.encodedLength()).isEqualTo(bytes.length);
        assertThat(read.isSameAs(after)).isTrue();
        assertThat(read.voters()).isEqualTo(1);
        assertThat(read.size()).isEqualTo(3);
        assertThat(read.zone(2)).isEqualTo("b");
        assertThat(read.members()).isEqualTo(after.members());
        assertThat(read)
                .hasToString(
                        "members [1], observers [4, 5], prepareQuorum 1, acceptQuorum 1, openSlotLimit 10");
    }

    @Test
    void onlyObserversAndZonesNeedAnotherSystemVersion() {
        assertThat(genesis.needs()).isEqualTo(1);
        assertThat(genesis.after(seated()).needs()).isEqualTo(1);
        Change.Member other = new Change.Member(MemberId.of(4, 104), "h:4");
        assertThat(genesis.after(seated(other.as(Seat.OBSERVER))).needs()).isEqualTo(2);
        assertThat(genesis.after(new Change(1, List.of(other.in("b")), 1, 1, 10)).needs())
                .isEqualTo(2);
    }

    @Test
    void refusesSeatsAndZonesThatNobodyHas() {
        // The flags of node 4, and the zone of node 5; quorums of what does not vote.
        for (int at : new int[] {54, 70}) {
            byte[] bytes = HexFormat.of().parseHex(VERSION_3);
            bytes[at] = 2;
            assertRefused(bytes);
        }
        byte[] bytes = HexFormat.of().parseHex(VERSION_3);
        bytes[1] = 2;
        assertRefused(bytes);
        byte[] whole = HexFormat.of().parseHex(VERSION_3);
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void refusesWhatIsNoSoundMembershipOfVersion2() {
        List.of(1, 2, 4, 8, 16, 24, 28, 40)
                .forEach(
                        offset -> {
                            byte[] bytes = HexFormat.of().parseHex(VERSION_2);
                            bytes[offset] = 0;
                            assertThatThrownBy(
                                            () ->
                                                    Membership.decode(
                                                            new UnsafeBuffer(bytes),
                                                            0,
                                                            bytes.length))
                                    .as("byte %d", offset)
                                    .isInstanceOf(IllegalArgumentException.class);
                        });
    }

    @Test
    void refusesEveryPrefixOfAnEntry() {
        byte[] bytes = encoded(genesis);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);

        for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> Membership.decode(buffer, 0, cut))
                    .as("cut to %d bytes", cut)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesBytesBehindAnEntry() {
        byte[] bytes = HexFormat.of().parseHex(VERSION_1 + "00");

        assertRefused(bytes);
    }

    @Test
    void refusesAnotherVersion() {
        byte[] bytes = encoded(genesis);
        bytes[0] = 2;

        assertRefused(bytes);
    }

    @Test
    void refusesMemberCountsThatCannotBe() {
        for (int count : new int[] {0, -1, Membership.MAX_MEMBERS + 1, 127, 4}) {
            byte[] bytes = encoded(genesis);
            bytes[3] = (byte) count;
            assertRefused(bytes);
        }
    }

    @Test
    void refusesAnEntryThatNamesNoCluster() {
        byte[] bytes = encoded(genesis);
        bytes[8] = 0;

        assertRefused(bytes);
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> Membership.decode(new UnsafeBuffer(bytes), 0, bytes.length))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsAnEntryInTheMiddleOfABuffer() {
        byte[] bytes = encoded(genesis);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length + 20]);
        buffer.putBytes(13, bytes);

        Membership read = Membership.decode(buffer, 13, bytes.length);

        assertThat(encoded(read)).isEqualTo(bytes);
    }

    @Test
    void needsEverybodyUntilGenesisIsChosen() {
        Membership unanimous = Membership.unanimous(config);

        assertThat(unanimous.prepareQuorum().isReachedBy(0b111)).isTrue();
        assertThat(unanimous.prepareQuorum().isReachedBy(0b110)).isFalse();
        assertThat(unanimous.acceptQuorum().isReachedBy(0b011)).isFalse();
        assertThat(unanimous.hasIncarnations()).isFalse();
    }

    @Test
    void knowsAnyIncarnationUntilGenesisIsChosen() {
        Membership unanimous = Membership.unanimous(config);

        assertThat(unanimous.indexOf(MemberId.of(2, 5))).isEqualTo(1);
        assertThat(unanimous.indexOf(MemberId.of(4, 5))).isEqualTo(-1);
    }

    @Test
    void knowsOnlyTheRecordedIncarnationAfterwards() {
        assertThat(genesis.indexOf(MemberId.of(2, 102))).isEqualTo(1);
        assertThat(genesis.indexOf(MemberId.of(2, 5))).isEqualTo(-1);
        assertThat(genesis.indexOfNode(2)).isEqualTo(1);
    }

    @Test
    void doesNotDifferFromTheConfigurationItWasMadeOf() {
        assertThat(genesis.differenceTo(config)).isNull();
    }

    @Test
    void saysHowItDiffersFromAConfiguration() {
        assertThat(genesis.differenceTo(HandCluster.configOf(1, 3, 3, 2, 1000)))
                .contains("prepareQuorum 2")
                .contains("prepareQuorum 3");
        assertThat(genesis.differenceTo(HandCluster.configOf(1, 3, 2, 3, 1000)))
                .contains("acceptQuorum 3");
        assertThat(genesis.differenceTo(HandCluster.configOf(1, 3, 2, 2, 1001)))
                .contains("openSlotLimit 1001");
        assertThat(genesis.differenceTo(HandCluster.configOf(1, 5, 3, 3, 1000)))
                .contains("members [1, 2, 3, 4, 5]");
    }

    @Test
    void doesNotMindOtherAddresses() {
        ReplicaConfig moved =
                new ReplicaConfig(
                        config.self(),
                        List.of(
                                new ReplicaConfig.Voter(1, "elsewhere:1"),
                                new ReplicaConfig.Voter(2, ""),
                                new ReplicaConfig.Voter(3, "")),
                        2,
                        2,
                        1000,
                        1,
                        150,
                        50,
                        1,
                        new NonceKey(1, 1),
                        5);

        assertThat(genesis.differenceTo(moved)).isNull();
    }

    @Test
    void carriesTheLongestAddressAndTheMostMembers() {
        long[] members = new long[Membership.MAX_MEMBERS];
        String[] addresses = new String[Membership.MAX_MEMBERS];
        for (int i = 0; i < members.length; i++) {
            members[i] = MemberId.of(i + 1, MemberId.MAX_INCARNATION);
            addresses[i] = "x".repeat(Membership.MAX_ADDRESS_BYTES);
        }
        Membership largest =
                new Membership(Long.MAX_VALUE, Integer.MAX_VALUE, 16, 16, members, addresses);
        byte[] bytes = encoded(largest);

        Membership read = Membership.decode(new UnsafeBuffer(bytes), 0, bytes.length);

        assertThat(read.size()).isEqualTo(Membership.MAX_MEMBERS);
        assertThat(read.address(30)).isEqualTo(addresses[30]);
        assertThat(encoded(read)).isEqualTo(bytes);
    }

    private static byte[] encoded(Membership membership) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        byte[] bytes = new byte[membership.encode(buffer, 0)];
        buffer.getBytes(0, bytes);
        return bytes;
    }
}
