package io.paxoslog.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.SyncRule;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

/** What rests on the disk leaves once the disk holds it, and never before. */
class OutboxTest {
    private static final long SELF = Frames.FROM;
    private static final long BALLOT = Frames.BALLOT;

    private final FakeJournal journal = new FakeJournal();
    private final AtomicCounter dropped = Frames.counter();
    private final Frames.Collected all = new Frames.Collected();
    private final Frames.Collected one = new Frames.Collected();
    private final Frames.Collected other = new Frames.Collected();

    @Test
    void whatRestsOnNothingLeavesAtOnce() {
        Outbox outbox = outbox(true);
        PeerMessages to = outbox.to(1);
        to.canvass(SELF, BALLOT, 1);
        to.canvassed(SELF, BALLOT, true, BALLOT, 1);
        to.accept(SELF, Frames.commands(BALLOT, 1, 3), 1);
        to.nack(SELF, BALLOT);
        to.heartbeat(SELF, BALLOT, 1, 1, true, 1, 0, 0, 0);
        to.heartbeatHeard(SELF, BALLOT, 1, 1, 1, 0, 0, 0, 0);
        to.fetch(SELF, 1, 2);
        to.chosen(SELF, Frames.commands(Ballot.NONE, 1, 3), 2);
        to.stranger(SELF, SELF, 1);
        assertThat(read(one)).hasSize(9);
    }

    @Test
    void ballotsWaitForTheirPositionInEveryMode() {
        for (boolean valuesWait : new boolean[] {true, false}) {
            Outbox outbox = outbox(valuesWait);
            one.frames.clear();
            all.frames.clear();
            journal.appended = 500;
            journal.ballots = 300;
            outbox.toAll().prepare(SELF, BALLOT, 1);
            outbox.to(1).promisedSlots(SELF, BALLOT, Frames.commands(Frames.LOWER, 1, 3));
            outbox.to(1).promise(SELF, BALLOT, 0, 1, 0);
            assertThat(outbox.release(299)).isZero();
            assertThat(read(all)).isEmpty();
            assertThat(read(one)).isEmpty();
            assertThat(outbox.release(300)).isEqualTo(3);
            assertThat(read(all)).hasSize(1).first().asString().startsWith("prepare");
            assertThat(read(one)).hasSize(2);
        }
    }

    @Test
    void whatIsSaidOfAHoldWaitsUntilItIsForced() {
        for (boolean valuesWait : new boolean[] {true, false}) {
            Outbox outbox = outbox(valuesWait);
            one.frames.clear();
            journal.appended = 500;
            journal.ballots = 300;
            outbox.to(1).surveyed(SELF, BALLOT, 6, true, 7, 0);
            assertThat(outbox.release(299)).isZero();
            assertThat(read(one)).isEmpty();
            assertThat(outbox.release(300)).isEqualTo(1);
            assertThat(read(one)).hasSize(1).first().asString().startsWith("surveyed");
        }
    }

    @Test
    void aVoteWaitsForItsValues() {
        Outbox outbox = outbox(true);
        journal.appended = 500;
        journal.ballots = 300;
        outbox.to(1).accepted(SELF, BALLOT, 7);
        assertThat(outbox.release(499)).isZero();
        assertThat(outbox.release(500)).isEqualTo(1);
        assertThat(read(one)).containsExactly("accepted " + SELF + " " + BALLOT + " 7");
    }

    @Test
    void aVoteWaitsForItsBallotWhenValuesAreForcedInTheBackground() {
        Outbox outbox = outbox(false);
        journal.appended = 500;
        journal.ballots = 300;
        outbox.to(1).accepted(SELF, BALLOT, 7);
        assertThat(outbox.release(299)).isZero();
        assertThat(outbox.release(300)).isEqualTo(1);
    }

    @Test
    void ofVotesReleasedTogetherTheLastIsSaid() {
        Outbox outbox = outbox(true);
        for (int slot = 1; slot <= 5; slot++) {
            journal.appended = slot * 100L;
            outbox.to(1).accepted(SELF, BALLOT, slot);
        }
        assertThat(outbox.release(350)).isEqualTo(1);
        assertThat(read(one)).containsExactly("accepted " + SELF + " " + BALLOT + " 3");
        assertThat(outbox.release(500)).isEqualTo(1);
        assertThat(read(one)).endsWith("accepted " + SELF + " " + BALLOT + " 5");
    }

