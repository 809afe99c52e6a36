package io.paxoslog.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** State machines that speak to clients of their own accord. */
class EventsTest {
    private static final int SLOTS = 50;
    private static final int BYTES = 100;
    private static final SessionLimits LIMITS =
            new SessionLimits(4, 8, 64, 4096).with(new EventLimits(BYTES, SLOTS));

    private final List<String> told = new ArrayList<>();
    private final Speaking app = new Speaking();
    private final CommandApplier applier = new CommandApplier(app, LIMITS);
    private final TestLog log = new TestLog(applier);
    private final long first = log.open(7).apply();
    private final long second = log.open(8).apply();
    private long sequence;

    EventsTest() {
        applier.reportTo(new Told());
        app.heard.clear();
    }

    /** Sends what its commands say: "to SESSION TEXT", some with commas between them. */
    static final class Speaking implements StateMachine {
        final List<String> heard = new ArrayList<>();
        Cluster cluster;
        String onClosed = "";
        String onTimer = "";

        @Override
        public void begin(Cluster newCluster) {
            cluster = newCluster;
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            byte[] bytes = new byte[entry.length()];
            entry.buffer().getBytes(entry.offset(), bytes);
            perform(new String(bytes, StandardCharsets.UTF_8));
            reply.resize(1).putByte(0, (byte) '!');
        }

        void perform(String commands) {
            for (String command : commands.split(",", -1)) {
                String[] words = command.split(" ", 3);
                switch (words[0]) {
                    case "to" -> send(Long.parseLong(words[1]), words[2]);
                    case "fail" -> throw new IllegalStateException("as asked");
                    case "wake" -> cluster.timerAt(1, 0);
                    default -> {
                        // Nothing to do.
                    }
                }
            }
        }

        private void send(long session, String text) {
            UnsafeBuffer bytes = new UnsafeBuffer(("." + text).getBytes(StandardCharsets.UTF_8));
            if (!cluster.send(session, bytes, 1, text.length())) {
                heard.add("no session " + session);
            }
        }

        @Override
        public void timer(Moment at, long timer) {
            perform(onTimer);
        }

        @Override
        public void sessionOpened(Moment at, long session) {
            send(session, "welcome");
        }

        @Override
        public void sessionClosed(Moment at, long session, CloseReason why) {
            heard.add("slot " + at.slot() + ": closed " + session + " " + why);
            perform(onClosed);
        }

        @Override
        public StateView view() {
            return out -> {};
        }

        @Override
        public void restore(InputStream in) {
            // It holds nothing.
        }
    }

    private final class Told extends NotedReplies {
        Told() {
            super(new ArrayList<>());
        }

        @Override
        public void refused(long session, long slot, long expected, Refusal why) {
            told.add("slot " + slot + ": " + session + " " + why);
        }
    }

    private long perform(String commands) {
        return log.command(first, ++sequence, sequence, commands).apply();
    }

    private static List<String> kept(CommandApplier applier, long session) {
        EventQueue events = applier.session(session).events();
        List<String> kept = new ArrayList<>();
        for (long number = events.first(); number <= events.last(); number++) {
            byte[] text = new byte[events.length(number)];
            events.buffer().getBytes(events.offset(number), text);
            kept.add(
                    "%d.%d %s"
                            .formatted(
                                    events.slot(number),
                                    events.index(number),
                                    new String(text, StandardCharsets.UTF_8)));
        }
        return kept;
    }

    private List<String> kept(long session) {
        return kept(applier, session);
    }

    /** Lets go of what was sent when the sessions were opened. */
    private void takeWelcomes() {
        log.take(first, first, 0).take(second, second, 0).apply();
        assertThat(kept(first)).isEmpty();
    }

    @Test
    void eventsAreCountedBySlotOverAllSessions() {
        long slot = perform("to 1 apple,to 2 pear,to 1 plum");
        perform("to 1 fig");
        assertThat(kept(first))
                .containsExactly(
                        "1.0 welcome", slot + ".0 apple", slot + ".2 plum", slot + 1 + ".0 fig");
        assertThat(kept(second)).containsExactly("2.0 welcome", slot + ".1 pear");
    }

