package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that appends is killed, again and again: whatever it said was synced is there after.
 */
class KillTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final int KILLS = 3;
    private static final int ACKNOWLEDGED_BEFORE_KILL = 40;

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(Durability.class)
    void keepsWhatAKilledProcessSaidWasSynced(Durability durability) throws Exception {
        long acknowledged = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            acknowledged = Math.max(acknowledged, appendAndKill(durability, kill));
            List<Long> slots = slotsFound();
            for (int i = 0; i < slots.size(); i++) {
                assertThat(slots.get(i)).as("record %d after kill %d", i, kill).isEqualTo(i + 1);
            }
            assertThat((long) slots.size())
                    .as("after kill %d", kill)
                    .isGreaterThanOrEqualTo(acknowledged);
        }
        assertThat(acknowledged).isGreaterThanOrEqualTo(KILLS * ACKNOWLEDGED_BEFORE_KILL);
    }

    /** Returns the last slot that the process said was synced. */
    private long appendAndKill(Durability durability, int kill) throws Exception {
        Process process = start(durability);
        long last = 0;
        try (BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (int i = 0; i < ACKNOWLEDGED_BEFORE_KILL + kill; i++) {
                String line = said.readLine();
                assertThat(line).as("what the process says").startsWith("synced ");
                last = slotOf(line);
            }
            // The handle leaves open what the process has said already.
            process.toHandle().destroyForcibly();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                last = line.matches("synced \\d+") ? Math.max(last, slotOf(line)) : last;
            }
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        return last;
    }

    private static long slotOf(String line) {
        return Long.parseLong(line.substring("synced ".length()));
    }

    private Process start(Durability durability) throws IOException {
        return ChildJvm.start(Appending.class, directory.toString(), durability.name());
    }

    private List<Long> slotsFound() {
        List<Long> slots = new ArrayList<>();
        JournalConfig config = TestJournal.config(directory);
        try (TestJournal journal = TestJournal.open(config, FileDisk.REAL)) {
            journal.get()
                    .recover(
                            new RecordedText() {
                                @Override
                                public void accepted(Batch batch) {
                                    slots.add(batch.firstSlot());
                                }
                            });
            journal.kill();
        }
        return slots;
    }

    /** The process that is killed. */
    static final class Appending {
        private static final int MOST_UNSYNCED_BYTES = 30_000;

        private Appending() {}

        public static void main(String[] args) {
            Durability durability = Durability.valueOf(args[1]);
            JournalConfig config =
                    new JournalConfig(
                            Path.of(args[0]),
                            TestJournal.NODE,
                            durability,
                            JournalConfig.MIN_SEGMENT_BYTES,
                            1,
                            TestJournal.BOOT);
            ChronicleJournal journal = ChronicleJournal.open(config);
            long[] lastSlot = new long[1];
            journal.recover(
                    new RecordedText() {
                        @Override
                        public void accepted(Batch batch) {
                            lastSlot[0] = batch.lastSlot();
                        }
                    });
            append(journal, durability == Durability.PAGE_CACHE, lastSlot[0] + 1);
        }

        /**
         * @param leavesValues nobody forces: what was written is the operating system's
         */
        private static void append(ChronicleJournal journal, boolean leavesValues, long firstSlot) {
            String filler = "x".repeat(500);
            long slot = firstSlot;
            while (true) {
                long position = journal.appendedPosition();
                long synced = leavesValues ? position : journal.syncedPosition();
                if (position - synced > MOST_UNSYNCED_BYTES) {
                    LockSupport.parkNanos(100_000);
                    continue;
                }
                for (int i = 0; i < 5; i++) {
                    journal.accepted(Batches.commands(B1, slot++, filler));
                }
                journal.endTurn();
                if (leavesValues || journal.syncedPosition() >= position) {
                    // All of the turns before this one.
                    System.out.println("synced " + (slot - 6));
                }
            }
        }
    }
}
