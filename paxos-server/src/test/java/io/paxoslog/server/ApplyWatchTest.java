package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.metrics.ApplyCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.Test;

/** When operators hear of a state machine that takes its time. */
class ApplyWatchTest {
    private final List<String> lines = new ArrayList<>();
    private final CountersManager memory =
            new CountersManager(
                    new UnsafeBuffer(new byte[16 * 1024]), new UnsafeBuffer(new byte[4 * 1024]));
    private final ApplyCounters counters =
            new ApplyCounters(
                    (type, label) ->
                            new AtomicCounter(memory.valuesBuffer(), memory.allocate(label)),
                    1);
    private long unreadable;
    private final ApplyWatch watch = new ApplyWatch(lines::add, counters);

    private void at(long ms, long slot, boolean isBehind) {
        watch.onTick(TimeUnit.MILLISECONDS.toNanos(ms), 100, 40, slot, isBehind, unreadable);
    }

    @Test
    void whatReturnsWithinASecondIsNotMentioned() {
        at(0, 41, false);
        at(999, 41, false);
        at(1000, 42, false);
        at(1999, 0, false);
        assertThat(lines).isEmpty();
        assertThat(counters.slotInWork()).isZero();
    }

    @Test
    void aSlotThatTakesLongIsNamedAtGrowingIntervalsAndAtItsEnd() {
        for (int ms = 0; ms <= 20_000; ms += 500) {
            at(ms, 41, false);
        }
        at(20_500, 42, false);
        assertThat(lines)
                .containsExactly(
                        "the state machine has been at slot 41 for 1000 ms; the node goes on"
                                + " without it",
                        "the state machine has been at slot 41 for 2000 ms; the node goes on"
                                + " without it",
                        "the state machine has been at slot 41 for 4000 ms; the node goes on"
                                + " without it",
                        "the state machine has been at slot 41 for 8000 ms; the node goes on"
                                + " without it",
                        "the state machine has been at slot 41 for 16000 ms; the node goes on"
                                + " without it",
                        "the state machine took 20500 ms at slot 41");
    }

    @Test
    void countersShowSlotTimeAndLag() {
        at(0, 41, false);
        at(1500, 41, false);
        assertThat(counters.slotInWork()).isEqualTo(41);
        assertThat(counters.inWorkMs()).isEqualTo(1500);
        assertThat(memory.getCounterValue(0)).isEqualTo(60);
        at(1600, 0, false);
        assertThat(counters.slotInWork()).isZero();
        assertThat(counters.inWorkMs()).isZero();
    }

    @Test
    void whatTheJournalDoesNotGiveBackIsTheReason() {
        unreadable = 41;
        at(0, 0, true);
        at(1000, 0, true);
        assertThat(lines)
                .containsExactly(
                        "the state machine is behind: slot 40 of 100 is applied; the journal does"
                                + " not give slot 41 back, other nodes are asked for it");
    }

    @Test
    void whoeverIsBehindIsNamedOnlyWhenItLasts() {
        at(0, 0, true);
        at(500, 0, false);
        at(600, 0, true);
        at(1599, 0, true);
        assertThat(lines).isEmpty();
        at(1600, 0, true);
        at(1700, 0, false);
        at(5000, 0, false);
        assertThat(lines)
                .containsExactly(
                        "the state machine is behind: slot 40 of 100 is applied",
                        "the state machine has what is chosen at hand again, at slot 40");
    }

    @Test
    void aQueryThatTakesLongIsNamedAsThatOne() {
        ApplyWatch naming = new ApplyWatch(lines::add, counters, ticket -> "read of " + ticket);
        for (int ms = 0; ms <= 2_000; ms += 500) {
            naming.onTick(TimeUnit.MILLISECONDS.toNanos(ms), 100, 40, -17, false, 0);
        }
        assertThat(counters.slotInWork()).isEqualTo(40);
        naming.onTick(TimeUnit.MILLISECONDS.toNanos(2_500), 100, 40, 0, false, 0);
        assertThat(lines)
                .containsExactly(
                        "the state machine has been answering read of 17 for 1000 ms; nothing is"
                                + " applied here meanwhile, the node goes on without it",
                        "the state machine has been answering read of 17 for 2000 ms; nothing is"
                                + " applied here meanwhile, the node goes on without it",
                        "the state machine took 2500 ms for read of 17");
        assertThat(counters.slotInWork()).isZero();
    }
}
