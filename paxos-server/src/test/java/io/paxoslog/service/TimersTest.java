package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** State machines that hear of sessions, and wake up. */
class TimersTest {
    private static final int STEP = 50;
    private static final SessionTimes TIMES = new SessionTimes(1_000, 400, 200, STEP);
    private static final SessionLimits LIMITS = new SessionLimits(2, 8, 64, 4096).with(TIMES);

    private static final String VERSION_7 =
            "3c000000280050000300070004000000000000000100000000000000dc2a5e03a39dfa3d"
                    + "020000000800000040000000001000000800000008000000080000002000000018005600"
                    + "030007000000000000000000000000000000000000000000000000002e00000000005800"
                    + "030007001100020003000000000000006400000000000000000100000000000000c80000"
                    + "0000000000001d00000000005800030007001100010002000000000000005e0100000000"
                    + "000001400000003800520003000700010000000000000007000000000000000000000000"
                    + "000000000000000000000000000000000000000000000000000000030000000000000019"
                    + "000000000053000300070009000100040000000000000000000000000c00000004005400"
                    + "0300070001000000";

    private final List<String> told = new ArrayList<>();
    private final Waking app = new Waking();
    private final CommandApplier applier = new CommandApplier(app, LIMITS);
    private final TestLog log = new TestLog(applier);
    private final long session = log.open(7).apply();
    private long sequence;

    TimersTest() {
        applier.reportTo(new Told());
        app.heard.clear();
    }

    /** Does what its commands say, and notes what it hears. */
    private static final class Waking implements StateMachine {
        private final List<String> heard = new ArrayList<>();
        private Cluster cluster;
        private String onTimer = "";

        @Override
        public void begin(Cluster newCluster) {
            assertThat(cluster).isNull();
            cluster = newCluster;
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            byte[] bytes = new byte[entry.length()];
            entry.buffer().getBytes(entry.offset(), bytes);
            perform(new String(bytes, StandardCharsets.UTF_8));
        }

        private void perform(String command) {
            String[] words = command.split(" ", -1);
            long timer = words.length > 1 ? Long.parseLong(words[1]) : 0;
            switch (words[0]) {
                case "at" -> cluster.timerAt(timer, Long.parseLong(words[2]));
                case "after" -> cluster.timerAfter(timer, Long.parseLong(words[2]));
                case "cancel" -> heard.add("cancelled " + cluster.cancelTimer(timer));
                case "fail" -> throw new IllegalStateException("as asked");
                default -> {
                    // Nothing to do.
                }
            }
        }

        @Override
        public void sessionOpened(Moment at, long session) {
            heard.add("slot " + at.slot() + ": opened " + session);
        }

        @Override
        public void sessionClosed(Moment at, long session, CloseReason why) {
            heard.add("slot " + at.slot() + ": closed " + session + " " + why);
        }

        @Override
        public void timer(Moment at, long timer) {
            heard.add("slot " + at.slot() + ": timer " + timer);
            perform(onTimer);
        }

        @Override
        public StateView view() {
            return out -> {};
        }

        @Override
        public void restore(InputStream in) {
            // It holds nothing but timers, which are brought.
        }

        List<String> take() {
            List<String> taken = List.copyOf(heard);
            heard.clear();
            return taken;
        }
    }

    private final class Told extends NotedReplies {
        Told() {
            super(new ArrayList<>());
        }

        @Override
        public void timers(long timeNs, long stopwatchMs, long readingMs) {
            told.add(shown(timeNs) + " or " + shown(stopwatchMs) + " at " + readingMs);
        }

        private static String shown(long due) {
            return due == Long.MAX_VALUE ? "never" : Long.toString(due);
        }
    }

    private long perform(String command) {
        return log.command(session, ++sequence, sequence, command).apply();
    }

    @Test
    void aTimerByAgreedTimeFiresOnceItIsDueAndOnce() {
        log.at(100);
        perform("at 1 200");
        log.at(199).fire(0).apply();
        assertThat(app.take()).isEmpty();

        long slot = log.at(200).fire(0).apply();
        log.at(300).fire(0).apply();

        assertThat(app.take()).containsExactly("slot " + slot + ": timer 1");
    }

    @Test
    void commandsAloneFireNothing() {
        perform("at 1 200");
        log.at(500);
        perform("rest");
        assertThat(app.take()).isEmpty();
    }

    /** What the stopwatch shows may be a step old when a timer is set. */
    @Test
    void aTimerByTheStopwatchFiresNoEarlierWhateverWasNotSaidYet() {
        perform("after 1 300");
        log.fire(300 + STEP - 1).apply();
        assertThat(app.take()).isEmpty();
        log.fire(1).apply();
        assertThat(app.take()).hasSize(1);
    }

