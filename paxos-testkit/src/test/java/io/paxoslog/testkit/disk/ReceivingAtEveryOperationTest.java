package io.paxoslog.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.log.Draft;
import io.paxoslog.log.Intake;
import io.paxoslog.log.SnapshotHead;
import io.paxoslog.log.SnapshotManifest;
import io.paxoslog.log.SnapshotStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A snapshot is received while power goes at any operation of the disk, again and again: it is gone
 * on with, and once it is said to be complete it is whole and stays.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReceivingAtEveryOperationTest {
    private static final Path NODE = Path.of("/node");
    private static final int CHUNK = 100;
    private final Random random = new Random(5);
    private final byte[] content = new byte[7 * CHUNK + 30];
    private final SnapshotManifest manifest = manifest();

    private SnapshotManifest manifest() {
        random.nextBytes(content);
        try {
            SimulatedFiles other = newDisk();
            SnapshotStore store = SnapshotStore.open(NODE, CHUNK, damage -> {}, other);
            SnapshotHead head = new SnapshotHead(9, 1, 2, 3, new TreeMap<>(), new TreeMap<>());
            try (Draft draft = store.begin(head)) {
                draft.write(content);
                return draft.complete(new byte[0]);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SimulatedFiles newDisk() throws IOException {
        SimulatedFiles disk = new SimulatedFiles(1);
        disk.createDirectory(NODE);
        disk.forceNames(Path.of("/"));
        return disk;
    }

    @Test
    void isWholeOnceItIsCompleteAndGoneOnWithBefore() throws IOException {
        List<Supplier<PowerLoss>> losses =
                List.of(
                        PowerLoss::ofEverything,
                        () -> PowerLoss.after(Long.MAX_VALUE - 1),
                        () -> PowerLoss.ofPages(16, random::nextInt));
        for (Supplier<PowerLoss> loss : losses) {
            boolean isLost = true;
            for (long operation = 1; isLost; operation++) {
                isLost = play(operation, loss);
            }
        }
    }

    private boolean play(long operation, Supplier<PowerLoss> loss) throws IOException {
        SimulatedFiles disk = newDisk();
        disk.dieAfter(disk.operations() + operation);
        boolean isComplete = isReceived(disk);
        disk.losePower(loss.get());
        if (isComplete) {
            requireWhole(disk, operation);
        }
        for (int i = 0; i < 3; i++) {
            disk.dieAfter(disk.operations() + operation);
            isReceived(disk);
            disk.losePower(loss.get());
        }
        assertThat(isReceived(disk)).isTrue();
        requireWhole(disk, operation);
        return !isComplete;
    }

    @Test
    void forcesWhatAnEarlierProcessOnlyWrote() throws IOException {
        boolean isKilled = true;
        for (long operation = 1; isKilled; operation++) {
            SimulatedFiles disk = newDisk();
            disk.dieBefore(disk.operations() + operation);
            isKilled = !isReceived(disk);
            disk.processEnded();

            assertThat(isReceived(disk)).isTrue();
            disk.losePower(PowerLoss.ofEverything());

            requireWhole(disk, operation);
        }
    }

    /** False when power was lost meanwhile. */
    private boolean isReceived(SimulatedFiles disk) throws IOException {
        try {
            SnapshotStore store = SnapshotStore.open(NODE, CHUNK, damage -> {}, disk);
            if (!store.kept().isEmpty()) {
                return true;
            }
            Intake intake = store.receive(manifest);
            for (int i = intake.firstMissing(0); i < 8; i = intake.firstMissing(i)) {
                int length = manifest.chunkLength(i);
                assertThat(intake.put(i, new UnsafeBuffer(content), i * CHUNK, length)).isTrue();
            }
            intake.complete();
            return true;
        } catch (PowerLost lost) {
            return false;
        }
    }

    private void requireWhole(SimulatedFiles disk, long operation) throws IOException {
        List<String> damages = new ArrayList<>();
        SnapshotStore store = SnapshotStore.open(NODE, CHUNK, damages::add, disk);
        SnapshotManifest newest = store.newestValid();
        assertThat(damages).as("after %d", operation).isEmpty();
        assertThat(newest).as("after %d", operation).isNotNull();
        assertThat(newest.id()).isEqualTo(manifest.id());
        try (InputStream in = store.read(newest)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }
}
