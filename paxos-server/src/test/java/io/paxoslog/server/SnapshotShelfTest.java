package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.planted.Patience;
import io.paxoslog.log.Draft;
import io.paxoslog.log.SnapshotHead;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import io.paxoslog.transport.SnapshotFiles.Answers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node gives away of its snapshots once others hold something else. */
class SnapshotShelfTest {
    private static final long DEADLINE_NS = TimeUnit.MILLISECONDS.toNanos(Patience.ms());
    private static final int MANIFEST = -1;

    @TempDir Path directory;

    private SnapshotStore store;
    private SnapshotShelf shelf;

    @BeforeEach
    void open() throws IOException {
        store = SnapshotStore.open(directory, 1024);
        shelf = new SnapshotShelf(store, line -> {}, 1);
        shelf.start();
    }

    @AfterEach
    void close() {
        shelf.close();
    }

    private void take(long slot) throws IOException {
        SnapshotHead head = new SnapshotHead(slot, 1, 1, 1, new TreeMap<>(), new TreeMap<>());
        try (Draft draft = store.begin(head)) {
            draft.write(new byte[] {1, 2, 3});
            draft.complete(new byte[0]);
        }
    }

    /** Slot of the snapshot that somebody gets who asks for the newest; 0 for none. */
    private long newestGiven() {
        assertThat(shelf.read(2, 0, 0, MANIFEST)).isTrue();
        Given given = new Given();
        long deadline = System.nanoTime() + DEADLINE_NS;
        while (shelf.poll(given) == 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(100_000);
        }
        return given.slot;
    }

    private List<Long> keptSlots() {
        return store.kept().stream().map(SnapshotManifest::slot).toList();
    }

    @Test
    void givesAwayNothingThatIsNotWhatOthersHold() throws IOException {
        take(3);
        take(7);
        assertThat(newestGiven()).isEqualTo(7);

        shelf.diverged(5);

        assertThat(newestGiven()).isEqualTo(3);
        shelf.diverged(2);
        assertThat(newestGiven()).isZero();
        assertThat(keptSlots()).containsExactly(7L, 3L);
    }

    @Test
    void whatIsNotWhatOthersHoldGoesOnceTheySentOne() throws IOException {
        take(3);
        take(7);
        take(9);
        shelf.diverged(5);

        // As if it had come from another node.
        shelf.begunAnew(5, 7);

        long deadline = System.nanoTime() + DEADLINE_NS;
        while (newestGiven() != 7) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(keptSlots()).containsExactly(7L, 3L);
    }

    /** Hears of one part only. */
    private static final class Given implements Answers {
        private long slot;

        @Override
        public void part(
                int forNode,
                long itsSlot,
                long manifest,
                int chunk,
                DirectBuffer buffer,
                int offset,
                int length) {
            slot = length == 0 ? 0 : itsSlot;
        }

        @Override
        public void begun(long manifest, BitSet missing) {}

        @Override
        public void written(long manifest, int chunk, boolean isRight) {}

        @Override
        public void completed(
                long itsSlot,
                long timeNs,
                SortedMap<Long, byte[]> memberships,
                SortedMap<Long, byte[]> decisions) {}

        @Override
        public void failed(long manifest) {}
    }
}
