package io.paxoslog.testkit.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.log.Draft;
import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalReader;
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
 * A journal that snapshots let grow no further: power goes right before and right after each
 * operation of the disk, and whatever the disk kept of the rest, each slot that was forced is in
 * the newest snapshot or said again, and so is what was promised.
 */
@Execution(ExecutionMode.CONCURRENT)
class CompactionAtEveryOperationTest {
    private static final int SLOTS = 30;
    private static final int SNAPSHOT_SLOTS = 10;
    private static final int CHUNK = 200;
    private static final Path NODE = Path.of("/node");

    private final Random random = new Random(14);
    private int cases;
    private int compacted;

    @Test
    void losesNothingThatWasForced() throws IOException {
        List<Supplier<PowerLoss>> losses =
                List.of(
                        PowerLoss::ofEverything,
                        () -> PowerLoss.after(Long.MAX_VALUE - 1),
                        () -> PowerLoss.ofPages(16, random::nextInt));
        for (Supplier<PowerLoss> loss : losses) {
            long operation = 0;
            boolean isLost;
            do {
                operation++;
                isLost = play(operation, true, loss);
                isLost &= play(operation, false, loss);
            } while (isLost);
            assertThat(operation).isGreaterThan(4L * SLOTS);
        }
        assertThat(cases).isGreaterThan(1_000);
        assertThat(compacted).isGreaterThan(cases / 4);
    }

    /**
     * What a kill leaves for others to read is there only once it is forced: files may not be
     * dropped for the sake of a snapshot that a loss of power takes away.
     */
    @Test
    void dropsNothingForASnapshotThatWasOnlySeen() throws IOException {
        boolean isKilled;
        long operation = 0;
        do {
            operation++;
            Machine machine = new Machine();
            isKilled = machine.worksUntil(operation);
            machine.run.kill();
            machine.compactAtStart();
            machine.run.losePower(PowerLoss.ofEverything());
            machine.requireForced("killed before " + operation);
        } while (isKilled);
        assertThat(operation).isGreaterThan(2L * SLOTS);
    }

    /** What is to go waits until the file after it is there for good. */
    @Test
    void dropsNoFileBeforeTheOneAfterItIsForced() throws IOException {
        Machine machine = new Machine();
        machine.start("at first");
        int files = machine.run.disk().files().size();
        long slot = 0;
        while (machine.run.disk().recordFiles() < files + 3) {
            machine.run.accept(++slot, 30);
            machine.run.stepped().prepare();
        }
        machine.takeSnapshot(slot);
        machine.compact();
        assertThat(machine.firstKept).isEqualTo(1);
        machine.run.sync();
        machine.compact();
        assertThat(machine.firstKept).isGreaterThan(1);
        machine.run.losePower(PowerLoss.ofEverything());
        machine.requireForced("at last");
    }

    /** False when the runs ended before that operation. */
    private boolean play(long operation, boolean before, Supplier<PowerLoss> loss)
            throws IOException {
        cases++;
        Machine machine = new Machine();
        boolean isLost = false;
        try {
            if (before) {
                machine.run.disk().dieBefore(operation);
            } else {
                machine.run.disk().dieAfter(operation);
            }
            machine.work();
            machine.run.stepped().abandon();
            machine.work();
        } catch (PowerLost lost) {
            isLost = true;
        }
        compacted += machine.firstKept > 1 ? 1 : 0;
        machine.run.losePower(loss.get());
        machine.requireForced((before ? "before " : "after ") + operation);
        // What is left can be worked with, whatever it is.
        machine.work();
        machine.run.kill();
        machine.requireForced("later, " + operation);
        return isLost;
    }

    /** One node's directory, and what must be found in it. */
    private static final class Machine {
        final JournalRun run = new JournalRun(Durability.SYNC);
        private SnapshotStore store;
        private long last;
        private long forced;
        private long round;
        private long forcedRound;
        private long snapshot;
        private long firstKept;

        private List<String> start(String how) throws IOException {
            List<String> damages = new ArrayList<>();
            store = SnapshotStore.open(NODE, CHUNK, damages::add, run.disk());
            SnapshotManifest newest = store.newestValid();
            assertThat(damages).as(how).isEmpty();
            long slot = newest == null ? 0 : newest.slot();
            List<String> heard = run.start(slot);
            firstKept = run.stepped().journal().firstKept();
            assertThat(slot).as(how).isGreaterThanOrEqualTo(snapshot);
            assertThat(firstKept).as(how).isLessThanOrEqualTo(slot + 1);
            return heard;
        }