    @Test
    void votesForOtherBallotsAndLeadersAreEachSaid() {
        Outbox outbox = outbox(true);
        outbox.to(1).accepted(SELF, BALLOT, 1);
        outbox.to(1).accepted(SELF, Ballot.of(9, 1), 2);
        outbox.to(3).accepted(SELF, Ballot.of(9, 3), 3);
        assertThat(outbox.release(0)).isEqualTo(3);
        assertThat(read(one)).hasSize(2);
        assertThat(read(other)).hasSize(1);
    }

    @Test
    void tooManyWaitingVotesAreMergedIntoALaterOne() {
        Outbox outbox = outbox(true);
        int votes = 5_000;
        for (int slot = 1; slot <= votes; slot++) {
            journal.appended = slot;
            outbox.to(1).accepted(SELF, BALLOT, slot);
        }
        assertThat(outbox.release(10)).isEqualTo(1);
        assertThat(outbox.release(votes - 1)).isEqualTo(1);
        assertThat(read(one)).noneMatch(line -> line.endsWith(" " + votes));
        assertThat(outbox.release(votes)).isEqualTo(1);
        assertThat(read(one)).last().isEqualTo("accepted " + SELF + " " + BALLOT + " " + votes);
    }

    @Test
    void whatIsSaidToAStrangerIsDroppedAndCounted() {
        Outbox outbox = outbox(true);
        outbox.to(9).nack(SELF, BALLOT);
        outbox.to(9).promise(SELF, BALLOT, 0, 0, 0);
        outbox.to(9).accepted(SELF, BALLOT, 1);
        outbox.release(Long.MAX_VALUE);
        assertThat(dropped.get()).isEqualTo(3);
    }

    @Test
    void promisesThatDoNotFitAreDroppedAndCounted() {
        Outbox outbox = outbox(true);
        journal.ballots = 1;
        for (int i = 0; i < 2_000; i++) {
            outbox.to(1).promise(SELF, BALLOT, 0, 0, 0);
        }
        outbox.release(1);
        assertThat(dropped.get()).isPositive();
        assertThat(read(one).size() + dropped.get()).isEqualTo(2_000);
    }

    @Test
    void whatWaitsForANodeThatHasGoneIsLost() {
        Outbox outbox = outbox(true);
        journal.appended = 500;
        journal.ballots = 300;
        outbox.to(1).promise(SELF, BALLOT, 0, 1, 0);
        outbox.to(3).promise(SELF, BALLOT, 0, 1, 0);
        outbox.to(1).accepted(SELF, BALLOT, 5);
        outbox.removeNode(1);
        outbox.release(500);
        assertThat(read(one)).isEmpty();
        assertThat(read(other)).hasSize(1);
        assertThat(dropped.get()).isEqualTo(2);
    }

    @Test
    void onlyTheReplicaThreadMaySpeak() {
        Outbox outbox = outbox(true);
        outbox.ownedBy(new Thread(() -> {}));
        assertThatThrownBy(outbox::toAll).isInstanceOf(AssertionError.class);
    }

    private Outbox outbox(boolean valuesWait) {
        Outbox outbox =
                new Outbox(
                        new SyncRule(valuesWait), journal, () -> Frames.CLUSTER, 1 << 16, dropped);
        outbox.addEveryone(all);
        outbox.addNode(1, one);
        outbox.addNode(3, other);
        return outbox;
    }

    private static List<String> read(Frames.Collected sink) {
        Heard heard = new Heard();
        PeerDecoder decoder =
                new PeerDecoder(heard, Frames.everybody(), Frames.counter(), Frames.counter());
        for (byte[] frame : sink.frames) {
            decoder.onFrame(0, new UnsafeBuffer(frame), 0, frame.length);
        }
        return heard.lines;
    }

    private static final class FakeJournal implements JournalPositions {
        long appended;
        long ballots;

        @Override
        public long appendedPosition() {
            return appended;
        }

        @Override
        public long ballotPosition() {
            return ballots;
        }

        @Override
        public long run() {
            return 0;
        }
    }
}