    @Test
    void theStopwatchOfSessionsAndTimersIsOne() {
        log.agreeOn(new Version(3, 1));
        perform("after 1 300");
        log.alive(300).fire(STEP).apply();
        assertThat(app.take()).hasSize(1);
    }

    @Test
    void theyFireInTheOrderOfTheirTimesAndEqualOnesAsTheyWereSet() {
        perform("at 1 30");
        perform("at 2 20");
        perform("at 3 20");
        perform("at 4 10");
        perform("after 5 0");
        log.at(30).fire(STEP).apply();
        assertThat(app.take().stream().map(line -> line.replaceAll(".* ", "")))
                .containsExactly("4", "2", "3", "1", "5");
    }

    @Test
    void oneThatIsSetAgainIsSetAnew() {
        perform("at 1 20");
        perform("after 1 100");
        log.at(50).fire(0).apply();
        assertThat(app.take()).isEmpty();
        log.fire(100 + STEP).apply();
        log.fire(500).apply();
        assertThat(app.take()).hasSize(1);
    }

    @Test
    void oneThatIsTakenBackDoesNotFire() {
        perform("at 1 20");
        perform("after 2 20");
        perform("cancel 1");
        perform("cancel 2");
        perform("cancel 2");
        log.at(50).fire(500).apply();
        assertThat(app.take())
                .containsExactly("cancelled true", "cancelled true", "cancelled false");
    }

    @Test
    void oneEntryFiresSomeAndTheNextTheOthers() {
        for (int i = 1; i <= 600; i++) {
            perform("at " + i + " 20");
        }
        log.at(50).fire(0).apply();
        assertThat(app.take()).hasSize(256);
        log.fire(0).fire(0).fire(0).apply();
        assertThat(app.take()).hasSize(344);
    }

    @Test
    void aTimerMaySetTimers() {
        app.onTimer = "at 2 60";
        perform("at 1 20");
        log.at(50).fire(0).apply();
        app.onTimer = "";
        log.at(60).fire(0).apply();
        assertThat(app.take()).hasSize(2);
    }

    @Test
    void timersThatCanNeverBeDueAreKept() {
        perform("at 1 " + Long.MAX_VALUE);
        perform("after 2 " + Long.MAX_VALUE);
        perform("at 3 " + Long.MIN_VALUE);
        perform("after 4 " + Long.MIN_VALUE);
        log.at(50).fire(STEP).apply();
        assertThat(app.take()).hasSize(2);
        assertThat(told).endsWith("9223372036854775806 or 9223372036854775806 at " + STEP);
    }

