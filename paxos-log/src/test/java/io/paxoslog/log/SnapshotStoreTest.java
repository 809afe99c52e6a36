package io.paxoslog.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots are whole or not there. */
class SnapshotStoreTest {
    private static final int CHUNK = 100;
    private static final byte[] NO_EFFECTS = new byte[0];

    @TempDir private Path directory;
    private final List<String> damages = new ArrayList<>();

    private SnapshotStore open() throws IOException {
        return SnapshotStore.open(directory, CHUNK, damages::add, TestJournal.CACHE);
    }

    static SnapshotHead head(long slot) {
        TreeMap<Long, byte[]> memberships = new TreeMap<>();
        memberships.put(1L, new byte[] {1, 2, 3});
        TreeMap<Long, byte[]> decisions = new TreeMap<>();
        decisions.put(slot, new byte[] {4});
        return new SnapshotHead(slot, 77, 1_000_000 + slot, 42, memberships, decisions);
    }

    static byte[] content(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static SnapshotManifest take(SnapshotStore store, long slot, int length)
            throws IOException {
        try (Draft draft = store.begin(head(slot))) {
            draft.write(content(slot, length));
            return draft.complete(("effects " + slot).getBytes(US_ASCII));
        }
    }

    private static byte[] readAll(SnapshotStore store, SnapshotManifest manifest)
            throws IOException {
        try (InputStream in = store.read(manifest)) {
            return in.readAllBytes();
        }
    }

    private Path chunkOf(long slot, int index) {
        return directory.resolve("snapshots/%020d/%08d.chunk".formatted(slot, index));
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        for (int length : new int[] {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 777}) {
            SnapshotStore store = open();
            SnapshotManifest manifest = take(store, 10 + length, length);

            SnapshotStore later = open();
            SnapshotManifest found = later.newestValid();
            assertThat(found.id()).isEqualTo(manifest.id());
            assertThat(found.totalBytes()).isEqualTo(length);
            assertThat(found.chunkCount()).isEqualTo((length + CHUNK - 1) / CHUNK);
            assertThat(readAll(later, found)).isEqualTo(content(10 + length, length));
            assertThat(later.effects(found))
                    .isEqualTo(("effects " + (10 + length)).getBytes(US_ASCII));
        }
        assertThat(damages).isEmpty();
    }

    @Test
    void theManifestTellsWhatTheSnapshotIs() throws IOException {
        SnapshotManifest manifest = take(open(), 12, 250);
        SnapshotManifest read = SnapshotManifest.decode(manifest.encode());

        assertThat(read.id()).isEqualTo(manifest.id());
        assertThat(read.slot()).isEqualTo(12);
        assertThat(read.clusterId()).isEqualTo(77);
        assertThat(read.timeNs()).isEqualTo(1_000_012);
        assertThat(read.appliedHash()).isEqualTo(42);
        assertThat(read.memberships().get(1L)).containsExactly(1, 2, 3);
        assertThat(read.decisions().get(12L)).containsExactly(4);
        assertThat(read.chunkLength(0)).isEqualTo(100);
        assertThat(read.chunkLength(2)).isEqualTo(50);
    }

    @Test
    void equalSnapshotsHaveEqualIdsAndOthersDoNot() throws IOException {
        SnapshotManifest one = take(open(), 5, 250);
        SnapshotStore other =
                SnapshotStore.open(
                        Files.createDirectory(directory.resolve("other")),
                        CHUNK,
                        damages::add,
                        TestJournal.CACHE);
        assertThat(take(other, 5, 250).id()).isEqualTo(one.id());
        assertThat(take(other, 6, 250).id()).isNotEqualTo(one.id());
    }

    @Test
    void refusesBytesThatAreNoManifest() throws IOException {
        byte[] bytes = take(open(), 5, 250).encode();
        for (int i = 0; i < bytes.length; i++) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= 1;
            assertThatThrownBy(() -> SnapshotManifest.decode(flipped))
                    .isInstanceOf(IOException.class);
            byte[] cut = Arrays.copyOf(bytes, i);
            assertThatThrownBy(() -> SnapshotManifest.decode(cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aDamagedSnapshotIsToldOfAndLeftAsideForTheOneBefore() throws IOException {
        SnapshotStore store = open();
        take(store, 5, 250);
        take(store, 9, 250);
        byte[] chunk = Files.readAllBytes(chunkOf(9, 1));
        chunk[3] ^= 1;
        Files.write(chunkOf(9, 1), chunk);

        store = open();
        assertThat(store.newestValid().slot()).isEqualTo(5);
        assertThat(damages).hasSize(1);
        assertThat(damages.get(0)).contains("00000001.chunk", "checksum", ".damaged");
        assertThat(open().kept()).hasSize(1);
        assertThat(damages).hasSize(1);
    }

    @Test
    void handsOutNoByteOfADamagedChunk() throws IOException {
        SnapshotStore store = open();
        SnapshotManifest manifest = take(store, 9, 250);
        Files.write(chunkOf(9, 1), new byte[CHUNK]);

        try (InputStream in = store.read(manifest)) {
            assertThat(in.readNBytes(CHUNK)).hasSize(CHUNK);
            assertThatThrownBy(in::read).hasMessageContaining("00000001.chunk");
        }
        assertThat(store.kept()).isEmpty();
    }

    @Test
    void receivesChunksInAnyOrderAndGoesOnAfterARestart() throws IOException {
        SnapshotManifest manifest = take(open(), 9, 450);
        byte[] bytes = content(9, 450);
        Path other = Files.createDirectory(directory.resolve("other"));

        SnapshotStore store = SnapshotStore.open(other, 7, damages::add, TestJournal.CACHE);
        Intake intake = store.receive(manifest);
        assertThat(put(intake, bytes, 3)).isTrue();
        assertThat(put(intake, bytes, 0)).isTrue();
        assertThat(intake.put(1, new UnsafeBuffer(bytes), 0, CHUNK)).isFalse();
        assertThat(intake.firstMissing(0)).isEqualTo(1);

        store = SnapshotStore.open(other, 7, damages::add, TestJournal.CACHE);
        intake = store.receive(manifest);
        assertThat(intake.firstMissing(0)).isEqualTo(1);
        assertThat(intake.firstMissing(3)).isEqualTo(4);
        assertThat(intake.heldBytes()).isEqualTo(200);
        for (int i : new int[] {4, 2, 1}) {
            assertThat(intake.isComplete()).isFalse();
            assertThat(put(intake, bytes, i)).isTrue();
        }
        assertThat(intake.complete().id()).isEqualTo(manifest.id());
        assertThat(readAll(store, store.newestValid())).isEqualTo(bytes);
        assertThat(store.effects(manifest)).isNull();
    }

    @Test
    void takesNoSnapshotThatIsNotWhatItsManifestSays() throws IOException {
        byte[] bytes = content(9, 250);
        int[] checksums = new int[3];
        for (int i = 0; i < 3; i++) {
            int length = Math.min(CHUNK, 250 - i * CHUNK);
            checksums[i] = new Checksum().of(new UnsafeBuffer(bytes), i * CHUNK, length);
        }
        SnapshotManifest wrong =
                ManifestCodec.encode(head(9), CHUNK, 250, checksums, new byte[Sha256.BYTES]);
        SnapshotStore store = open();
        Intake intake = store.receive(wrong);
        for (int i = 0; i < 3; i++) {
            assertThat(put(intake, bytes, i)).isTrue();
        }
        assertThatThrownBy(intake::complete).hasMessageContaining("not what it says");
        assertThat(store.kept()).isEmpty();
        assertThat(directory.resolve("snapshots")).isEmptyDirectory();
    }

    @Test
    void receivesOneAtATimeAndForgetsTheOthers() throws IOException {
        SnapshotStore from = open();
        SnapshotManifest older = take(from, 9, 450);
        SnapshotManifest newer = take(from, 12, 450);
        Path other = Files.createDirectory(directory.resolve("other"));
        SnapshotStore store = SnapshotStore.open(other, 7, damages::add, TestJournal.CACHE);
        Intake intake = store.receive(older);
        put(intake, content(9, 450), 0);
        assertThatThrownBy(() -> store.receive(newer)).isInstanceOf(IllegalStateException.class);
        intake.pause();
        assertThat(store.bytes()).isZero();
        store.receive(newer).pause();
        assertThat(store.receive(older).firstMissing(0)).isZero();
    }

    @Test
    void saysSoWhenThereIsNoRoom() throws IOException {
        FileDisk full =
                new FileDisk() {
                    @Override
                    public long usableBytes(Path path) {
                        return ChunkFiles.LEFT_FREE_BYTES + 50;
                    }
                };
        SnapshotManifest manifest = take(open(), 9, 250);
        Path other = Files.createDirectory(directory.resolve("other"));
        SnapshotStore store = SnapshotStore.open(other, CHUNK, damages::add, full);
        try (Draft draft = store.begin(head(9))) {
            draft.write(new byte[CHUNK - 1]);
            assertThatThrownBy(() -> draft.write(1)).hasMessageContaining("make room on the disk");
        }
        assertThatThrownBy(() -> store.receive(manifest))
                .hasMessageContaining("make room on the disk");
        assertThat(store.bytes()).isZero();
    }

    @Test
    void leavesAsMuchRoomAsItIsTold() throws IOException {
        FileDisk small =
                new FileDisk() {
                    @Override
                    public long usableBytes(Path path) {
                        return 10_000;
                    }
                };
        SnapshotStore store = SnapshotStore.open(directory, CHUNK, damages::add, small);
        store.leaveFree(10_000 - CHUNK);

        assertThat(take(store, 9, CHUNK).slot()).isEqualTo(9);

        store.leaveFree(10_000 - CHUNK + 1);
        assertThatThrownBy(() -> take(store, 10, CHUNK))
                .hasMessageContaining("make room on the disk");
    }

    private static boolean put(Intake intake, byte[] bytes, int index) throws IOException {
        int length = intake.manifest().chunkLength(index);
        return intake.put(index, new UnsafeBuffer(bytes), index * CHUNK, length);
    }

    @Test
    void keepsTheNewestAndWhatIsBeingRead() throws IOException {
        SnapshotStore store = open();
        SnapshotManifest oldest = take(store, 1, 250);
        take(store, 2, 250);
        take(store, 3, 250);
        take(store, 4, 250);
        assertThat(store.bytes()).isEqualTo(1_000);
        try (InputStream in = store.read(oldest)) {
            store.keep(2);
            assertThat(store.kept()).extracting(SnapshotManifest::slot).containsExactly(4L, 3L, 1L);
            assertThat(in.readAllBytes()).isEqualTo(content(1, 250));
        }
        store.keep(2);
        assertThat(open().kept()).extracting(SnapshotManifest::slot).containsExactly(4L, 3L);
    }

    @Test
    void whatIsGivenUpLeavesNothing() throws IOException {
        SnapshotStore store = open();
        Draft draft = store.begin(head(5));
        draft.write(content(5, 250));
        assertThatThrownBy(() -> store.begin(head(6))).isInstanceOf(IllegalStateException.class);
        draft.close();
        assertThat(store.kept()).isEmpty();
        assertThat(directory.resolve("snapshots")).isEmptyDirectory();
        assertThatThrownBy(() -> draft.write(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> draft.complete(NO_EFFECTS)).isInstanceOf(IOException.class);
        take(store, 5, 250);
        assertThatThrownBy(() -> store.begin(head(5))).hasMessageContaining("already");
    }

    @Test
    void aStoreThatHoldsNothingLeavesNoTrace() throws IOException {
        assertThat(open().newestValid()).isNull();
        assertThat(directory).isEmptyDirectory();
    }
}
