package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.SessionLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operators change limits, and clients are told those in force. */
class LimitsDecisionTest {
    private static final int OPERATOR = 7;
    private static final int CLIENT = 8;

    private final Desk desk =
            new Desk(
                    new GatewayConfig(4, 1000, 4000, 16, 4096, 100),
                    new SessionLimits(2, 100, 1024, 64 * 1024));
    private final ClientFrames frames = desk.frames();
    private final FakeLink operator = desk.hello(OPERATOR);
    private final FakeLink client = desk.hello(CLIENT);

    private List<String> decide(
            long correlation, long previous, int sessions, int inFlight, int cachedBytes) {
        desk.hear(
                OPERATOR,
                frames.decideLimits(correlation, previous, sessions, inFlight, 200, cachedBytes));
        desk.speak();
        return operator.takeSaid();
    }

    private List<String> openSession() {
        desk.hear(CLIENT, frames.openSession(CLIENT));
        desk.choose();
        desk.speak();
        return client.takeSaid();
    }

    @Test
    void whoOpensASessionIsToldTheLimitsInForce() {
        assertThat(decide(1, 0, 2, 33, 5000)).containsExactly("decided 1 IN_FORCE 2");
        assertThat(openSession()).containsExactly("opened 8 as 3");
        assertThat(client.maxInFlight).isEqualTo(33);
        assertThat(client.maxInFlightBytes).isEqualTo(2500);
    }

    @Test
    void whoHasASessionIsToldAnewAtOnceAndWhenItIsBroughtElsewhere() {
        long session = desk.session(CLIENT);
        client.takeSaid();

        assertThat(decide(1, 0, 2, 33, 5000)).containsExactly("decided 1 IN_FORCE 3");

        assertThat(client.takeSaid()).containsExactly("opened 0 as " + session);
        assertThat(client.maxInFlight).isEqualTo(33);
        desk.speak();
        assertThat(client.takeSaid()).isEmpty();
        // Another turn: not many are let in in one.
        desk.beFull(false);
        FakeLink other = desk.hello(9);
        assertThat(other).isNotSameAs(client);
        desk.hear(9, frames.resume(session, 1, 2));
        desk.speak();
        assertThat(other.takeSaid()).containsExactly("opened 0 as " + session);
        assertThat(other.maxInFlightBytes).isEqualTo(2500);
    }

    @Test
    void whoIsRefusedASessionIsToldTheBoundInForce() {
        desk.session(OPERATOR);
        operator.takeSaid();
        assertThat(decide(1, 0, 1, 100, 5000)).contains("decided 1 IN_FORCE 3");
        assertThat(openSession()).containsExactly("failure TOO_MANY_SESSIONS bound 1");
        assertThat(decide(2, 3, 2, 100, 5000)).contains("decided 2 IN_FORCE 5");
        assertThat(openSession()).containsExactly("opened 8 as 6");
    }

    @Test
    void whatNoClusterCouldLiveWithIsRefusedAndNeverProposed() {
        long last = desk.lastSlot();
        assertThat(decide(1, 0, 0, 100, 5000))
                .containsExactly("decided 1 REFUSED 0 sessions: 1 to 1048576, not 0");
        assertThat(decide(2, 0, 1, -5, 5000))
                .containsExactly("decided 2 REFUSED 0 in-flight: 1 to 1048576, not -5");
        assertThat(decide(3, 0, 1, 1, Integer.MIN_VALUE))
                .containsExactly(
                        "decided 3 REFUSED 0 cached-bytes: 212 to 67108864, not -2147483648");
        assertThat(desk.lastSlot()).isEqualTo(last);
    }

    /** A client keeps no more on its way than has a place, and the largest command needs one. */
    @Test
    void theLargestCommandCanStillBeSent() {
        assertThat(decide(1, 0, 1, 1, 2 * (1000 + 64) - 1))
                .containsExactly(
                        "decided 1 REFUSED 0 cached-bytes: at least 2128, as half of it is for"
                                + " commands, which may have 1000 bytes each; not 2127");
        assertThat(decide(2, 0, 1, 1, 2 * (1000 + 64))).containsExactly("decided 2 IN_FORCE 2");
    }

    @Test
    void whoDidNotKnowTheLatestLimitsIsRefused() {
        decide(1, 0, 2, 33, 5000);
        assertThat(decide(2, 0, 2, 34, 5000))
                .containsExactly("decided 2 REFUSED 0 changed by somebody else");
    }

    @Test
    void whoAsksTheSameAgainAsTheAnswerGotLostIsToldSo() {
        decide(1, 0, 2, 33, 5000);
        assertThat(decide(2, 0, 2, 33, 5000)).containsExactly("decided 2 WAS_IN_FORCE 2");
        assertThat(desk.lastSlot()).isEqualTo(2);
    }

    @Test
    void aSlotThatIsNoneIsNoMessage() {
        assertThat(decide(1, -1, 2, 33, 5000)).isEmpty();
        assertThat(desk.limitsDecidedAt).isZero();
    }
}
