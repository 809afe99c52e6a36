package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.SessionTimes;
import io.paxoslog.service.StateMachine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever leads has timers fired, when they are due and not before. */
class DueTimersTest {
    private static final int IMAGE = 7;
    private static final int STEP = 100;
    private static final int HEARTBEAT = 50;
    private static final SessionTimes TIMES = new SessionTimes(1_000, 400, 200, STEP);
    private static final SessionLimits LIMITS =
            new SessionLimits(8, 100, 1024, 64 * 1024).with(TIMES);
    private static final GatewayConfig CONFIG = new GatewayConfig(4, 1000, 4000, 16, 4096, 1 << 30);

    private final List<Long> fired = new ArrayList<>();
    private final App app = new App();
    private final Desk desk = new Desk(CONFIG, LIMITS, app);
    private long tick;
    private long session;
    private long sequence;
    private int entries;

    DueTimersTest() {
        desk.hello(IMAGE);
        session = desk.session(IMAGE);
        entries = desk.log.size();
    }

    /** A command sets a timer: what is to be done lies in {@link #next}. */
    private final class App implements StateMachine {
        private Cluster cluster;
        private Runnable next = () -> {};

        @Override
        public void begin(Cluster newCluster) {
            cluster = newCluster;
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            next.run();
        }

        @Override
        public void timer(Moment at, long timer) {
            fired.add(timer);
        }
    }

    private void perform(Runnable what) {
        app.next = what;
        desk.hear(IMAGE, desk.frames().commands(session, sequence, ++sequence, ""));
        turn(0);
    }

    private void turn(int ticks) {
        desk.clients.endTurn(true);
        desk.choose();
        tick += ticks;
        desk.clients.onTick(tick, 0);
        desk.speak();
    }

    private void turns(int ms) {
        for (int left = ms; left > 0; left -= HEARTBEAT) {
            turn(Math.min(left, HEARTBEAT));
        }
        turn(0);
    }

    private int taken() {
        int before = entries;
        entries = desk.log.size();
        return entries - before;
    }

    @Test
    void oneByAgreedTimeIsFiredOnceItIsDue() {
        perform(() -> app.cluster.timerAt(1, 500));
        taken();
        desk.timeNs = 499;
        turns(1_000);
        assertThat(taken()).isZero();

        desk.timeNs = 500;
        turn(0);
        turn(0);

        assertThat(fired).containsExactly(1L);
        assertThat(taken()).isEqualTo(1);
    }

    @Test
    void oneByTheStopwatchIsFiredWithoutASession() {
        perform(() -> app.cluster.timerAfter(1, 250));
        desk.hear(IMAGE, desk.frames().closeSession(session));
        turn(0);
        turns(250 + STEP - HEARTBEAT);
        assertThat(fired).isEmpty();
        turns(2 * HEARTBEAT);
        assertThat(fired).containsExactly(1L);
    }

    @Test
    void theStopwatchIsSaidInStepsUntilThen() {
        perform(() -> app.cluster.timerAfter(1, 10_000));
        taken();
        turns(5 * STEP);
        assertThat(taken()).isEqualTo(5);
    }

    @Test
    void whereNoneIsSetNothingIsSaid() {
        perform(() -> app.cluster.timerAfter(1, 0));
        turns(2 * STEP);
        assertThat(fired).hasSize(1);
        taken();
        turns(50 * STEP);
        assertThat(taken()).isZero();
    }

    @Test
    void manyThatAreDueTogetherAreFiredOneEntryBehindTheOther() {
        perform(
                () -> {
                    for (int i = 0; i < 1_000; i++) {
                        app.cluster.timerAt(i, 500);
                    }
                });
        taken();
        desk.timeNs = 500;
        for (int i = 0; i < 10; i++) {
            turn(0);
        }
        assertThat(fired).hasSize(1_000);
        assertThat(taken()).isEqualTo(4);
    }

    @Test
    void whoDoesNotLeadFiresNothingAndTheNextLeaderDoes() {
        perform(() -> app.cluster.timerAt(1, 500));
        desk.timeNs = 500;
        desk.isLeading = false;
        turns(100);
        assertThat(fired).isEmpty();
        desk.isLeading = true;
        turn(0);
        turn(0);
        assertThat(fired).containsExactly(1L);
    }

    /** Each would take a slot of a window that is too small as it is. */
    @Test
    void whatWaitsForRoomInTheWindowIsNotAskedForAgain() {
        perform(() -> app.cluster.timerAt(1, 500));
        desk.timeNs = 500;
        desk.clients.endTurn(true);
        desk.beFull(true);
        for (int i = 1; i <= 10; i++) {
            desk.clients.onTick(i * 1_000L, 0);
            // What is applied meanwhile says each time that one is due.
            desk.clients.timers(500, Long.MAX_VALUE, i);
            desk.clients.endTurn(true);
        }
        assertThat(desk.heardCommands()).isEqualTo(1);
    }

    @Test
    void whatWasAskedForAndNeverCameIsAskedForAgain() {
        perform(() -> app.cluster.timerAt(1, 500));
        desk.timeNs = 500;
        desk.clients.endTurn(true);
        desk.forgetBatch();
        turn(0);
        turn(0);
        assertThat(fired).isEmpty();
        turn(1_000);
        turn(0);
        turn(0);
        assertThat(fired).containsExactly(1L);
    }
}
