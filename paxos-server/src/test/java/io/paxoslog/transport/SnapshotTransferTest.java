package io.paxoslog.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Publication;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot of node 2, or 3, comes to node 1. */
class SnapshotTransferTest {
    private static final int MAX_PART = 1024;
    private static final int CHUNK = 100;
    private final FakeTaker taker = new FakeTaker();
    private final FakeSnapshots files = new FakeSnapshots();
    private final Source two = new Source(2);
    private final Source three = new Source(3);
    private final List<String> asked = new ArrayList<>();
    private final SnapshotTransfer one =
            new SnapshotTransfer(
                    files,
                    new SnapshotSender(MemberId.of(1, 1), files, 1_000_000, MAX_PART, () -> false),
                    new SnapshotReceiver(MemberId.of(1, 1), new ToSources(), files, () -> taker));
    private long now = 1_000_000;

    @BeforeEach
    void timeHasBegun() {
        passes(1);
    }

    private void passes(int ticks) {
        for (int i = 0; i < ticks; i++, now++) {
            two.transfer.poll(now);
            three.transfer.poll(now);
            one.poll(now);
        }
    }

    private void wants() {
        one.wanted(2, taker.commitIndex);
        passes(100);
    }

    @Test
    void comesWholeAndIsTaken() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);

        wants();

        assertThat(files.kept.slot).isEqualTo(50);
        assertThat(files.written).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(taker.taken).containsExactly(50L);
    }

    @Test
    void aManifestThatNoMessageTakesComesInPieces() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 2, CHUNK, 3 * MAX_PART);

        wants();

        assertThat(taker.taken).containsExactly(50L);
        assertThat(asked).contains("2: part -1", "2: part -2", "2: part -3", "2: part -4");
    }

    @Test
    void isAskedForAFewPartsAtATime() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        two.isDeaf = true;
        one.wanted(2, 0);
        hears(2, 50, two.files.kept.id(), -1, two.files.kept.manifest);
        hears(2, 50, two.files.kept.id(), -2, new byte[0]);

        one.poll(now);

        assertThat(asked).filteredOn(line -> !line.contains("-")).hasSize(4);
    }

    @Test
    void goesOnWithWhatCameBefore() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        files.held.set(0, 7);

        wants();

        assertThat(files.written).containsExactlyInAnyOrder(7, 8);
        assertThat(taker.taken).containsExactly(50L);
    }

    @Test
    void whatGotLostIsAskedForAgain() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        two.answer = Publication.NOT_CONNECTED;
        wants();
        assertThat(taker.taken).isEmpty();
        two.answer = 1;

        passes(1_000);

        assertThat(taker.taken).containsExactly(50L);
    }

    @Test
    void aSourceThatIsSilentForLongIsLeftForAnother() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        three.files.kept = FakeSnapshots.Snapshot.of(40, 9, CHUNK, 30);
        two.isDeaf = true;
        wants();
        one.wanted(3, 0);
        passes(100);
        assertThat(taker.taken).isEmpty();

        passes(10_000);
        one.wanted(3, 0);
        passes(20);

        assertThat(files.pauses).isEqualTo(1);
        assertThat(taker.taken).containsExactly(40L);
    }

    @Test
    void aSourceThatWasSilentIsPassedOverOnceThoughItsTurnHasCome() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        three.files.kept = FakeSnapshots.Snapshot.of(40, 9, CHUNK, 30);
        two.isDeaf = true;
        wants();
        passes(10_000);

        one.wanted(2, 0);
        one.wanted(3, 0);
        passes(20);

        assertThat(taker.taken).containsExactly(40L);
    }

    /** Members are named in turn, and when one is left it may always be the turn of a dead one. */
    @Test
    void twoThatAreSilentInTurnDoNotKeepAThirdFromItsTurn() {
        three.files.kept = FakeSnapshots.Snapshot.of(40, 9, CHUNK, 30);
        two.isDeaf = true;
        for (int silent : new int[] {2, 9}) {
            one.wanted(silent, 0);
            passes(10_000);
        }

        one.wanted(2, 0);
        one.wanted(9, 0);
        one.wanted(3, 0);
        passes(20);

        assertThat(taker.taken).containsExactly(40L);
    }

    @Test
    void theOnlySourceIsAskedAgainThoughItWasSilent() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        two.isDeaf = true;
        wants();
        passes(10_000);
        two.isDeaf = false;

        one.wanted(2, 0);
        one.wanted(2, 0);
        passes(100);

        assertThat(taker.taken).containsExactly(50L);
    }

    @Test
    void aPartOfAnotherManifestIsNotTaken() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        two.isDeaf = true;
        one.wanted(2, 0);
        hears(2, 50, two.files.kept.id(), -1, two.files.kept.manifest);
        hears(2, 50, two.files.kept.id(), -2, new byte[0]);
        one.poll(now);

        hears(2, 50, two.files.kept.id() + 1, 0, two.files.kept.part(0));
        hears(2, 51, two.files.kept.id(), 0, two.files.kept.part(0));
        hears(3, 50, two.files.kept.id(), 0, two.files.kept.part(0));
        hears(2, 50, two.files.kept.id(), 8, two.files.kept.part(8));
        one.poll(now);
        assertThat(files.written).isEmpty();

        hears(2, 50, two.files.kept.id(), 0, two.files.kept.part(0));
        one.poll(now);
        assertThat(files.written).containsExactly(0);
    }

    @Test
    void piecesOfTwoManifestsAreNotPutTogether() {
        two.isDeaf = true;
        one.wanted(2, 0);
        hears(2, 50, 5, -1, new byte[] {1, 2});
        hears(2, 60, 6, -2, new byte[] {3});
        hears(2, 50, 5, -3, new byte[] {4});

        passes(1_000);

        assertThat(asked).endsWith("2: part -1", "2: part -2", "2: part -2");
    }

    @Test
    void aChunkThatIsNotRightIsAskedForAnew() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 2, CHUNK, 30);
        two.isDeaf = true;
        one.wanted(2, 0);
        hears(2, 50, two.files.kept.id(), -1, two.files.kept.manifest);
        hears(2, 50, two.files.kept.id(), -2, new byte[0]);
        one.poll(now);
        asked.clear();

        hears(2, 50, two.files.kept.id(), 0, new byte[CHUNK]);
        one.poll(now);

        assertThat(asked).containsExactly("2: part 0");
        assertThat(files.written).isEmpty();
    }

    @Test
    void beginsAnewWhenASourceHasItNoMore() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        one.wanted(2, 0);
        two.transfer.poll(now);
        one.poll(now);
        two.transfer.poll(now);
        two.transfer.poll(now);
        two.files.kept = FakeSnapshots.Snapshot.of(60, 3, CHUNK, 30);
        passes(20);
        assertThat(taker.taken).isEmpty();

        wants();

        assertThat(taker.taken).containsExactly(60L);
    }

    @Test
    void nothingComesFromWhoHasNone() {
        wants();
        wants();

        assertThat(asked).containsExactly("2: part -1", "2: part -1");
        assertThat(taker.taken).isEmpty();
    }

    @Test
    void oneOfNoUseIsNotReceived() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        taker.commitIndex = 50;

        wants();

        assertThat(files.written).isEmpty();
    }

    @Test
    void receivesNoMoreOnceLogsHaveHelped() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 100, CHUNK, 30);
        one.wanted(2, 0);
        passes(10);
        taker.commitIndex = 51;

        passes(1_000);

        assertThat(files.pauses).isEqualTo(1);
        assertThat(files.written).hasSizeLessThan(100);
        assertThat(taker.taken).isEmpty();
    }

    @Test
    void oneThatCouldNotBeTakenIsTakenWhenItIsWantedAgain() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        taker.leads = true;
        wants();
        assertThat(taker.taken).isEmpty();
        asked.clear();
        taker.leads = false;

        one.wanted(3, 0);

        assertThat(taker.taken).containsExactly(50L);
        assertThat(asked).isEmpty();
    }

    @Test
    void filesThatTakeNothingMoreHoldItUpButLoseNothing() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        files.room = 1;
        two.files.room = 1;

        one.wanted(2, 0);
        passes(9_000);

        assertThat(taker.taken).containsExactly(50L);
    }

    @Test
    void filesThatRefuseAManifestAreAskedAgainWithTheNextOffer() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        files.refuses = true;
        wants();
        files.refuses = false;

        wants();
        assertThat(taker.taken).isEmpty();

        passes(1_000);
        wants();
        assertThat(taker.taken).containsExactly(50L);
    }

    @Test
    void isSentNoFasterThanToldWhileThereIsALeader() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 100, 1_000, 30);
        two.bytesPerSecond(10_000);

        askForAll(two, 100);

        assertThat(two.partsSaid).isBetween(40, 60);
    }

    @Test
    void isSentAsFastAsItGoesWhenNobodyLeads() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 100, 1_000, 30);
        two.bytesPerSecond(10_000);
        two.hearsLeader = false;

        askForAll(two, 100);

        assertThat(two.partsSaid).isEqualTo(100);
    }

    private void askForAll(Source source, int chunks) {
        for (int i = 0; i < 5_000; i++) {
            source.transfer.send(1, 50, source.files.kept.id(), Math.min(i, chunks - 1));
            source.transfer.poll(i);
            if (i >= chunks && !source.hearsLeader) {
                return;
            }
        }
    }

    @Test
    void aPartThatIsAskedForTwiceWhileItWaitsIsSentOnce() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 9, CHUNK, 30);
        for (int i = 0; i < 5; i++) {
            two.transfer.send(1, 50, two.files.kept.id(), 3);
        }

        passes(10);

        assertThat(two.partsSaid).isEqualTo(1);
    }

    @Test
    void aChunkThatNoMessageTakesIsSaidNotToBeThere() {
        two.files.kept = FakeSnapshots.Snapshot.of(50, 1, MAX_PART + 1, 30);
        two.transfer.send(1, 50, two.files.kept.id(), 0);

        passes(5);

        assertThat(two.heard.lines).singleElement().asString().endsWith(" 0 ");
    }

    private void hears(int from, long slot, long manifest, int chunk, byte[] bytes) {
        one.received(from, slot, manifest, chunk, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** Node 1 asks; who is deaf does not hear it. */
    private final class ToSources implements Peers {
        @Override
        public PeerMessages to(int node) {
            return new Heard() {
                @Override
                public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
                    asked.add(node + ": part " + chunk);
                    Source source = node == 2 ? two : three;
                    if (!source.isDeaf) {
                        source.transfer.send(1, slot, manifest, chunk);
                    }
                }
            };
        }

        @Override
        public PeerMessages toAll() {
            throw new IllegalStateException("one is asked at a time");
        }
    }

    private static final class FakeTaker implements SnapshotTaker {
        final List<Long> taken = new ArrayList<>();
        long commitIndex;
        boolean leads;

        @Override
        public boolean installed(
                long slot,
                long timeNs,
                SortedMap<Long, byte[]> memberships,
                SortedMap<Long, byte[]> decisions) {
            return !leads && taken.add(slot);
        }

        @Override
        public long commitIndex() {
            return commitIndex;
        }

        @Override
        public boolean hearsLeader() {
            return true;
        }
    }

    /** Another node with its snapshots, and its stream to node 1. */
    private final class Source implements PeerLine {
        final FakeSnapshots files = new FakeSnapshots();
        final Heard heard = new Heard();
        SnapshotTransfer transfer;
        boolean isDeaf;
        boolean hearsLeader = true;
        long answer = 1;
        int partsSaid;
        private final int node;

        Source(int node) {
            this.node = node;
            bytesPerSecond(100_000_000);
        }

        void bytesPerSecond(long rate) {
            SnapshotSender sender =
                    new SnapshotSender(
                            MemberId.of(node, 1), files, rate, MAX_PART, () -> !hearsLeader);
            transfer =
                    new SnapshotTransfer(
                            files,
                            sender,
                            new SnapshotReceiver(
                                    MemberId.of(node, 1), null, files, () -> SnapshotTaker.NOBODY));
            FrameRing queue = new FrameRing(1 << 12, 1 << 16);
            Lane lane = new Lane(queue);
            transfer.addNode(
                    1,
                    new PeerLink("node 1", this, Frames.counter(), why -> {}, lane),
                    new PeerEncoder(new QueueSink(queue, lane), () -> 1, Frames.counter()));
        }

        @Override
        public long offer(DirectBuffer buffer, int offset, int length) {
            if (answer > 0) {
                partsSaid++;
                decode(heard, buffer, offset, length);
                decode(new ToNodeOne(), buffer, offset, length);
            }
            return answer;
        }

        private void decode(PeerMessages to, DirectBuffer buffer, int offset, int length) {
            new PeerDecoder(to, Frames.everybody(), Frames.counter(), Frames.counter())
                    .onFrame(0, buffer, offset, length);
        }

        @Override
        public void reopen() {
            throw new IllegalStateException("not asked for");
        }

        @Override
        public void close() {}
    }

    private final class ToNodeOne extends Heard {
        @Override
        public void snapshotPart(
                long from,
                long slot,
                long manifest,
                int chunk,
                DirectBuffer buffer,
                int offset,
                int length) {
            int node = MemberId.node(from);
            one.received(node, slot, manifest, chunk, buffer, offset, length);
        }
    }
}