    @Test
    void itIsToldWhoseSessionIsNotOpen() {
        perform("to 99 apple,to 1 pear");
        assertThat(app.heard).containsExactly("no session 99");
        assertThat(kept(first)).containsExactly("1.0 welcome", "3.0 pear");
        log.close(second).apply();
        perform("to 2 apple");
        assertThat(app.heard.subList(1, 3))
                .containsExactly("slot 4: closed 2 CLOSED", "no session 2");
    }

    @Test
    void whatAClientHasTakenIsForgotten() {
        perform("to 1 apple,to 2 pear,to 1 plum");
        log.take(first, 3, 1).apply();
        assertThat(kept(first)).containsExactly("3.2 plum");
        assertThat(applier.session(first).events().takenSlot()).isEqualTo(3);
        assertThat(applier.session(first).events().takenIndex()).isZero();
        assertThat(kept(second)).hasSize(2);
    }

    @Test
    void whatWasTakenBeforeCountsForNothing() {
        perform("to 1 apple,to 1 plum");
        log.take(first, 3, 1).apply();
        log.take(first, 3, 0).take(99, 3, 0).take(first, 900, 0).apply();
        assertThat(kept(first)).isEmpty();
        assertThat(applier.session(first).events().takenSlot()).isEqualTo(3);
        assertThat(applier.session(first).events().takenIndex()).isEqualTo(1);
        perform("to 1 fig");
        assertThat(kept(first)).hasSize(1);
    }

    @Test
    void anEntryOfTooFewBytesTakesNothing() {
        log.entry(EntryFormat.TAKE_EVENTS, 0, 0, 0, new byte[EntryFormat.TAKEN_BYTES - 1]).apply();
        assertThat(kept(first)).hasSize(1);
    }

    /** Builds that know no events have this hash, too. */
    @Test
    void whereNothingIsTakenTheEntryIsOneWithoutEffect() {
        CommandApplier silent = new CommandApplier((entry, reply) -> {}, LIMITS);
        TestLog its = new TestLog(silent);
        its.open(7).apply();
        long before = silent.appliedHash();
        its.take(1, 1, 0).apply();
        long taken = silent.appliedHash();
        AppliedHash expected = new AppliedHash();
        expected.restore(before);
        UnsafeBuffer body = new UnsafeBuffer(new byte[EntryFormat.HEADER_BYTES + 20]);
        body.putByte(0, (byte) EntryFormat.TAKE_EVENTS);
        body.putLong(EntryFormat.HEADER_BYTES, 1, ByteOrder.LITTLE_ENDIAN);
        body.putLong(EntryFormat.HEADER_BYTES + 8, 1, ByteOrder.LITTLE_ENDIAN);
        expected.add(2, Ballot.of(1, 1), 1, Batch.COMMANDS);
        expected.add(body, 0, body.capacity());
        expected.add(AppliedHash.Outcome.NOTHING, EntryFormat.TAKE_EVENTS);
        assertThat(taken).isEqualTo(expected.value());
    }

    @Test
    void whoIsSentMoreBytesThanItMayKeepEndsThere() {
        takeWelcomes();
        perform("to 2 " + "x".repeat(34));
        perform("to 2 " + "y".repeat(34));
        assertThat(applier.session(second)).isNotNull();
        long slot = perform("to 2 ,to 1 apple");
        assertThat(applier.session(second)).isNull();
        assertThat(told).containsExactly("slot " + slot + ": 2 SLOW");
        assertThat(app.heard).containsExactly("slot " + slot + ": closed 2 SLOW");
        assertThat(kept(first)).containsExactly(slot + ".1 apple");
    }

    @Test
    void whatWasTakenMakesRoom() {
        takeWelcomes();
        long slot = perform("to 2 " + "x".repeat(34));
        perform("to 2 " + "y".repeat(34));
        log.take(second, slot, 0).apply();
        perform("to 2 " + "z".repeat(34));
        assertThat(kept(second)).hasSize(2);
    }

