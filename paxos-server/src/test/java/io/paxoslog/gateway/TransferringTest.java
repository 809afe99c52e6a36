package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.TransferState;
import org.junit.jupiter.api.Test;

/** An operator wants another node to lead, and asks again and again how far that is. */
class TransferringTest {
    private final Leader leader = new Leader();
    private final Transferring transferring = new Transferring(leader, leader);

    private TransferAnswer ask(int node) {
        return transferring.ask(7, node);
    }

    private void is(TransferAnswer answer, TransferState state, String reason) {
        assertThat(answer).isEqualTo(new TransferAnswer(7, state, reason));
    }

    @Test
    void whoLeadsAlreadySaysSo() {
        is(ask(1), TransferState.LEADS, "");
        assertThat(leader.asked).isZero();
    }

    @Test
    void isToldWhatItWaitsFor() {
        leader.waitsFor = "node 3 is to catch up first";

        is(ask(3), TransferState.WAITING, "node 3 is to catch up first");
        is(ask(3), TransferState.WAITING, "node 3 is to catch up first");

        // The second one keeps it going.
        assertThat(leader.asked).isEqualTo(2);
    }

    @Test
    void aRefusalOfTheReplicaIsPassedOn() {
        leader.refusal = "node 9 is no member";

        is(ask(9), TransferState.REFUSED, "node 9 is no member");
    }

    @Test
    void whatWasGivenUpIsNotBegunAgainForWhoAskedForIt() {
        ask(3);
        leader.giveUp("node 3 did not take over within 300 ms");

        is(ask(3), TransferState.GIVEN_UP, "node 3 did not take over within 300 ms");
        assertThat(leader.asked).isEqualTo(1);

        assertThat(transferring.ask(8, 3).state()).isEqualTo(TransferState.WAITING);
        assertThat(leader.asked).isEqualTo(2);
    }

    @Test
    void aLeaderThatHasJustBeenElectedIsWaitedFor() {
        leader.isSettled = false;

        assertThat(ask(3).state()).isEqualTo(TransferState.WAITING);
        assertThat(leader.asked).isZero();

        leader.haltedAt = 5;
        ask(3);
        assertThat(leader.asked).isEqualTo(1);
    }

    @Test
    void aChangeOfTheMembersWaitsForIt() {
        ask(3);
        Changing changing = new Changing(leader, leader);

        changing.ask(ChangingTest.toFour(), false);

        assertThat(changing.reason).contains("handed over first");
    }

    /** Node 1 leads. */
    private static final class Leader extends LeadingNode {
        private int asked;
        private int to;
        private String waitsFor = "";
        private String refusal = "";
        private String givenUp = "";
        private boolean isSettled = true;
        private long haltedAt;

        void giveUp(String why) {
            to = 0;
            givenUp = why;
        }

        @Override
        public boolean transfer(int node) {
            asked++;
            givenUp = "";
            to = refusal.isEmpty() ? node : 0;
            return refusal.isEmpty();
        }

        @Override
        public String transferRefusal() {
            return refusal;
        }

        @Override
        public int transfersTo() {
            return to;
        }

        @Override
        public String transferWaitsFor() {
            return waitsFor;
        }

        @Override
        public String transferGivenUp() {
            return givenUp;
        }

        @Override
        public long haltedAt() {
            return haltedAt;
        }

        @Override
        public boolean isSettled() {
            return isSettled;
        }
    }
}
