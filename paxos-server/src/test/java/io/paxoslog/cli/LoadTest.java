package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<byte[]> taken = new ArrayList<>();
    private long nowNs;
    private boolean isTaking = true;

    @Test
    void keepsTheWindowFullAndNotFuller() {
        Load load = load(1, 4, 0);
        assertThat(load.send()).isEqualTo(4);
        assertThat(load.send()).isZero();
        load.onReply(0);
        assertThat(load.send()).isEqualTo(1);
        assertThat(load.inFlight()).isEqualTo(4);
    }

    @Test
    void sharesTheWindowAmongSessions() {
        Load load = load(3, 4, 0);
        load.send();
        load.onReply(0);
        load.onReply(0);
        assertThatThrownBy(() -> load.onReply(0)).isInstanceOf(IllegalStateException.class);
        load.onReply(1);
        load.onReply(2);
        assertThat(load.inFlight()).isZero();
    }

    @Test
    void sendsAtEvenDistancesWhenARateIsAsked() {
        Load load = load(1, 100, 1000);
        assertThat(load.send()).isEqualTo(1);
        nowNs += MS - 1;
        assertThat(load.send()).isZero();
        nowNs += 1;
        assertThat(load.send()).isEqualTo(1);
        nowNs += 5 * MS;
        assertThat(load.send()).isEqualTo(5);
    }

    @Test
    void aStallCountsAgainstEveryCommandItHeldUp() {
        Load load = load(1, 1, 1000);
        load.send();
        nowNs += 100 * MS;
        load.onReply(0);
        // The second was meant to leave 99 ms ago, the third 98 ms ago, and so on.
        for (int i = 0; i < 99; i++) {
            assertThat(load.send()).isEqualTo(1);
            load.onReply(0);
        }
        assertThat(load.latenciesNs().getTotalCount()).isEqualTo(100);
        assertThat(load.latenciesNs().getValueAtPercentile(50))
                .isBetween(50 * MS - MS / 2, 50 * MS + MS / 2);
        assertThat(load.latenciesNs().getMaxValue())
                .isBetween(100 * MS - MS / 2, 100 * MS + MS / 2);
    }

    @Test
    void aRefusedCommandIsOfferedAgainAndKeepsItsTime() {
        Load load = load(1, 1, 0);
        isTaking = false;
        assertThat(load.send()).isZero();
        nowNs += 7 * MS;
        isTaking = true;
        assertThat(load.send()).isEqualTo(1);
        load.onReply(0);
        assertThat(load.latenciesNs().getMinValue()).isGreaterThanOrEqualTo(7 * MS - MS / 10);
    }

    @Test
    void countsOnlyWhatWasMeantToLeaveInTheMeasuredTime() {
        Load load = new Load(() -> nowNs, sessions(1), 8, 10, 1000, 1);
        load.begin(10 * MS, 20 * MS);
        for (int i = 0; i < 100; i++) {
            load.send();
            while (load.inFlight() > 0) {
                load.onReply(0);
            }
            nowNs += MS;
        }
        assertThat(load.isAllSent()).isTrue();
        assertThat(load.sent()).isEqualTo(30);
        assertThat(load.latenciesNs().getTotalCount()).isEqualTo(20);
        assertThat(load.measuredNs()).isEqualTo(20 * MS);
    }

    @Test
    void measuredTimeLastsUntilTheLastReplyThatCounts() {
        Load load = new Load(() -> nowNs, sessions(1), 8, 1, 0, 1);
        load.begin(0, 10 * MS);
        load.send();
        nowNs += 25 * MS;
        load.onReply(0);
        nowNs += 25 * MS;
        assertThat(load.measuredNs()).isEqualTo(25 * MS);
    }

    @Test
    void payloadsHaveTheLengthAskedAndDiffer() {
        Load load = new Load(() -> nowNs, sessions(1), 13, 2, 0, 1);
        load.begin(0, MS);
        load.send();
        assertThat(taken).hasSize(2).allSatisfy(bytes -> assertThat(bytes).hasSize(13));
        assertThat(taken.get(0)).isNotEqualTo(taken.get(1));
    }

    @Test
    void payloadMayBeEmpty() {
        Load load = new Load(() -> nowNs, sessions(1), 0, 1, 0, 1);
        load.begin(0, MS);
        assertThat(load.send()).isEqualTo(1);
        assertThat(taken).singleElement().isEqualTo(new byte[0]);
    }

    private Load load(int sessions, int window, double rate) {
        Load load = new Load(() -> nowNs, sessions(sessions), 100, window, rate, 1);
        load.begin(0, TimeUnit.SECONDS.toNanos(10));
        return load;
    }

    private Load.Session[] sessions(int count) {
        Load.Session[] sessions = new Load.Session[count];
        for (int i = 0; i < count; i++) {
            sessions[i] = this::take;
        }
        return sessions;
    }

    private boolean take(UnsafeBuffer command, int length) {
        if (!isTaking) {
            return false;
        }
        byte[] bytes = new byte[length];
        command.getBytes(0, bytes);
        taken.add(bytes);
        return true;
    }
}
