package io.paxoslog.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.service.CloseReason;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.LogStateMachine;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.testkit.sim.FaultProfile;
import java.util.Locale;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user's machine may not do, and what is said when it does. */
@Isolated
class SimulatedClusterTest {
    private static byte[] eightBytes(RandomGenerator random) {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void requireFound(Supplier<StateMachine> machine, String... parts) {
        assertThatThrownBy(
                        () ->
                                SimulatedCluster.of(machine, SimulatedClusterTest::eightBytes)
                                        .faults(FaultProfile.NONE)
                                        .seeds(1, 3)
                                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(parts);
    }

    private static StateMachine answering(Supplier<String> text) {
        return (entry, reply) -> answer(reply, text.get());
    }

    private static void answer(Reply reply, String text) {
        reply.resize(text.length()).putStringWithoutLengthAscii(0, text);
    }

    @ParameterizedTest
    @EnumSource
    void letsRightMachinePass(FaultProfile faults) {
        assertThat(
                        SimulatedCluster.of(LogStateMachine::new, SimulatedClusterTest::eightBytes)
                                .nodes(5)
                                .faults(faults)
                                .seeds(1, 10)
                                .replies((command, reply) -> assertThat(reply).hasSize(8))
                                .run()
                                .operations())
                .isPositive();
    }

    @Test
    void findsDefaultLocale() {
        requireFound(
                () -> answering(() -> Locale.getDefault().getCountry()),
                "a replay in another thread, time zone and locale",
                "the reply of");
    }

    @Test
    void findsDefaultTimeZone() {
        requireFound(
                () -> answering(() -> TimeZone.getDefault().getID()),
                "a replay in another thread, time zone and locale");
    }

    @Test
    void findsThread() {
        requireFound(
                () -> answering(() -> Thread.currentThread().getName()),
                "a replay in another thread, time zone and locale");
    }

    @Test
    void findsStateSharedByMachines() {
        int[] shared = new int[1];
        requireFound(() -> answering(() -> "" + shared[0]++), "the reply of node ");
    }

    @Test
    void reportsMachineThatThrows() {
        requireFound(
                () ->
                        (entry, reply) -> {
                            throw new IllegalStateException("no such account");
                        },
                "seed 1 at ",
                "no such account");
    }

    @Test
    void reportsInvariantOfTheUser() {
        assertThatThrownBy(
                        () ->
                                SimulatedCluster.of(Growing::new, SimulatedClusterTest::eightBytes)
                                        .invariant(m -> assertThat(m.size).isLessThan(5))
                                        .seeds(8, 1)
                                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 8 at ")
                .hasMessageContaining("seeds(8, 1)");
    }

    private static final class Growing implements StateMachine {
        private int size;

        @Override
        public void apply(Entry entry, Reply reply) {
            size++;
        }
    }

    /** Tells all sessions what came, and changes where one ends. */
    private static final class Bulletin implements StateMachine {
        private final Supplier<String> extra;
        private final TreeSet<Long> open = new TreeSet<>();
        private final UnsafeBuffer event = new UnsafeBuffer(new byte[64]);
        private Cluster cluster;
        private int gone;

        Bulletin(Supplier<String> extra) {
            this.extra = extra;
        }

        @Override
        public void begin(Cluster newCluster) {
            cluster = newCluster;
        }

        @Override
        public void sessionOpened(Moment at, long session) {
            open.add(session);
        }

        @Override
        public void sessionClosed(Moment at, long session, CloseReason why) {
            open.remove(session);
            gone++;
            tellAll();
        }

        @Override
        public void apply(Entry entry, Reply reply) {
            reply.resize(Integer.BYTES).putInt(0, gone);
            tellAll();
        }

        private void tellAll() {
            int length = event.putStringWithoutLengthAscii(0, gone + extra.get());
            open.forEach(session -> cluster.send(session, event, 0, length));
        }
    }

    @Test
    void letsMachinePassThatSendsEvents() {
        assertThat(
                        SimulatedCluster.of(
                                        () -> new Bulletin(() -> ""),
                                        SimulatedClusterTest::eightBytes)
                                .stateHash(machine -> machine.gone)
                                .seeds(1, 20)
                                .run()
                                .operations())
                .isPositive();
    }

    @Test
    void findsEventsThatDiffer() {
        int[] shared = new int[1];
        requireFound(
                () -> new Bulletin(() -> "-" + shared[0]++),
                "the event ",
                "differs from that of another node or start");
    }

    @Test
    void reportsReplyThatTheUserFindsWrong() {
        assertThatThrownBy(
                        () ->
                                SimulatedCluster.of(
                                                LogStateMachine::new,
                                                SimulatedClusterTest::eightBytes)
                                        .replies(
                                                (command, reply) ->
                                                        assertThat(reply).isEqualTo(command))
                                        .seeds(1, 1)
                                        .run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 1 at ");
    }

    @Test
    void refusesWhatCannotBePlayed() {
        SimulatedCluster<LogStateMachine> cluster =
                SimulatedCluster.of(LogStateMachine::new, SimulatedClusterTest::eightBytes);
        assertThatThrownBy(() -> cluster.nodes(8)).hasMessage("nodes: 1 to 7, not 8");
        assertThatThrownBy(() -> cluster.seeds(1, 0)).hasMessage("seeds: at least 1, not 0");
    }
}