    @Test
    void whoseOldestEventLiesTooFarBackEnds() {
        takeWelcomes();
        long slot = perform("to 2 apple");
        log.noOps(SLOTS - 1);
        perform("to 2 pear");
        assertThat(applier.appliedIndex()).isEqualTo(slot + SLOTS);
        assertThat(kept(second)).hasSize(2);
        perform("to 2 plum");
        assertThat(app.heard).containsExactly("slot " + (slot + SLOTS + 1) + ": closed 2 SLOW");
    }

    @Test
    void theCallThatSendsIsNotDisturbed() {
        takeWelcomes();
        String much = ",to 2 " + "x".repeat(60);
        long slot = perform("to 1 apple" + much + much + much + ",to 1 pear");
        assertThat(app.heard).containsExactly("slot " + slot + ": closed 2 SLOW");
        assertThat(kept(first)).containsExactly(slot + ".0 apple", slot + ".4 pear");
    }

    @Test
    void oneThatEndsItsOwnSessionHasTakenEffect() {
        takeWelcomes();
        String much = ",to 1 " + "x".repeat(60);
        perform("to 2 apple" + much + much);
        List<CommandFate> fates = new ArrayList<>();
        applier.reportTo(
                new NotedReplies(new ArrayList<>()) {
                    @Override
                    public void outcome(
                            long question,
                            CommandFate fate,
                            long slot,
                            DirectBuffer reply,
                            int offset,
                            int length) {
                        fates.add(fate);
                    }
                });
        log.ask(first, 1, 5).ask(first, 2, 5).apply();
        assertThat(fates).containsExactly(CommandFate.REPLY_GONE, CommandFate.NEVER);
    }

    @Test
    void whatIsSentAtAnEndMayEndOthers() {
        long third = log.open(9).apply();
        log.take(first, first, 0).take(second, second, 0).take(third, third, 0).apply();
        String much = "to %d " + "x".repeat(60);
        app.onClosed =
                String.join(",", List.of(much, much, much, much)).formatted(2, 2, third, third);
        long slot = perform((much + "," + much).formatted(1, 1));
        assertThat(app.heard)
                .containsExactly(
                        "slot " + slot + ": closed 1 SLOW",
                        "slot " + slot + ": closed 2 SLOW",
                        "no session 2",
                        "no session 2",
                        "slot " + slot + ": closed 3 SLOW",
                        "no session 2",
                        "no session 2",
                        "no session 3",
                        "no session 3");
        assertThat(applier.sessionCount()).isZero();
    }

    @Test
    void timersSendThemToo() {
        app.onTimer = "to 2 due";
        perform("wake");
        log.fire(0).apply();
        assertThat(kept(second)).containsExactly("2.0 welcome", "4.0 due");
    }

    @Test
    void whatIsThrownAtAnEndHaltsTheMachineThere() {
        takeWelcomes();
        long hash = applier.appliedHash();
        long before = applier.appliedIndex();
        app.onClosed = "fail";
        perform("to 2 " + "x".repeat(64) + ",to 2 " + "x".repeat(64));
        assertThat(applier.halt().slot()).isEqualTo(before + 1);
        assertThat(applier.appliedHash()).isEqualTo(hash);
    }

