package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalVerifier.Finding;
import io.paxoslog.log.JournalVerifier.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is whole is called well, all that is not is named, and looking changes nothing. */
class JournalVerifierTest {
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 3);
    private static final long B3 = Ballot.of(3, 1);

    @TempDir private Path directory;

    private Report verify() throws IOException {
        List<String> before = Trees.describe(directory);
        Report report = JournalVerifier.verify(directory);
        assertThat(Trees.describe(directory)).isEqualTo(before);
        return report;
    }

    private void requireWell() throws IOException {
        Report report = verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.isWell()).isTrue();
    }

    private Finding onlyFinding() throws IOException {
        Report report = verify();
        assertThat(report.isWell()).isFalse();
        assertThat(report.count()).isEqualTo(1);
        return report.findings().get(0);
    }

    private void run(Consumer<ChronicleJournal> records) {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            records.accept(journal.get());
            journal.sync();
        }
    }

    private void runAndKill(Consumer<ChronicleJournal> records) {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            records.accept(journal.get());
            journal.kill();
        }
    }

    private static void everyKindOfRecord(ChronicleJournal records) {
        records.promised(B1);
        records.campaigned(B1);
        records.accepted(Batches.entries(Batch.MEMBERSHIP, B1, 1, "members"));
        records.membership(1, new UnsafeBuffer(new byte[8]), 0, 8);
        records.accepted(Batches.commands(B1, 2, "apple", "pear"));
        records.chosen(Batches.chosen(Batches.commands(B1, 1, "first", "apple", "pear", "plum!")));
        records.accepted(Batches.commands(B2, 5, "fig"));
        records.committed(B2, 5);
        records.held(5, 0);
    }

    /** A file of records, by its number. */
    private Path file(int number) throws IOException {
        return new SegmentFiles(FileDisk.REAL, directory.resolve("journal")).file(number);
    }

    private List<JournalInspector.Entry> entries() {
        List<JournalInspector.Entry> entries = new ArrayList<>();
        JournalInspector.inspect(directory, (entry, batch) -> entries.add(entry));
        return entries;
    }

    private void flip(JournalInspector.Entry entry, int at, int bit) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file(entry.segment()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, entry.offset() + at);
            one.put(0, (byte) (one.get(0) ^ (1 << bit)));
            channel.write(one.flip(), entry.offset() + at);
        }
    }

    @Test
    void aJournalThatWasClosedIsWell() throws IOException {
        run(JournalVerifierTest::everyKindOfRecord);
        requireWell();
        Report report = verify();
        assertThat(report.node()).isEqualTo(TestJournal.NODE);
        assertThat(report.firstKept()).isEqualTo(1);
        assertThat(report.commitIndex()).isEqualTo(5);
        assertThat(report.records()).isEqualTo(entries().size());
        assertThat(report.torn()).isNull();
    }

    @Test
    void aJournalThatIsOpenIsWell() {
        try (TestJournal journal = TestJournal.open(directory)) {
            journal.get().recover(new RecordedText());
            everyKindOfRecord(journal.get());
            assertThat(JournalVerifier.verify(directory).isWell()).isTrue();
        }
    }

    /** Rolled, killed, rewritten and closed, over and over. */
    @Test
    void aJournalOfManyRunsIsWell() throws IOException {
        String kilobytes = "x".repeat(4_000);
        for (int i = 0; i < 4; i++) {
            int first = 1 + 40 * i;
            long ballot = Ballot.of(1 + i, 1);
            Consumer<ChronicleJournal> records =
                    journal -> {
                        journal.campaigned(ballot);
                        for (int slot = first; slot < first + 40; slot++) {
                            journal.accepted(Batches.commands(ballot, slot, kilobytes));
                            journal.committed(ballot, slot);
                        }
                    };
            if (i % 2 == 0) {
                runAndKill(records);
            } else {
                run(records);
            }
            requireWell();
        }
        assertThat(verify().segments()).isGreaterThan(4);
        assertThat(verify().commitIndex()).isEqualTo(160);
    }

    @Test
    void aFlippedBitInAnyForcedByteIsFound() throws IOException {
        run(JournalVerifierTest::everyKindOfRecord);
        List<JournalInspector.Entry> entries = entries();
        for (JournalInspector.Entry entry : entries.subList(0, entries.size() - 1)) {
            // Every third byte, as each look takes a while.
            for (int at = entry.offset() % 3; at < entry.bytes() - Integer.BYTES; at += 3) {
                flip(entry, at, at % 8);
                Report report = JournalVerifier.verify(directory);
                assertThat(report.isWell() && report.repaired().isEmpty())
                        .as("byte %d of %s", at, entry)
                        .isFalse();
                flip(entry, at, at % 8);
            }
        }
        requireWell();
    }

    @Test
    void everyDamagedPayloadIsNamedWithFileByteAndSlots() throws IOException {
        run(JournalVerifierTest::everyKindOfRecord);
        JournalInspector.Entry apple = entries().get(5);
        JournalInspector.Entry fig = entries().get(7);
        flip(apple, RecordHeader.BYTES + 1, 0);
        flip(fig, RecordHeader.BYTES + 1, 0);
        Report report = verify();
        assertThat(report.count()).isEqualTo(1);
        assertThat(report.findings().get(0))
                .isEqualTo(
                        new Finding(
                                file(1),
                                fig.offset(),
                                5,
                                5,
                                "the payload of the record here (accepted) is not as it was"
                                        + " written",
                                report.findings().get(0).todo()));
        assertThat(report.findings().get(0).todo()).contains("copy");
        // Its slots were learnt as chosen since.
        assertThat(report.repaired())
                .extracting(Finding::offset)
                .containsExactly(apple.offset() + 0L);
        assertThat(report.repaired()).extracting(Finding::firstSlot).containsExactly(2L);
        assertThat(report.repaired()).extracting(Finding::lastSlot).containsExactly(3L);
    }

    @Test
    void aDamagedHeadIsNamedAndWhatFollowsItIsStillRead() throws IOException {
        run(JournalVerifierTest::everyKindOfRecord);
        JournalInspector.Entry chosen = entries().get(6);
        JournalInspector.Entry fig = entries().get(7);
        flip(chosen, RecordHeader.MAGIC_OFFSET, 0);
        flip(fig, RecordHeader.BYTES + 1, 0);
        Report report = verify();
        assertThat(report.findings())
                .extracting(Finding::offset)
                .containsExactly(chosen.offset() - 4L, (long) fig.offset(), -1L);
        assertThat(report.findings().get(0).what()).contains("bytes of records are missing");
        assertThat(report.findings().get(0).lastSlot()).isEqualTo(4);
        assertThat(report.findings().get(2).what()).contains("no record holds them");
    }

    @Test
    void aTailThatIsTornAboveAllThatWasForcedIsNoDamage() throws IOException {
        runAndKill(
                records -> {
                    records.accepted(Batches.commands(B1, 1, "apple"));
                    records.accepted(Batches.commands(B1, 2, "pear"));
                    records.accepted(Batches.commands(B1, 3, "plum"));
                });
        JournalInspector.Entry pear = entries().get(2);
        flip(pear, RecordHeader.BYTES + 1, 0);
        Report report = verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.torn().offset()).isEqualTo(pear.offset());
        assertThat(report.records()).isEqualTo(2);
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        for (int round = 1; round <= 3; round++) {
            int slot = round;
            run(records -> records.accepted(Batches.commands(B1, slot, "apple")));
        }
        Trees.delete(file(2).getParent());
        assertThat(verify().repaired().get(0).what())
                .contains("bytes of records at the end are missing");
        Trees.delete(file(1).getParent());
        assertThat(onlyFinding().what()).contains("the journal begins behind them");
    }

    @Test
    void aFileThatIsGoneFromItsDirectoryIsNamed() throws IOException {
        run(records -> records.promised(B1));
        run(records -> records.promised(B2));
        Trees.delete(file(1));
        Finding finding = verify().repaired().get(0);
        assertThat(finding.what()).isEqualTo("the file is missing");
        assertThat(finding.file().toString()).endsWith("00000001");
    }

    @Test
    void nothingLeftOfAJournalIsDamage() throws IOException {
        run(records -> records.promised(B1));
        Trees.delete(directory.resolve("journal"));
        assertThat(onlyFinding().what()).isEqualTo("there is no record that can be read");
    }

    @Test
    void anIdentityThatIsDamagedIsRefused() throws IOException {
        run(records -> records.promised(B1));
        try (FileChannel channel =
                FileChannel.open(directory.resolve("identity"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4), 12);
        }
        assertThatThrownBy(() -> JournalVerifier.verify(directory))
                .isInstanceOfSatisfying(
                        JournalException.class,
                        e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.DAMAGED));
    }

    @Test
    void whereThereIsNoNodeThatIsSaid() {
        assertThatThrownBy(() -> JournalVerifier.verify(directory))
                .isInstanceOfSatisfying(
                        JournalException.class,
                        e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.ABSENT));
    }

    @Test
    void aPromiseMustNotFall() throws IOException {
        run(
                records -> {
                    records.promised(B2);
                    records.promised(B1);
                });
        assertThat(onlyFinding().what())
                .isEqualTo("this promise (1.1) is below an earlier one (2.3)");
    }

    @Test
    void nothingMustBeAcceptedBelowAPromise() throws IOException {
        run(
                records -> {
                    records.promised(B2);
                    records.accepted(Batches.commands(B1, 1, "apple"));
                });
        Finding finding = onlyFinding();
        assertThat(finding.what()).startsWith("the ballot of these accepted slots (1.1) is below");
        assertThat(finding.lastSlot()).isEqualTo(1);
        assertThat(finding.todo()).contains("a rule of the node was broken");
    }

    @Test
    void anOwnBallotMustNotBeUsedAgain() throws IOException {
        run(
                records -> {
                    records.campaigned(B1);
                    records.campaigned(B1);
                });
        assertThat(onlyFinding().what())
                .isEqualTo("the own ballot 1.1 is not above the one before");
    }

    @Test
    void theCommitIndexMustNotFall() throws IOException {
        run(
                records -> {
                    records.accepted(Batches.commands(B1, 1, "apple", "pear"));
                    records.committed(B1, 2);
                    records.committed(B1, 1);
                });
        assertThat(onlyFinding().what()).isEqualTo("the commit index 1 is below an earlier one");
    }

    @Test
    void whatIsChosenMustNotBeAcceptedOver() throws IOException {
        run(
                records -> {
                    records.accepted(Batches.commands(B1, 1, "apple"));
                    records.committed(B1, 1);
                    records.accepted(Batches.commands(B3, 1, "pear"));
                });
        assertThat(onlyFinding().what()).contains("accepted over ones that were known chosen");
    }

    @Test
    void aCommitRecordMustCoverOnlyWhatIsHeldUnderItsBallot() throws IOException {
        run(
                records -> {
                    records.accepted(Batches.commands(B1, 1, "apple", "pear"));
                    records.accepted(Batches.commands(B2, 1, "apple"));
                    records.committed(B2, 2);
                });
        Finding finding = onlyFinding();
        assertThat(finding.what()).isEqualTo("is committed under 2.3, and not held under it");
        assertThat(finding.firstSlot()).isEqualTo(2);
    }

    @Test
    void noSlotBelowTheCommitIndexMustBeMissing() throws IOException {
        run(
                records -> {
                    records.accepted(Batches.commands(B1, 1, "apple"));
                    records.accepted(Batches.commands(B1, 4, "pear"));
                    records.committed(B1, 6);
                });
        assertThat(verify().findings()).extracting(Finding::firstSlot).containsExactly(2L, 5L);
        assertThat(verify().findings()).extracting(Finding::lastSlot).containsExactly(3L, 6L);
    }

    @Test
    void moreFindingsThanAnybodyReadsAreCounted() throws IOException {
        run(
                records -> {
                    records.promised(B2);
                    for (int i = 0; i <= Findings.MOST_KEPT; i++) {
                        records.promised(B1);
                    }
                });
        assertThat(verify().findings()).hasSize(Findings.MOST_KEPT);
        assertThat(verify().count()).isEqualTo(Findings.MOST_KEPT + 1L);
    }
}
