package io.paxoslog.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.paxoslog.log.Durability;
import io.paxoslog.log.JournalException;
import io.paxoslog.log.JournalException.Kind;
import io.paxoslog.testkit.disk.SimulatedFiles.ForceFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios 7, 8, 9, 11, 12, 13 of one journal, told on a simulated disk. */
@Execution(ExecutionMode.CONCURRENT)
class JournalOnABadDiskTest {
    private final JournalRun run = new JournalRun(Durability.SYNC);

    private static JournalException refusal(JournalRun run) {
        return catchThrowableOfType(JournalException.class, run::start);
    }

    /** Every kind of record forced, and one more group that proves it. */
    private List<String> leaveProvenRecords() {
        run.start();
        List<String> told = new ArrayList<>(run.tellEveryKind());
        run.sync();
        for (int slot = 9; slot < 30; slot++) {
            told.add(run.accept(slot, 40));
            run.sync();
        }
        return told;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "older bytes that were once something else, longer than a record"})
    void dropsATornTailAtEveryByteAndKeepsAllBeforeIt(String older) {
        List<String> told = leaveProvenRecords();
        long lastWrite = run.disk().writes();
        String last = run.accept(30, 20);
        int length = 300;
        for (int bytes = 0; bytes <= length; bytes++) {
            JournalRun torn = new JournalRun(Durability.SYNC);
            torn.start();
            torn.tellEveryKind();
            torn.sync();
            for (int slot = 9; slot < 30; slot++) {
                torn.accept(slot, 40);
                torn.sync();
            }
            assertThat(torn.disk().writes()).isEqualTo(lastWrite);
            torn.accept(30, 20);
            torn.losePower(
                    PowerLoss.torn(lastWrite, bytes, older.getBytes(StandardCharsets.US_ASCII)));

            List<String> heard = torn.start();
            assertThat(heard).as("after %d bytes", bytes).startsWith(told.toArray(String[]::new));
            assertThat(heard.subList(told.size(), heard.size()))
                    .as("after %d bytes", bytes)
                    .isSubsetOf(last);
        }
    }

    @Test
    void noticesRotInAnyByteOfEveryKindOfProvenRecord() {
        List<String> told = leaveProvenRecords();
        run.kill();
        int files = run.disk().files().size();
        for (int file = 0; file < files; file++) {
            boolean isNewest = file == files - 1;
            List<SimulatedFile.Extent> records = run.disk().files().get(file).records();
            for (int i = 0; i < records.size() - (isNewest ? 2 : 0); i++) {
                requireNoticed(file, i, records.get(i), told);
            }
        }
    }

    /** Refused, or gone on with, and nothing that is told then is wrong. */
    private void requireNoticed(
            int file, int record, SimulatedFile.Extent extent, List<String> told) {
        for (int at = 0; at < extent.length(); at += 3) {
            JournalRun rotten = run.copy();
            SimulatedFile flipped = rotten.disk().files().get(file);
            flipped.flip(extent.offset() + at, at % 8);
            byte[] before = flipped.read(0, flipped.length());

            List<String> heard = new ArrayList<>();
            JournalException refused =
                    catchThrowableOfType(
                            JournalException.class, () -> heard.addAll(rotten.start()));
            boolean isNoticed =
                    refused == null
                            ? !rotten.stepped().journal().damagedPlaces().isEmpty()
                            : refused.kind() == Kind.DAMAGED;
            assertThat(isNoticed || isPadding(flipped, extent, at))
                    .as("file %d, record %d, byte %d", file, record, at)
                    .isTrue();
            assertThat(told).containsAll(valuesIn(heard));
            assertThat(flipped.read(0, flipped.length())).isEqualTo(before);
        }
    }

    /** What is said besides, of ballots, may be the second copy's word. */
    private static List<String> valuesIn(List<String> heard) {
        return heard.stream()
                .filter(line -> !line.startsWith("returning") && !line.startsWith("committed"))
                .toList();
    }

    /** A record ends at a multiple of four; what fills it up means nothing. */
    private static boolean isPadding(SimulatedFile file, SimulatedFile.Extent extent, int at) {
        return at >= extent.length() - 3 && file.length() > 0;
    }

    @Test
    void noticesARecordThatLandedAtAnotherPlace() {
        List<String> told = leaveProvenRecords();
        run.kill();
        List<SimulatedFile.Extent> records = run.disk().files().get(0).records();
        for (SimulatedFile.Extent from : records) {
            for (SimulatedFile.Extent to : records) {
                if (from.equals(to)) {
                    continue;
                }
                JournalRun broken = run.copy();
                SimulatedFile file = broken.disk().files().get(0);
                int length = Math.min(from.length(), to.length());
                file.overwrite(to.offset(), file.read(from.offset(), from.offset() + length));

                List<String> heard = new ArrayList<>();
                JournalException refused =
                        catchThrowableOfType(
                                JournalException.class, () -> heard.addAll(broken.start()));
                boolean isNoticed =
                        refused != null || !broken.stepped().journal().damagedPlaces().isEmpty();
                assertThat(isNoticed).as("%s on %s", from, to).isTrue();
                assertThat(told).containsAll(valuesIn(heard));
            }
        }
    }

    @Test
    void returnsWhereARecordNeverLandedThoughTheDiskSaidSo() {
        run.start();
        run.tellEveryKind();
        run.sync();
        run.accept(9, 10);
        run.disk().breakNextForce(ForceFault.LOSES_WRITES);
        run.sync();
        run.accept(10, 10);
        run.sync();
        run.accept(11, 10);
        run.sync();
        run.losePower(PowerLoss.ofEverything());

        assertThat(run.start()).contains("returning " + JournalRun.B1);
    }

    @Test
    void cannotTellRotInTheVeryLastForcedGroupFromATornTail() {
        run.start();
        List<String> told = run.tellEveryKind();
        run.sync();
        run.accept(9, 10);
        run.sync();
        run.kill();
        SimulatedFile file = run.disk().files().get(0);
        SimulatedFile.Extent last = file.records().get(file.records().size() - 1);
        file.flip(last.offset() + 5, 1);

        assertThat(run.start()).isEqualTo(told);
    }

    @ParameterizedTest
    @EnumSource(
            value = ForceFault.class,
            names = {"FAILS", "FAILS_AND_FORGETS"})
    void neverSaysSyncedAfterAForceThatFailedOnce(ForceFault fault) {
        run.start();
        List<String> told = run.tellEveryKind();
        run.sync();
        long synced = run.stepped().journal().syncedPosition();
        run.accept(9, 10);
        run.disk().breakNextForce(fault);
        run.sync();
        long operations = run.disk().operations();
        run.sync();

        assertThat(run.disk().operations()).isEqualTo(operations);
        assertThat(run.stepped().journal().hasFailed()).isTrue();
        assertThat(run.stepped().journal().syncedPosition()).isEqualTo(synced);
        run.kill();
        assertThat(run.start()).startsWith(told.toArray(String[]::new));
    }

    @Test
    void aNodeThatDoesNotForceValuesMayHaveForgottenVotesAfterAFailedForce() {
        JournalRun async = new JournalRun(Durability.ASYNC);
        async.start();
        async.tellEveryKind();
        async.disk().breakNextForce(ForceFault.FAILS);
        async.sync();
        async.kill();

        assertThat(async.start()).endsWith("returning " + JournalRun.B1);
    }

    @Test
    void aNodeThatDoesNotForceValuesMayHaveForgottenVotesAfterALossOfPower() {
        JournalRun async = new JournalRun(Durability.ASYNC);
        async.start();
        async.tellEveryKind();
        async.sync();
        async.losePower(PowerLoss.ofEverything());

        assertThat(async.start()).endsWith("returning " + JournalRun.B1);
    }

    @Test
    void stopsOnAFullDiskAndComesBackWhenThereIsRoom() {
        run.start();
        List<String> told = new ArrayList<>();
        run.disk().beFull();
        JournalException full =
                catchThrowableOfType(
                        JournalException.class,
                        () -> {
                            for (int slot = 1; slot < 100; slot++) {
                                told.add(run.accept(slot, 40));
                                run.sync();
                            }
                        });
        assertThat(full.kind()).isEqualTo(Kind.DISK);
        assertThat(told).isNotEmpty();
        run.kill();
        assertThat(refusal(run).kind()).isEqualTo(Kind.DISK);
        run.kill();
        run.disk().haveRoom();

        assertThat(run.start()).isEqualTo(told);
    }

    @Test
    void saysAllAgainAfterACleanStop() {
        run.start();
        List<String> told = run.tellEveryKind();
        run.stepped().journal().close();
        run.losePower(PowerLoss.ofEverything());

        assertThat(run.start()).isEqualTo(told);
    }
}
