package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.ChangeState;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Seat;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** An operator has the leader change the members, and asks again and again how far that is. */
class ChangingTest {
    private static final int LIMIT = 100;

    private final Leader leader = new Leader();
    private final Changing changing = new Changing(leader, leader);

    private static Change.Member member(int node) {
        return new Change.Member(MemberId.of(node, 1_000 + node), "host:" + (9_000 + node));
    }

    static Change toFour() {
        return new Change(1, List.of(member(1), member(2), member(3), member(4)), 3, 3, LIMIT);
    }

    private ChangeState ask(Change change) {
        changing.ask(change, true);
        return changing.state;
    }

    @Test
    void isToldWhatItWaitsForUntilItIsInForce() {
        leader.waitsFor = "node 4";
        assertThat(ask(toFour())).isEqualTo(ChangeState.PREPARING);
        assertThat(changing.reason).isEqualTo("node 4");
        assertThat(ask(toFour())).isEqualTo(ChangeState.PREPARING);
        assertThat(leader.begun).isEqualTo(1);
        leader.waitsFor = "";
        assertThat(ask(toFour())).isEqualTo(ChangeState.PROPOSED);
        leader.adopt(toFour(), 50);
        assertThat(ask(toFour())).isEqualTo(ChangeState.PROPOSED);
        assertThat(changing.slot).isEqualTo(50);
        assertThat(changing.firstSlot).isEqualTo(50 + LIMIT);
        leader.commitIndex = 50 + LIMIT - 1;
        leader.isChanging = false;
        assertThat(ask(toFour())).isEqualTo(ChangeState.IN_FORCE);
    }

    @Test
    void whatIsInForceAlreadyIsNotBegunAgain() {
        leader.adopt(toFour(), 50);
        leader.commitIndex = 500;
        leader.isChanging = false;
        assertThat(ask(toFour())).isEqualTo(ChangeState.IN_FORCE);
        assertThat(leader.begun).isZero();
    }

    @Test
    void othersWantingTheSameAreToldAndWhoWantsAnotherIsRefused() {
        leader.waitsFor = "node 4";
        ask(toFour());
        assertThat(ask(toFour())).isEqualTo(ChangeState.PREPARING);
        leader.refusal = "another change is on its way: ask again";
        Change other = new Change(1, List.of(member(1)), 1, 1, LIMIT);
        assertThat(ask(other)).isEqualTo(ChangeState.REFUSED);
        assertThat(changing.reason).isEqualTo(leader.refusal);
    }

    @Test
    void aRefusalOfTheReplicaIsPassedOn() {
        leader.refusal = "node ids are never used again";
        assertThat(ask(toFour())).isEqualTo(ChangeState.REFUSED);
        assertThat(changing.reason).isEqualTo("node ids are never used again");
    }

    @Test
    void aClientThatKnowsNoObserversMakesNoVotersOfThem() {
        Change seated =
                new Change(
                        1,
                        List.of(member(1), member(2), member(3), member(4).as(Seat.OBSERVER)),
                        2,
                        2,
                        LIMIT);
        leader.adopt(seated, 50);
        leader.commitIndex = 500;
        leader.isChanging = false;

        changing.ask(toFour(), false);

        assertThat(changing.state).isEqualTo(ChangeState.REFUSED);
        assertThat(changing.reason).contains("there are observers or zones");
        assertThat(leader.begun).isZero();
        assertThat(ask(seated)).isEqualTo(ChangeState.IN_FORCE);
    }

    @Test
    void anAddressThatNoLinkCouldBeOpenedToIsRefused() {
        for (String address : List.of("host", "host:0", "host:65535", "ho st:9000", ":9000")) {
            Change.Member moved = member(1).at(address);
            assertThat(ask(new Change(1, List.of(moved), 1, 1, LIMIT)))
                    .as(address)
                    .isEqualTo(ChangeState.REFUSED);
            assertThat(changing.reason).contains("node 1: HOST:PORT is needed");
        }
        assertThat(leader.begun).isZero();
    }

    @Test
    void underAnotherBallotItIsBegunAgain() {
        leader.waitsFor = "node 4";
        ask(toFour());
        leader.ballot++;
        ask(toFour());
        assertThat(leader.begun).isEqualTo(2);
    }

    @Test
    void aLeaderThatHasJustBeenElectedIsWaitedFor() {
        leader.isSettled = false;
        assertThat(ask(toFour())).isEqualTo(ChangeState.PREPARING);
        assertThat(leader.begun).isZero();
    }

