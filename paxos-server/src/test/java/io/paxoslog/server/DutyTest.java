package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DutyTest {
    private final Duty duty = new Duty(false);

    @Test
    void whoeverIsInsideKeepsTheReplicaUnlessRelieved() {
        duty.enter();
        assertThat(duty.isInside()).isTrue();
        assertThat(duty.leave()).isTrue();
        assertThat(duty.isInside()).isFalse();
        assertThat(duty.isApart()).isFalse();
    }

    @Test
    void whoeverWasRelievedInsideHasTheReplicaNoMore() {
        duty.enter();
        assertThat(duty.relieve(duty.look())).isTrue();
        assertThat(duty.isApart()).isTrue();
        assertThat(duty.isInside()).isFalse();
        assertThat(duty.leave()).isFalse();
        assertThat(duty.isApart()).isTrue();
    }

    @Test
    void onlyAStayThatLastsIsRelieved() {
        assertThat(duty.relieve(duty.look())).isFalse();
        duty.enter();
        long seen = duty.look();
        assertThat(duty.leave()).isTrue();
        assertThat(duty.relieve(seen)).isFalse();
        duty.enter();
        assertThat(duty.relieve(seen)).isFalse();
        assertThat(duty.leave()).isTrue();
    }

    @Test
    void whoeverIsNotInsideCannotComeOut() {
        assertThatThrownBy(duty::leave).isInstanceOf(IllegalStateException.class);
        duty.enter();
        duty.leave();
        assertThatThrownBy(duty::leave).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nobodyIsRelievedTwice() {
        duty.enter();
        long seen = duty.look();
        assertThat(duty.relieve(seen)).isTrue();
        assertThat(duty.relieve(seen)).isFalse();
        assertThat(duty.relieve(duty.look())).isFalse();
    }

    @Test
    void theOneWhoAppliedApartGivesBackAndTheNextStayIsAnother() {
        duty.enter();
        long first = duty.look();
        duty.relieve(first);
        duty.join();
        assertThat(duty.isApart()).isFalse();
        duty.enter();
        assertThat(duty.look()).isNotEqualTo(first);
        assertThat(duty.leave()).isTrue();
        duty.part();
        assertThat(duty.isApart()).isTrue();
        assertThat(duty.leave()).isFalse();
    }

    @Test
    void applyingThatTakesMostOfTheTimeIsWorthAThread() {
        ApplyShare share = new ApplyShare();
        share.restart(0);
        assertThat(share.isLarge()).isFalse();
        assertThat(share.isSmall()).isFalse();
        share.worked(0, ms(6));
        assertThat(share.isLarge()).isFalse();
        share.looked(ms(11));
        assertThat(share.isLarge()).isTrue();
        share.worked(ms(20), ms(24));
        assertThat(share.isLarge()).isFalse();
        assertThat(share.isSmall()).isFalse();
        share.worked(ms(24), ms(25));
        share.looked(ms(90));
        assertThat(share.isSmall()).isTrue();
        share.restart(ms(90));
        assertThat(share.isSmall()).isFalse();
    }

    /** The host takes the processor away for a while, now and then: that is not the application. */
    @Test
    void aStayFarLongerThanThoseAroundItSaysNothingAboutTheNext() {
        ApplyShare share = new ApplyShare();
        share.restart(0);
        long now = quickStays(share, 0, 100);
        share.worked(now, now + ms(9));
        quickStays(share, now + ms(9), 11);
        assertThat(share.isSmall()).isTrue();
    }

    @Test
    void staysThatAreAllLongAreWorthAThreadSoon() {
        ApplyShare share = new ApplyShare();
        share.restart(0);
        long now = quickStays(share, 0, 200);
        for (int stay = 0; stay < 8; stay++) {
            share.worked(now, now + ms(9));
            now += ms(10);
        }
        assertThat(share.isLarge()).isTrue();
    }

    /** Of 10 us, one each 100 us. */
    private static long quickStays(ApplyShare share, long fromNs, int count) {
        long now = fromNs;
        for (int stay = 0; stay < count; stay++) {
            share.worked(now, now + ms(1) / 100);
            now += ms(1) / 10;
            share.looked(now);
        }
        return now;
    }

    private static long ms(int ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
