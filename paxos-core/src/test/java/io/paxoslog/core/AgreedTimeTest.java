package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What a leader stamps. Node 1 of three or five; one clock shows {@link #RIGHT}, in milliseconds.
 */
class AgreedTimeTest {
    private static final long RIGHT = 1_700_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final int TIMEOUT = 300;
    private static final long NS = 1_000_000;

    private final AgreedTime time = of(3);
    private long tick = 1_000;

    private static AgreedTime of(int members) {
        ReplicaConfig config =
                HandCluster.configOf(1, members, members / 2 + 1, members / 2 + 1, 9);
        AgreedTime time =
                new AgreedTime(
                        config, new Memberships(config), new ElectionTimer(TIMEOUT / 2, 1), 500);
        time.begin();
        return time;
    }

    /** Time passes, and this node's wall clock shows so much. */
    private void pass(long ticks, long wallMs) {
        tick += ticks;
        time.onTick(tick, wallMs * NS);
    }

    private void report(int member, long wallMs) {
        time.reported(member, time.newNonce(), wallMs * NS);
    }

    private long stampMs() {
        return time.stamp() / NS;
    }

    @Test
    void threeClocksAreNotMovedByOneThatIsAhead() {
        report(1, RIGHT);
        report(2, RIGHT + 1);
        pass(0, RIGHT + HOUR);
        assertThat(stampMs()).isEqualTo(RIGHT + 1);

        report(1, RIGHT + HOUR);
        pass(1, RIGHT);
        assertThat(stampMs()).isEqualTo(RIGHT + 2);
    }

    @Test
    void threeClocksAreNotHeldBackByOneThatIsBehind() {
        report(1, RIGHT - HOUR);
        report(2, RIGHT);
        pass(0, RIGHT + 1);

        assertThat(stampMs()).isEqualTo(RIGHT);
    }

    @Test
    void theLowerOfTwoCounts() {
        report(1, RIGHT);
        pass(0, RIGHT + HOUR);

        assertThat(stampMs()).isEqualTo(RIGHT);
    }

    @Test
    void ofTwoClocksOneThatIsBehindDoesNotStopTheTime() {
        report(1, RIGHT);
        pass(0, RIGHT);
        assertThat(stampMs()).isEqualTo(RIGHT);

        report(1, RIGHT - HOUR);
        pass(100, RIGHT + 100);
        assertThat(stampMs()).isEqualTo(RIGHT + 100);
    }

    @Test
    void ofFourTheSecondLowestCounts() {
        AgreedTime five = of(5);
        for (int member = 1; member <= 3; member++) {
            five.reported(member, five.newNonce(), (RIGHT + member) * NS);
        }
        five.onTick(tick, (RIGHT + HOUR) * NS);

        assertThat(five.stamp()).isEqualTo((RIGHT + 2) * NS);
    }

    @Test
    void aClusterOfOneTrustsItsClock() {
        AgreedTime alone = of(1);
        alone.onTick(tick, RIGHT * NS);

        assertThat(alone.isKnown()).isTrue();
        assertThat(alone.stamp()).isEqualTo(RIGHT * NS);
    }

    @Test
    void ownClockAloneIsNoAgreement() {
        pass(0, RIGHT);
        assertThat(time.isKnown()).isFalse();

        report(2, RIGHT);
        pass(1, RIGHT + 1);
        assertThat(time.isKnown()).isTrue();
    }

    @Test
    void aloneItRunsOnFromTheLastAgreedTime() {
        time.known(RIGHT * NS);
        pass(0, RIGHT + HOUR);
        pass(70, RIGHT + HOUR + 70);

        assertThat(time.isKnown()).isTrue();
        assertThat(stampMs()).isEqualTo(RIGHT + 70);
    }

    @Test
    void neverFallsBelowWhatIsInTheLog() {
        time.known((RIGHT + HOUR) * NS);
        report(1, RIGHT);
        report(2, RIGHT);
        pass(0, RIGHT);

        assertThat(stampMs()).isEqualTo(RIGHT + HOUR);
    }

    @Test
    void reportsAgeByTheMonotonicClock() {
        report(1, RIGHT);
        report(2, RIGHT + 5);
        pass(0, RIGHT + HOUR);
        pass(TIMEOUT, RIGHT + HOUR);

        assertThat(stampMs()).isEqualTo(RIGHT + 5 + TIMEOUT);
    }

    @Test
    void reportsOfThoseNotHeardForATimeOutAreDropped() {
        report(1, RIGHT - HOUR);
        report(2, RIGHT);
        pass(0, RIGHT);
        pass(1, RIGHT);
        report(2, RIGHT + 1);
        pass(1, RIGHT + HOUR);
        pass(TIMEOUT - 1, RIGHT + HOUR);

        assertThat(stampMs()).isEqualTo(RIGHT + TIMEOUT);
    }

    /** A process that stood still hears what came meanwhile before it looks at the time. */
    @Test
    void aReportAgesFromTheNextTickOn() {
        report(1, RIGHT + 60_000);
        report(2, RIGHT + 60_000);
        pass(60_000, RIGHT);

        assertThat(stampMs()).isEqualTo(RIGHT + 60_000);
    }

    /** Else the time for which it stood still would count twice. */
    @Test
    void whatIsStampedBeforeTheNextTickRunsOnFromThere() {
        pass(0, RIGHT + HOUR);
        report(1, RIGHT + 60_000);
        assertThat(stampMs()).isEqualTo(RIGHT + 60_000);
        pass(60_000, RIGHT + HOUR);
        assertThat(stampMs()).isEqualTo(RIGHT + 60_000);
        pass(1, RIGHT + HOUR);
        assertThat(stampMs()).isEqualTo(RIGHT + 60_001);
    }

    @Test
    void whatIsLearntFromTheLogCountsFromTheNextTickOn() {
        pass(0, RIGHT);
        time.known((RIGHT + 60_000) * NS);
        pass(60_000, RIGHT + HOUR);

        assertThat(stampMs()).isEqualTo(RIGHT + 60_000);
    }

    @Test
    void answersToNoHeartbeatOfThisBallotDoNotCount() {
        long earlier = time.newNonce();
        time.begin();
        time.reported(1, earlier, RIGHT * NS);
        time.reported(2, 0, RIGHT * NS);
        time.reported(2, 700, RIGHT * NS);
        pass(0, RIGHT);

        assertThat(time.isKnown()).isFalse();
    }

    @Test
    void answersThatCameTooLateOrAgainDoNotCount() {
        long old = time.newNonce();
        time.reported(1, old, RIGHT * NS);
        time.reported(1, old, (RIGHT + HOUR) * NS);
        pass(0, RIGHT + HOUR);
        assertThat(stampMs()).isEqualTo(RIGHT);

        long late = time.newNonce();
        for (int i = 0; i < TIMEOUT / 50; i++) {
            time.newNonce();
        }
        time.reported(2, late, RIGHT * NS);
        pass(1, RIGHT + HOUR);
        assertThat(stampMs()).isEqualTo(RIGHT + 1);
    }

    @Test
    void stampsTheSameAllThroughATick() {
        report(1, RIGHT);
        pass(0, RIGHT);
        long first = time.stamp();
        report(2, RIGHT + HOUR);

        assertThat(time.stamp()).isEqualTo(first);
    }

    @Test
    void survivesClocksAtTheEndsOfTime() {
        time.reported(1, time.newNonce(), Long.MAX_VALUE);
        time.reported(2, time.newNonce(), Long.MAX_VALUE);
        time.onTick(tick, Long.MAX_VALUE);
        time.onTick(tick + 1, Long.MIN_VALUE);

        assertThat(time.stamp()).isPositive();
        assertThat(time.ownNs()).isZero();
    }
}