    @Test
    void oneVoteIsNotEnoughWhereItMayBeForgotten() {
        Change single = new Change(1, List.of(member(1), member(2)), 2, 1, LIMIT);
        assertThat(ask(single)).isEqualTo(ChangeState.PROPOSED);
        leader.isOneVoteEnough = false;
        leader.isChanging = false;
        Change other = new Change(1, List.of(member(1), member(2), member(3)), 3, 1, LIMIT);
        assertThat(ask(other)).isEqualTo(ChangeState.REFUSED);
        assertThat(leader.begun).isEqualTo(1);
    }

    @Test
    void isGivenUpUntilItIsProposed() {
        leader.waitsFor = "node 4";
        ask(toFour());
        changing.giveUp();
        assertThat(changing.state).isEqualTo(ChangeState.GIVEN_UP);
        changing.giveUp();
        assertThat(changing.state).isEqualTo(ChangeState.REFUSED);
        ask(toFour());
        assertThat(leader.begun).isEqualTo(2);
    }

    /** A leader of three, as far as changes go. */
    private static final class Leader extends LeadingNode {
        private int begun;
        private long ballot = 65_537;
        private long commitIndex = 10;
        private long slot = 1;
        private long firstSlot = 1;
        private boolean isSettled = true;
        private boolean isChanging;
        private boolean isOneVoteEnough = true;
        private String waitsFor = "";
        private String refusal = "";
        private Membership members =
                encoded(
                        new Change(1, List.of(member(1), member(2), member(3)), 2, 2, LIMIT),
                        (byte) 1);

        private void adopt(Change change, long at) {
            boolean isPlain = change.members().stream().allMatch(one -> one.seat().votes());
            members = encoded(change, (byte) (isPlain ? 2 : 3));
            slot = at;
            firstSlot = at + LIMIT;
            isChanging = true;
        }

        private static Membership encoded(Change change, byte version) {
            UnsafeBuffer bytes = new UnsafeBuffer(new byte[1024]);
            bytes.putByte(0, version);
            bytes.putByte(1, (byte) change.prepareQuorum());
            bytes.putByte(2, (byte) change.acceptQuorum());
            bytes.putByte(3, (byte) change.members().size());
            bytes.putInt(4, change.openSlotLimit(), ByteOrder.LITTLE_ENDIAN);
            bytes.putLong(8, 77, ByteOrder.LITTLE_ENDIAN);
            int position = 16;
            if (version >= 2) {
                bytes.putLong(16, change.previous(), ByteOrder.LITTLE_ENDIAN);
                bytes.putInt(24, 4, ByteOrder.LITTLE_ENDIAN);
                position = 28;
            }
            for (Change.Member one : change.members()) {
                byte[] address = one.address().getBytes(StandardCharsets.US_ASCII);
                bytes.putLong(position, one.identity(), ByteOrder.LITTLE_ENDIAN);
                bytes.putByte(position + Long.BYTES, (byte) address.length);
                bytes.putBytes(position + Long.BYTES + 1, address);
                position += Long.BYTES + 1 + address.length;
                if (version == 3) {
                    bytes.putByte(position, one.seat().flags());
                    bytes.putByte(position + 1, (byte) 0);
                    position += 2;
                }
            }
            return Membership.decode(bytes, 0, position);
        }

        @Override
        public boolean change(Change change) {
            if (!refusal.isEmpty()) {
                return false;
            }
            begun++;
            isChanging = true;
            return true;
        }

        @Override
        public String changeRefusal() {
            return refusal;
        }

        @Override
        public boolean giveUpChange() {
            boolean was = isChanging;
            isChanging = false;
            return was;
        }

        @Override
        public boolean isChanging() {
            return isChanging;
        }

        @Override
        public String changeWaitsFor() {
            return waitsFor;
        }

        @Override
        public Membership newestMembership() {
            return members;
        }

        @Override
        public long membershipSlot() {
            return slot;
        }

        @Override
        public long membershipFirstSlot() {
            return firstSlot;
        }

        @Override
        public boolean isOneVoteEnough() {
            return isOneVoteEnough;
        }

        @Override
        public boolean isSettled() {
            return isSettled;
        }

        @Override
        public long ballot() {
            return ballot;
        }

        @Override
        public long commitIndex() {
            return commitIndex;
        }

        @Override
        public int openSlotLimit() {
            return LIMIT;
        }

        @Override
        public long clusterId() {
            return 77;
        }
    }
}
