package io.paxoslog.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Publication;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/** Slots of the journal reach those who lack them, in bounded bursts whose end is told at once. */
class CatchupSenderTest {
    private static final long SELF = Frames.FROM;
    private static final int ENTRY_BYTES = 10_000;

    private final FakeLine line = new FakeLine();
    private final FakeLine otherLine = new FakeLine();
    private final Heard promises = new Heard();
    private final FakeJournal journal = new FakeJournal();
    private final CatchupSender sender =
            new CatchupSender(
                    SELF,
                    new Peers() {
                        @Override
                        public PeerMessages to(int node) {
                            return promises;
                        }

                        @Override
                        public PeerMessages toAll() {
                            throw new IllegalStateException("nobody else asked");
                        }
                    },
                    journal);

    CatchupSenderTest() {
        add(1, line);
        add(3, otherLine);
    }

    private void add(int node, PeerLine to) {
        FrameRing queue = new FrameRing(1 << 16, 1 << 22);
        Lane lane = new Lane(queue);
        PeerLink link = new PeerLink("node " + node, to, Frames.counter(), why -> {}, lane);
        PeerMessages speech =
                new PeerEncoder(new QueueSink(queue, lane), () -> 1, Frames.counter());
        sender.addNode(node, link, speech);
    }

    @Test
    void aShortRequestIsServedWhole() {
        journal.lastSlot = 20;
        sender.sendChosen(1, 3, 7);
        pollUntilQuiet();
        assertThat(line.firstSlots()).containsExactly(3L, 4L, 5L, 6L, 7L);
        assertThat(line.ends()).containsOnly(7L);
        assertThat(otherLine.lines).isEmpty();
    }

    @Test
    void aLongRequestIsServedInBurstsThatSayWhereTheyEnd() {
        journal.lastSlot = 500;
        sender.sendChosen(1, 1, 500);
        pollUntilQuiet();
        int burst = line.lines.size();
        assertThat((long) burst * ENTRY_BYTES).isBetween(400_000L, 524_288L);
        assertThat(line.ends()).containsOnly((long) burst);
        sender.sendChosen(1, burst + 1, 500);
        pollUntilQuiet();
        assertThat(line.firstSlots()).hasSize(2 * burst).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void whoHasGoneIsServedNoMore() {
        journal.lastSlot = 20;
        sender.sendChosen(1, 3, 7);
        sender.sendChosen(3, 3, 7);
        sender.removeNode(1);
        pollUntilQuiet();
        assertThat(line.lines).isEmpty();
        assertThat(otherLine.firstSlots()).containsExactly(3L, 4L, 5L, 6L, 7L);
        assertThat(sender.lowestCursor()).isEqualTo(3);
    }

    @Test
    void oneTurnReadsALittleOnly() {
        journal.lastSlot = 500;
        sender.sendChosen(1, 1, 500);
        sender.poll();
        assertThat(line.lines.size() * ENTRY_BYTES).isLessThanOrEqualTo(65_536);
    }

    @Test
    void theValueIsSentWithoutTheBallotItWasAcceptedUnder() {
        journal.lastSlot = 1;
        sender.sendChosen(1, 1, 1);
        pollUntilQuiet();
        assertThat(line.lines.get(0)).contains("[b=" + Ballot.NONE + " 1+1");
    }

    @Test
    void aNewerRequestReplacesTheOlder() {
        journal.lastSlot = 100;
        line.answer = Publication.BACK_PRESSURED;
        sender.sendChosen(1, 1, 100);
        sender.poll();
        sender.sendChosen(1, 90, 91);
        line.answer = 1;
        pollUntilQuiet();
        assertThat(line.firstSlots()).endsWith(90L, 91L).doesNotContain(50L);
    }

    @Test
    void aSlowNodeDoesNotHoldUpAnother() {
        journal.lastSlot = 100;
        line.answer = Publication.BACK_PRESSURED;
        sender.sendChosen(1, 1, 100);
        sender.sendChosen(3, 1, 5);
        for (int turn = 0; turn < 20; turn++) {
            sender.poll();
        }
        assertThat(line.lines).isEmpty();
        assertThat(otherLine.lines).hasSize(5);
    }

    @Test
    void whatTheJournalDoesNotHoldEndsTheBurst() {
        journal.lastSlot = 4;
        sender.sendChosen(1, 3, 9);
        pollUntilQuiet();
        assertThat(line.firstSlots()).containsExactly(3L, 4L);
        assertThat(line.ends()).containsOnly(4L);
        sender.sendChosen(1, 5, 9);
        assertThat(sender.poll()).isZero();
        assertThat(sender.poll()).isZero();
    }

    @Test
    void promisedSlotsAreReadBackAndReported() {
        journal.lastSlot = 100;
        sender.sendPromised(1, Ballot.of(9, 1), Frames.BALLOT, 5, 100);
        assertThat(promises.lines).hasSize(96);
        assertThat(promises.lines.get(0))
                .startsWith("promisedSlots " + SELF + " " + Ballot.of(9, 1));
        assertThat(promises.lines.get(0)).contains("[b=" + Frames.BALLOT + " 5+1");
    }

    @Test
    void slotsHeldUnderAnotherBallotAreNotReported() {
        journal.lastSlot = 100;
        sender.sendPromised(1, Ballot.of(9, 1), Frames.LOWER, 5, 100);
        assertThat(promises.lines).isEmpty();
    }

    private void pollUntilQuiet() {
        int quiet = 0;
        while (quiet < 3) {
            quiet = sender.poll() == 0 ? quiet + 1 : 0;
        }
    }

    /** A slot a record, all of one size, accepted under one ballot. */
    private static final class FakeJournal implements SlotReader {
        long lastSlot;

        @Override
        public long read(long firstSlot, long last, int maxBytes, Consumer<Batch> handler) {
            long slot = firstSlot;
            int left = maxBytes;
            while (slot <= Math.min(last, lastSlot)) {
                Batch batch = Frames.commands(Frames.BALLOT, slot, ENTRY_BYTES - 4);
                left -= batch.length();
                if (left < 0 && slot > firstSlot) {
                    return slot;
                }
                handler.accept(batch);
                slot++;
            }
            return slot;
        }
    }

    private static final class FakeLine implements PeerLine {
        final List<String> lines = new ArrayList<>();
        long answer = 1;

        @Override
        public long offer(DirectBuffer buffer, int offset, int length) {
            if (answer > 0) {
                Heard heard = new Heard();
                new PeerDecoder(heard, Frames.everybody(), Frames.counter(), Frames.counter())
                        .onFrame(0, buffer, offset, length);
                lines.addAll(heard.lines);
            }
            return answer;
        }

        List<Long> firstSlots() {
            return lines.stream()
                    .map(l -> Long.parseLong(l.replaceAll(".* (\\d+)\\+1.*", "$1")))
                    .toList();
        }

        List<Long> ends() {
            return lines.stream().map(l -> Long.parseLong(l.replaceAll(".* ", ""))).toList();
        }

        @Override
        public void reopen() {
            throw new IllegalStateException("not asked for");
        }

        @Override
        public void close() {}
    }
}