    @Test
    void nowhereElseMayTimersBeSet() {
        assertThatThrownBy(() -> app.cluster.timerAt(1, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("where the log calls");
        assertThatThrownBy(() -> app.cluster.timerAfter(1, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> app.cluster.cancelTimer(1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void itIsToldWhenTheNextAreDue() {
        perform("at 1 200");
        perform("at 2 300");
        perform("after 3 10");
        log.fire(5).apply();
        perform("cancel 1");
        assertThat(told)
                .containsExactly(
                        "200 or never at 0", "200 or 60 at 0", "200 or 60 at 5", "300 or 60 at 5");
    }

    @Test
    void whatTimersAreSetStandsInTheHash() {
        long same = hashAfter("at 1 200", "rest");
        assertThat(hashAfter("at 1 200", "rest")).isEqualTo(same);
        assertThat(hashAfter("at 1 201", "rest")).isNotEqualTo(same);
    }

    /** The command is the same, and what the machine does is not: that alone differs. */
    @Test
    void nodesThatSetDifferentTimersHaveParted() {
        Waking one = new Waking();
        Waking other = new Waking();
        one.onTimer = "at 9 100";
        other.onTimer = "at 9 101";
        assertThat(hashAfterTimer(one)).isNotEqualTo(hashAfterTimer(other));
    }

    private static long hashAfterTimer(Waking machine) {
        CommandApplier one = new CommandApplier(machine, LIMITS);
        TestLog its = new TestLog(one);
        long opened = its.open(7).apply();
        its.command(opened, 1, 1, "at 1 20").apply();
        its.at(20).fire(0).apply();
        return one.appliedHash();
    }

    private static long hashAfter(String... commands) {
        CommandApplier one = new CommandApplier(new Waking(), LIMITS);
        TestLog its = new TestLog(one);
        long opened = its.open(7).apply();
        for (int i = 0; i < commands.length; i++) {
            its.command(opened, i + 1, i + 1, commands[i]).apply();
        }
        return one.appliedHash();
    }

    private static byte[] snapshotOf(CommandApplier applier) {
        return SnapshotBytes.of(applier.beginCopy());
    }

    @Test
    void snapshotsBringTimersAndTheirOrder() throws IOException {
        for (int i = 1; i <= 700; i++) {
            perform("at " + (1000 - i) + " 200");
            perform("after " + (5000 - i) + " 200");
        }
        perform("after 3 10");
        byte[] snapshot = snapshotOf(applier);
        assertThat(app.take()).isEmpty();
        Waking other = new Waking();
        CommandApplier restored = new CommandApplier(new Waking(), LIMITS);
        restored.reportTo(new Told());
        told.clear();

        restored.restore(new ByteArrayInputStream(snapshot), other);

        assertThat(told).containsExactly("200 or 60 at 0");
        assertThat(snapshotOf(restored)).isEqualTo(snapshot);
        TestLog its = new TestLog(restored);
        for (int i = 0; i < 6; i++) {
            log.at(200).fire(100).apply();
            its.at(200).fire(100).apply();
        }
        assertThat(other.heard).hasSize(1401).isEqualTo(app.heard);
        assertThat(restored.appliedHash()).isEqualTo(applier.appliedHash());
    }

    @Test
    void aSnapshotIsOfTheTimersAtItsSlot() throws IOException {
        perform("at 1 200");
        SnapshotCopy copy = applier.beginCopy();
        perform("at 2 100");
        perform("cancel 1");
        byte[] snapshot = SnapshotBytes.of(copy);
        Waking other = new Waking();
        CommandApplier restored = new CommandApplier(new Waking(), LIMITS);
        restored.restore(new ByteArrayInputStream(snapshot), other);
        new TestLog(restored).at(300).fire(0).apply();
        assertThat(other.heard).hasSize(1).allMatch(line -> line.endsWith("timer 1"));
    }

    /** Whatever builds come later: this is what stands on disks. */
    @Test
    void aSnapshotOfVersion7IsRead() throws IOException {
        perform("at 1 200");
        perform("after 2 300");
        perform("at 3 100");
        assertThat(HexFormat.of().formatHex(snapshotOf(applier))).isEqualTo(VERSION_7);
        Waking other = new Waking();
        CommandApplier restored = new CommandApplier(new Waking(), LIMITS);

        byte[] dump = HexFormat.of().parseHex(VERSION_7);
        restored.restore(new ByteArrayInputStream(dump), other);

        new TestLog(restored).at(200).fire(350).apply();
        assertThat(other.heard.stream().map(line -> line.replaceAll(".* ", "")))
                .containsExactly("3", "1", "2");
    }

    @Test
    void whatATimerThrowsHaltsTheMachineThere() {
        perform("at 1 20");
        perform("at 2 20");
        long hash = applier.appliedHash();
        app.onTimer = "fail";
        long before = applier.appliedIndex();

        log.at(20).fire(0).apply();

        assertThat(applier.halt().slot()).isEqualTo(before + 1);
        assertThat(app.take()).hasSize(1);
        assertThat(applier.appliedIndex()).isEqualTo(before);
        assertThat(applier.appliedHash()).isEqualTo(hash);
    }

    @Test
    void itHearsWhoComesAndGoes() {
        log.agreeOn(new Version(3, 1));
        long kept = log.openKept(8).apply();
        log.openKept(8).open(7).apply();
        log.close(session).close(session).apply();
        log.alive(2_000).expire(kept, 4).apply();
        assertThat(app.take())
                .containsExactly(
                        "slot 3: opened 3", "slot 6: closed 1 CLOSED", "slot 9: closed 3 EXPIRED");
    }

    @Test
    void oneThatMakesRoomIsEvicted() {
        log.agreeOn(new Version(3, 1));
        long kept = log.openKept(8).apply();
        log.under(Ballot.of(1, 1)).alive(1_000).apply();
        app.take();
        long other = log.openKept(9).apply();
        assertThat(app.take())
                .containsExactly(
                        "slot " + other + ": closed " + kept + " EVICTED",
                        "slot " + other + ": opened " + other);
    }

    @Test
    void whatItThrowsAtASessionHaltsItThere() {
        CommandApplier failing =
                new CommandApplier(
                        new StateMachine() {
                            @Override
                            public void apply(Entry entry, Reply reply) {}

                            @Override
                            public void sessionOpened(Moment at, long opened) {
                                throw new IllegalStateException("no");
                            }
                        },
                        LIMITS);
        long hash = failing.appliedHash();
        new TestLog(failing).open(7).apply();
        assertThat(failing.halt().slot()).isEqualTo(1);
        assertThat(failing.appliedHash()).isEqualTo(hash);
    }
}