    @Test
    void anEventHasItsBounds() {
        assertThatThrownBy(() -> app.send(1, "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("where the log calls");
        perform("to 1 " + "x".repeat(65));
        assertThat(applier.halt().cause())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an event may have up to 64 bytes, not 65");
    }

    @Test
    void whoSendsOtherThingsHasParted() {
        List<Long> hashes = new ArrayList<>();
        for (String commands :
                List.of("to 1 a", "to 1 b", "to 2 a", "to 1 a,to 1 ", "to 9 a", "")) {
            CommandApplier one = new CommandApplier(new Sending(commands), LIMITS);
            TestLog its = new TestLog(one);
            its.open(7).open(8).command(1, 1, 1, "same").apply();
            hashes.add(one.appliedHash());
        }
        assertThat(hashes).doesNotHaveDuplicates();
    }

    /** Sends the same whatever its commands say. */
    private record Sending(Speaking app, String commands) implements StateMachine {
        Sending(String commands) {
            this(new Speaking(), commands);
        }

        @Override
        public void begin(Cluster cluster) {
            app.begin(cluster);
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            app.perform(commands);
        }
    }

    private static byte[] snapshotOf(CommandApplier applier) {
        return SnapshotBytes.of(applier.beginCopy());
    }

    private static CommandApplier restored(byte[] snapshot) throws IOException {
        CommandApplier restored = new CommandApplier(new Speaking(), LIMITS);
        restored.restore(new ByteArrayInputStream(snapshot), new Speaking());
        return restored;
    }

    @Test
    void snapshotsBringThemAndWhatWasTaken() throws IOException {
        takeWelcomes();
        perform("to 1 apple,to 2 pear,to 1 plum");
        log.take(first, 5, 0).apply();
        byte[] snapshot = snapshotOf(applier);

        CommandApplier restored = restored(snapshot);

        assertThat(kept(restored, first)).isEqualTo(kept(first)).containsExactly("5.2 plum");
        assertThat(kept(restored, second)).isEqualTo(kept(second));
        assertThat(restored.session(first).events().takenSlot()).isEqualTo(5);
        assertThat(snapshotOf(restored)).isEqualTo(snapshot);
        TestLog its = new TestLog(restored);
        for (TestLog each : List.of(log, its)) {
            each.command(first, 2, 2, "to 2 " + "x".repeat(64)).apply();
            each.take(second, 5, 1).command(first, 3, 3, "to 2 fig,to 1 fig").apply();
        }
        assertThat(restored.appliedHash()).isEqualTo(applier.appliedHash());
        assertThat(kept(restored, second)).isEqualTo(kept(second));
    }

    @Test
    void aSnapshotIsOfTheEventsAtItsSlot() throws IOException {
        takeWelcomes();
        perform("to 1 apple,to 2 pear,to 1 plum");
        byte[] expected = snapshotOf(applier);
        SnapshotCopy copy = applier.beginCopy();
        perform("to 2 fig,to 1 fig");
        log.take(second, 5, 1).take(first, 5, 0).apply();
        log.close(second).apply();
        assertThat(SnapshotBytes.of(copy)).isEqualTo(expected);
        assertThat(kept(restored(expected), second)).containsExactly("5.1 pear");
    }

    @Test
    void aSnapshotKnowsNothingOfWhatIsTakenMeanwhile() {
        takeWelcomes();
        long slot = perform("to 2 pear");
        byte[] expected = snapshotOf(applier);
        SnapshotCopy copy = applier.beginCopy();
        log.take(second, slot, 0).apply();
        assertThat(SnapshotBytes.of(copy)).isEqualTo(expected);
    }

    @Test
    void manyEventsAreManyFrames() throws IOException {
        SessionLimits large = LIMITS.with(new EventLimits(1 << 20, 1 << 20));
        CommandApplier many = new CommandApplier(new Speaking(), large);
        TestLog its = new TestLog(many);
        its.open(7).apply();
        for (int i = 1; i <= 3_000; i++) {
            its.command(1, i, i, "to 1 " + i + ",to 1 " + "x".repeat(60)).apply();
        }
        byte[] snapshot = snapshotOf(many);
        CommandApplier restored = new CommandApplier(new Speaking(), large);
        restored.restore(new ByteArrayInputStream(snapshot), new Speaking());
        assertThat(kept(restored, 1)).isEqualTo(kept(many, 1)).hasSize(6_001);
        assertThat(snapshotOf(restored)).isEqualTo(snapshot);
    }

    @Test
    void withoutEventsSnapshotsAreAsBefore() {
        log.agreeOn(new Version(3, 1));
        assertThat(versionOf(snapshotOf(applier))).isEqualTo(8);
        log.close(first).close(second).apply();
        assertThat(versionOf(snapshotOf(applier))).isEqualTo(6);
    }

    private static int versionOf(byte[] snapshot) {
        return snapshot[Integer.BYTES + 6];
    }
}