        void work() throws IOException {
            List<String> heard = start("at work");
            last = Math.max(store.kept().isEmpty() ? 0 : store.kept().get(0).slot(), lastIn(heard));
            forced = Math.max(forced, last);
            run.records().membership(1, new UnsafeBuffer(new byte[] {'m', 'e'}), 0, 2);
            for (long until = last + SLOTS; last < until; ) {
                accept(last + 1);
                if (last % SNAPSHOT_SLOTS == 0) {
                    takeSnapshot(last);
                    compact();
                }
            }
        }

        /** False when the work ended before that operation. */
        boolean worksUntil(long operation) throws IOException {
            run.disk().dieBefore(operation);
            try {
                work();
                return false;
            } catch (PowerLost killed) {
                return true;
            }
        }

        void compactAtStart() throws IOException {
            start("killed");
            if (!store.kept().isEmpty()) {
                compact();
            }
        }

        private static long lastIn(List<String> heard) {
            return heard.stream()
                    .filter(line -> line.startsWith("accepted"))
                    .mapToLong(Machine::slotOf)
                    .max()
                    .orElse(0);
        }

        private static long slotOf(String line) {
            return Long.parseLong(line.split(" ", 4)[2].replaceAll("\\+.*", ""));
        }

        private void accept(long slot) {
            run.accept(slot, 30);
            last = slot;
            if (slot % 7 == 0) {
                run.records().promised(Ballot.of(++round, 2));
            }
            if (slot % 3 == 0) {
                run.sync();
                forced = slot;
                forcedRound = round;
                run.records().committed(JournalRun.B1, slot);
                run.stepped().prepare();
            }
        }

        private void takeSnapshot(long slot) throws IOException {
            SnapshotHead head =
                    new SnapshotHead(slot, 7, slot, slot, new TreeMap<>(), new TreeMap<>());
            try (Draft draft = store.begin(head)) {
                draft.write(content(slot));
                draft.complete(new byte[] {(byte) slot});
            }
            snapshot = slot;
            store.keep(2);
        }

        private static byte[] content(long slot) {
            return ("state up to " + slot + " ").repeat((int) slot).getBytes(US_ASCII);
        }

        private void compact() {
            List<SnapshotManifest> kept = store.kept();
            firstKept = run.stepped().journal().compact(kept.get(kept.size() - 1).slot());
            run.stepped().prepare();
        }

        void requireForced(String how) throws IOException {
            List<String> heard = start(how);
            SnapshotManifest newest = store.newestValid();
            long covered = newest == null ? 0 : newest.slot();
            if (newest != null) {
                try (InputStream in = store.read(newest)) {
                    assertThat(in.readAllBytes()).as(how).isEqualTo(content(covered));
                }
                assertThat(store.effects(newest)).as(how).containsExactly((byte) covered);
            }
            for (long slot = covered + 1; slot <= forced; slot++) {
                assertThat(heard).as(how).contains(JournalRun.line(slot, 30));
            }
            assertThat(promisedIn(heard)).as(how).isGreaterThanOrEqualTo(forcedRound);
            if (forced > 0) {
                assertThat(heard).as(how).contains("membership 1 me");
                requireServed(how, Math.max(covered, forced));
            }
            run.stepped().abandon();
        }

        private static long promisedIn(List<String> heard) {
            return heard.stream()
                    .filter(line -> line.startsWith("promised"))
                    .map(line -> line.substring(line.indexOf(' ') + 1))
                    .mapToLong(text -> Long.parseLong(text.replaceAll("\\..*", "")))
                    .max()
                    .orElse(0);
        }

        /** What is kept is served, and nothing else. */
        private void requireServed(String how, long upTo) {
            List<Long> slots = new ArrayList<>();
            try (JournalReader reader =
                    run.stepped().journal().newReader(damage -> slots.add(-1L))) {
                reader.read(firstKept, upTo, 1 << 20, batch -> slots.add(batch.firstSlot()));
                assertThat(slots).as(how).hasSize((int) (upTo - firstKept + 1));
                assertThat(slots).as(how).doesNotContain(-1L);
                assertThat(reader.read(firstKept - 1, upTo, 1 << 20, batch -> slots.add(-1L)))
                        .isEqualTo(firstKept - 1);
                assertThat(slots).as(how).doesNotContain(-1L);
            }
        }
    }
}
