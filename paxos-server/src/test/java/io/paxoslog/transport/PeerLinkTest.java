package io.paxoslog.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer of a publication, many times in a row, and what becomes of the frames. */
class PeerLinkTest {
    private static final long TAKEN = 64;

    private final AtomicCounter dropped = Frames.counter();
    private final List<String> stops = new ArrayList<>();
    private final FakeLine near = new FakeLine();
    private final FakeLine far = new FakeLine();
    private final FakeLine own = new FakeLine();
    private final PeerLinks links = new PeerLinks(1 << 12, 1 << 14, dropped, stops::add);
    private final FrameSink toNear = links.addPeer(2, "node 2", near);
    private final FrameSink toFar = links.addPeer(3, "node 3", far);
    private final FrameSink toSelf = links.addSelf(own);

    private void flush() {
        links.flushOthers();
        links.flushSelf();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 10_000})
    void backPressureKeepsFramesInOrder(int times) {
        keepsFramesThrough(Publication.BACK_PRESSURED, times);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 10_000})
    void administrativeActionKeepsFramesInOrder(int times) {
        keepsFramesThrough(Publication.ADMIN_ACTION, times);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 10_000})
    void usedUpPositionsBeginANewStreamAndKeepFrames(int times) {
        keepsFramesThrough(Publication.MAX_POSITION_EXCEEDED, times);
        // A queue and the ring each meet the refusal once a turn.
        assertThat(near.reopened).isEqualTo(2 * times);
        assertThat(far.reopened).isZero();
    }

    @Test
    void aLinkThatGoesIsClosedAndTheOthersHearOn() {
        say(links.everyone(), 1);
        links.removePeer(2);
        say(links.everyone(), 2);
        flush();
        assertThat(near.isClosed).isTrue();
        assertThat(near.taken).isEmpty();
        assertThat(far.taken).containsExactly(1, 2);
        assertThat(own.taken).containsExactly(1, 2);
        assertThat(far.isClosed).isFalse();
    }

    @Test
    void aLinkThatComesHearsWhatIsSaidFromThenOn() {
        FakeLine late = new FakeLine();
        say(links.everyone(), 1);
        links.removePeer(2);
        FrameSink toLate = links.addPeer(4, "node 4", late);
        say(links.everyone(), 2);
        say(toLate, 3);
        flush();
        assertThat(late.taken).containsExactlyInAnyOrder(2, 3);
        assertThat(far.taken).containsExactly(1, 2);
    }

    private void keepsFramesThrough(long answer, int times) {
        near.answer = answer;
        say(toNear, 1);
        say(links.everyone(), 2);
        say(links.everyone(), 3);
        for (int turn = 0; turn < times; turn++) {
            flush();
        }
        // At most one offer a queue and turn: nothing here spins.
        assertThat(near.offers).isEqualTo(2 * times);
        assertThat(near.taken).isEmpty();
        assertThat(far.taken).containsExactly(2, 3);
        assertThat(own.taken).containsExactly(2, 3);
        near.answer = TAKEN;
        flush();
        assertThat(near.taken).containsExactly(1, 2, 3);
        assertThat(dropped.get()).isZero();
        assertThat(stops).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 10_000})
    void whatNobodyIsConnectedToHearIsDropped(int times) {
        near.answer = Publication.NOT_CONNECTED;
        for (int turn = 0; turn < times; turn++) {
            say(toNear, 1);
            say(links.everyone(), 2);
            flush();
        }
        assertThat(dropped.get()).isEqualTo(2L * times);
        assertThat(far.taken).hasSize(times);
        near.answer = TAKEN;
        say(links.everyone(), 3);
        flush();
        assertThat(near.taken).containsExactly(3);
        assertThat(stops).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 10_000})
    void aClosedStreamStopsTheMember(int times) {
        near.answer = Publication.CLOSED;
        for (int turn = 0; turn < times; turn++) {
            say(links.everyone(), 2);
            flush();
        }
        assertThat(stops.get(0)).contains("node 2").contains("closed");
        assertThat(near.offers).isEqualTo(times);
        assertThat(far.taken).hasSize(times);
    }

    @Test
    void aListenerWhoFallsBehindTheRingSkipsAheadAlone() {
        near.answer = Publication.BACK_PRESSURED;
        int said = 1_000;
        for (int i = 0; i < said; i++) {
            say(links.everyone(), i);
            flush();
        }
        assertThat(far.taken).hasSize(said);
        near.answer = TAKEN;
        flush();
        int skipped = (int) dropped.get();
        assertThat(skipped).isPositive();
        assertThat(near.taken).isEqualTo(far.taken.subList(skipped, said));
        near.taken.clear();
        say(links.everyone(), said);
        flush();
        assertThat(near.taken).containsExactly(said);
    }

    @Test
    void whatANodeSaysToItselfIsNeverSkipped() {
        int said = 0;
        while (links.everyone().claim(40) != FrameSink.REFUSED) {
            links.everyone().commit();
            said++;
        }
        assertThat(said * 48).isEqualTo((1 << 14) / 48 * 48);
        flush();
        assertThat(own.taken).hasSize(said);
    }

    @Test
    void aFullQueueRefusesAndTheOthersGoOn() {
        near.answer = Publication.BACK_PRESSURED;
        int taken = 0;
        while (toNear.claim(40) != FrameSink.REFUSED) {
            toNear.commit();
            taken++;
        }
        assertThat(taken * 48).isLessThanOrEqualTo(1 << 14);
        say(toFar, 5);
        say(toSelf, 6);
        flush();
        assertThat(far.taken).containsExactly(5);
        assertThat(own.taken).containsExactly(6);
    }

    @Test
    void whatANodeSaysWhileItHearsItselfIsHeardInTheSameFlush() {
        own.whileHearing =
                number -> {
                    if (number < 5) {
                        say(toSelf, number + 1);
                    }
                };
        say(toSelf, 1);
        flush();
        assertThat(own.taken).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void closingClosesEveryLine() {
        links.close();
        assertThat(near.isClosed && far.isClosed && own.isClosed).isTrue();
    }

    private static void say(FrameSink sink, int number) {
        int offset = sink.claim(16);
        sink.buffer().putInt(offset, number);
        sink.commit();
    }

    /** A publication that answers as told. */
    private static final class FakeLine implements PeerLine {
        final List<Integer> taken = new ArrayList<>();
        long answer = TAKEN;
        int offers;
        int reopened;
        boolean isClosed;
        IntConsumer whileHearing = number -> {};

        @Override
        public long offer(DirectBuffer buffer, int offset, int length) {
            offers++;
            if (answer >= 0) {
                int number = buffer.getInt(offset);
                taken.add(number);
                whileHearing.accept(number);
            }
            return answer;
        }

        @Override
        public void reopen() {
            reopened++;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }
}
