package io.paxoslog.media;

import static io.paxoslog.media.Forger.heartbeat;
import static io.paxoslog.media.Forger.measurement;
import static io.paxoslog.media.Forger.message;
import static io.paxoslog.media.Forger.setup;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int STREAM = 10;
    private static final int EOS = 0xE0;
    private static final InetSocketAddress ALICE =
            new InetSocketAddress(Forger.address(127, 0, 0, 1), 4000);
    private static final InetSocketAddress MALLORY =
            new InetSocketAddress(Forger.address(127, 0, 0, 9), 4000);

    private final Told told = new Told();
    private final StreamBounds bounds =
            new StreamBounds(50, 5, 20L * Forger.TERM_BYTES, 3L * Forger.TERM_BYTES, 10, 20);
    private final KnownStreams streams = new KnownStreams(bounds, LIVENESS_NS, 0);
    private final DroppedDatagrams dropped = new DroppedDatagrams();
    private Doorkeeper doorkeeper = doorkeeper(streams);
    private long nowNs;

    @Test
    void aSetUpPassesAsSoonAsItsSenderHasAnswered() {
        onSetup(ALICE, setup(STREAM, 1));
        assertThat(told.setups).isEmpty();
        echo(ALICE, STREAM, 1, told.number);
        assertThat(told.setups).containsExactly(1);
        assertThat(mayPass(ALICE, message(STREAM, 1, 0, new byte[9]))).isTrue();
    }

    @Test
    void aGuessedAnswerIsNone() {
        onSetup(ALICE, setup(STREAM, 1));
        echo(ALICE, STREAM, 1, told.number + 1);
        echo(MALLORY, STREAM, 1, told.number);
        echo(ALICE, STREAM, 2, told.number);
        assertThat(told.setups).isEmpty();
        assertThat(dropped.foreignCount()).isEqualTo(3);
        assertThat(mayPass(ALICE, message(STREAM, 1, 0, new byte[9]))).isFalse();
    }

    @Test
    void whoseSetUpWasPushedOutIsAskedForAnother() {
        onSetup(ALICE, setup(STREAM, 1));
        long number = told.number;
        for (int session = 2; session < 5_000; session++) {
            turn(1);
            onSetup(MALLORY, setup(STREAM, session));
        }
        echo(ALICE, STREAM, 1, number);
        if (told.setups.isEmpty()) {
            assertThat(told.askedForSetup).isEqualTo(1);
            onSetup(ALICE, setup(STREAM, 1));
        }
        assertThat(told.setups).containsExactly(1);
    }

    @Test
    void nobodySpeaksOrEndsInTheNameOfAnother() {
        open(ALICE, 1);
        assertThat(mayPass(MALLORY, message(STREAM, 1, 0, new byte[9]))).isFalse();
        assertThat(mayPass(MALLORY, heartbeat(STREAM, 1, 0, EOS))).isFalse();
        onSetup(MALLORY, setup(STREAM, 1));
        assertThat(told.setups).containsExactly(1);
        assertThat(dropped.foreignCount()).isEqualTo(3);
        assertThat(mayPass(ALICE, message(STREAM, 1, 0, new byte[9]))).isTrue();
    }

    @Test
    void aStreamKeepsTheLengthOfItsTerms() {
        open(ALICE, 1);
        turn(2_000);
        onSetup(ALICE, setup(STREAM, 1, 2 * Forger.TERM_BYTES, Forger.MTU_BYTES, 0));
        assertThat(told.setups).hasSize(1);
        assertThat(mayPass(ALICE, message(STREAM, 1, Forger.TERM_BYTES, new byte[9]))).isFalse();
    }

    @Test
    void aStreamIsSetUpAgainOnceInAWhile() {
        open(ALICE, 1);
        for (int i = 0; i < 10; i++) {
            turn(100);
            onSetup(ALICE, setup(STREAM, 1));
        }
        assertThat(told.setups).containsExactly(1, 1);
    }

    @Test
    void framesThatContradictEachOtherDoNotPass() {
        open(ALICE, 1);
        assertThat(mayPass(ALICE, message(STREAM, 1, 64, new byte[300]))).isTrue();
        assertThat(mayPass(ALICE, message(STREAM, 1, 96, new byte[9]))).isFalse();
        assertThat(dropped.malformedCount()).isEqualTo(1);
        // The driver would take it; it comes after what its receiver has consumed.
        doorkeeper.consumed(STREAM, 1, 100, 64);
        assertThat(mayPass(ALICE, message(STREAM, 1, 0, new byte[9]))).isFalse();
        assertThat(mayPass(ALICE, message(STREAM, 1, 64, new byte[300]))).isTrue();
    }

    /** A driver looks for the end of a gap in every turn. */
    @Test
    void aSenderThatIsFarAheadIsHeardAsFarAsItReaches() {
        int term = 64 * Forger.TERM_BYTES;
        doorkeeper = doorkeeper(new KnownStreams(StreamBounds.OF_CLIENT, LIVENESS_NS, 0));
        open(ALICE, setup(STREAM, 1, term, Forger.MTU_BYTES, 0));
        int far = 2 * Forger.TERM_BYTES;
        assertThat(mayPass(ALICE, message(STREAM, 1, far, new byte[9]))).isFalse();
        byte[] heartbeat = heartbeat(STREAM, 1, far, EOS);
        assertThat(mayPass(ALICE, heartbeat)).isTrue();
        DataHeaderFlyweight passed = new DataHeaderFlyweight(new UnsafeBuffer(heartbeat));
        assertThat(passed.termOffset()).isEqualTo(Forger.TERM_BYTES);
        assertThat(DataHeaderFlyweight.isEndOfStream(passed)).isFalse();
        assertThat(mayPass(ALICE, message(STREAM, 1, 0, new byte[1000]))).isTrue();
        assertThat(mayPass(ALICE, message(STREAM, 1, Forger.TERM_BYTES + 64, new byte[9])))
                .isTrue();
    }

    @Test
    void whoWasHeardBeforeThisProcessBeganIsAskedForItsSetUp() {
        mayPass(ALICE, heartbeat(STREAM, 5, 64, Forger.WHOLE));
        assertThat(told.askedForSetup).isEqualTo(1);
        mayPass(ALICE, heartbeat(STREAM, 6, 64, EOS));
        mayPass(ALICE, heartbeat(STREAM + 1, 6, 64, Forger.WHOLE));
        mayPass(ALICE, new byte[40]);
        // Rounded up, such a length is negative.
        mayPass(ALICE, Forger.data(STREAM, 6, 0, Forger.WHOLE, 0x7FFF_FFE1, new byte[32]));
        assertThat(told.askedForSetup).isEqualTo(1);
    }

    @Test
    void nobodyListensToOtherStreams() {
        onSetup(ALICE, setup(STREAM + 1, 1));
        assertThat(told.asked).isZero();
        assertThat(dropped.foreignCount()).isEqualTo(1);
    }

    @Test
    void oneSourceHasSoMuch() {
        for (int session = 1; session <= 10; session++) {
            open(ALICE, session);
        }
        assertThat(told.setups).containsExactly(1, 2, 3);
        assertThat(dropped.refusedCount()).isEqualTo(7);
        open(MALLORY, 11);
        assertThat(told.setups).containsExactly(1, 2, 3, 11);
    }

    @Test
    void allSourcesHaveSoMuch() {
        for (int source = 0; source < 100; source++) {
            open(new InetSocketAddress(Forger.address(127, 0, 0, 1), 5000 + source), source);
            turn(90);
        }
        assertThat(told.setups).hasSize(20);
    }

    @Test
    void soManyAreOpenedATurnAndASecond() {
        for (int source = 0; source < 100; source++) {
            onSetup(
                    new InetSocketAddress(Forger.address(127, 0, 0, 1), 5000 + source),
                    setup(STREAM, source));
            echo(
                    new InetSocketAddress(Forger.address(127, 0, 0, 1), 5000 + source),
                    STREAM,
                    source,
                    told.number);
        }
        assertThat(told.setups).hasSize(4);
    }

    @Test
    void oneThatIsSilentIsGivenBackAfterTheDriverDidSo() {
        open(ALICE, 1);
        turn(9_900);
        turn(1_100);
        assertThat(streams.count()).isEqualTo(1);
        turn(1_100);
        assertThat(streams.count()).isZero();
    }

    @Test
    void aProcessThatStoodStillFindsItsStreamsAsTheyWere() {
        open(ALICE, 1);
        turn(60_000);
        assertThat(streams.count()).isEqualTo(1);
        mayPass(ALICE, heartbeat(STREAM, 1, 0, Forger.WHOLE));
        turn(1_100);
        turn(1_100);
        assertThat(streams.count()).isEqualTo(1);
    }

    @Test
    void oneThatHasEndedMakesRoom() {
        open(ALICE, 1);
        open(ALICE, 2);
        open(ALICE, 3);
        mayPass(ALICE, heartbeat(STREAM, 2, 0, EOS));
        open(ALICE, 4);
        assertThat(told.setups).containsExactly(1, 2, 3, 4);
    }

    /** Each costs the driver something in every turn until it is given back. */
    @Test
    void oneSourceHasNoMoreStreamsForEndingThem() {
        for (int session = 1; session <= 10; session++) {
            open(ALICE, session);
            mayPass(ALICE, heartbeat(STREAM, session, 0, EOS));
        }
        assertThat(told.setups).containsExactly(1, 2, 3, 4, 5);
        open(MALLORY, 11);
        assertThat(told.setups).endsWith(11);
    }

    @Test
    void whatIsAnsweredIsBounded() {
        for (int session = 0; session < 1_000; session++) {
            onSetup(MALLORY, setup(STREAM, session));
            mayPass(MALLORY, heartbeat(STREAM, 10_000 + session, 0, Forger.WHOLE));
        }
        assertThat(told.asked + told.askedForSetup).isEqualTo(Doorkeeper.MOST_ANSWERS_A_TURN);
        assertThat(streams.count()).isZero();
    }

    @Test
    void aSenderIsHeardForAsLongAsItSaysThatItLives() {
        open(ALICE, 1);
        assertThat(doorkeeper.isHeard(STREAM, 1)).isTrue();
        assertThat(doorkeeper.isHeard(STREAM, 2)).isFalse();
        turn(501);
        assertThat(doorkeeper.isHeard(STREAM, 1)).isFalse();
        mayPass(ALICE, heartbeat(STREAM, 1, 0, Forger.WHOLE));
        assertThat(doorkeeper.isHeard(STREAM, 1)).isTrue();
    }

    private Doorkeeper doorkeeper(KnownStreams known) {
        return new Doorkeeper(told, known, new AddressProof(new Random(3)), dropped, 0);
    }

    private void open(InetSocketAddress source, int session) {
        open(source, setup(STREAM, session));
    }

    private void open(InetSocketAddress source, byte[] setup) {
        turn(1);
        onSetup(source, setup);
        int session = new SetupFlyweight(new UnsafeBuffer(setup)).sessionId();
        echo(source, STREAM, session, told.number);
    }

    private void turn(long ms) {
        nowNs += ms * MS;
        doorkeeper.beginTurn(nowNs);
    }

    private void onSetup(InetSocketAddress from, byte[] datagram) {
        if (nowNs == 0) {
            turn(1);
        }
        doorkeeper.onSetup(new UnsafeBuffer(datagram), datagram.length, from);
    }

    private void echo(InetSocketAddress from, int stream, int session, long number) {
        byte[] datagram = measurement(stream, session, number, 0);
        doorkeeper.onEcho(new UnsafeBuffer(datagram), datagram.length, from);
    }

    private boolean mayPass(InetSocketAddress from, byte[] datagram) {
        if (nowNs == 0) {
            turn(1);
        }
        UnsafeBuffer buffer = new UnsafeBuffer(datagram);
        boolean mayPass = doorkeeper.mayPass(buffer, datagram.length, from);
        if (mayPass) {
            doorkeeper.taken(buffer, datagram.length);
        }
        return mayPass;
    }

    private static final class Told implements Doorkeeper.Voice {
        private final List<Integer> setups = new ArrayList<>();
        private long number;
        private int asked;
        private int askedForSetup;

        @Override
        public boolean isListenedTo(int streamId) {
            return streamId == STREAM;
        }

        @Override
        public void askForEcho(InetSocketAddress source, int streamId, int session, long echo) {
            number = echo;
            asked++;
        }

        @Override
        public void askForSetup(InetSocketAddress source, int streamId, int session) {
            askedForSetup++;
        }

        @Override
        public void passSetup(SetupFlyweight setup, InetSocketAddress from) {
            setups.add(setup.sessionId());
        }
    }
}
