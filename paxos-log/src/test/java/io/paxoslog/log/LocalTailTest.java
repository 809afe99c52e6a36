package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.codecs.journal.EntryHeaderEncoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.log.JournalException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading the journal of a node that appends meanwhile, as another process does. */
class LocalTailTest {
    private static final long CLUSTER = 4711;
    private static final long SESSION = 2;
    private static final long B1 = Ballot.of(1, 1);
    private static final long B2 = Ballot.of(2, 2);
    private static final String FILLER = "x".repeat(7_000);

    @TempDir private Path directory;
    private final List<String> heard = new ArrayList<>();
    private TestJournal journal;
    private AppliedFile applied;
    private LocalTail tail;

    @BeforeEach
    void open() throws IOException {
        start(0);
    }

    private void start(long snapshotSlot) throws IOException {
        journal = TestJournal.open(directory);
        journal.get().recover(new RecordedText(), snapshotSlot);
        applied =
                AppliedFile.open(
                        directory, journal.get().incarnation(), journal.get().runs().current());
    }

    @AfterEach
    void close() {
        if (tail != null) {
            tail.close();
        }
        applied.close();
        journal.close();
    }

    /** A command of its own for each slot. */
    private static Batch commands(long ballot, long firstSlot, String... commands) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        EntryHeaderEncoder header = new EntryHeaderEncoder();
        int at = 0;
        for (int i = 0; i < commands.length; i++) {
            byte[] command = commands[i].getBytes(StandardCharsets.US_ASCII);
            int length = EntryHeaderEncoder.BLOCK_LENGTH + command.length;
            buffer.putInt(at, length, ByteOrder.LITTLE_ENDIAN);
            int body = at + Batch.ENTRY_PREFIX_BYTES;
            header.wrap(buffer, body)
                    .kind((short) 1)
                    .session(SESSION)
                    .sequence(firstSlot + i)
                    .awaited(1);
            buffer.putBytes(body + EntryHeaderEncoder.BLOCK_LENGTH, command);
            at = body + length;
        }
        return new Batch()
                .slots(ballot, firstSlot, commands.length)
                .value(Batch.COMMANDS, ballot, 1_000 + firstSlot)
                .bytes(buffer, 0, at);
    }

    private void accept(Batch batch) {
        journal.get().accepted(batch);
    }

    private void apply(long upTo, long... withoutEffect) {
        applied.begin(upTo, journal.get().firstKept());
        LongStream.of(withoutEffect).forEach(slot -> applied.withoutEffect(slot, slot));
        applied.end(CLUSTER, upTo, journal.get().appendedPosition());
    }

    private void openTail(long fromSlot) {
        tail = LocalTail.open(directory, fromSlot);
    }

    private List<String> poll() {
        heard.clear();
        int passed;
        do {
            passed = tail.poll(this::note, 1_000);
        } while (passed > 0);
        return List.copyOf(heard);
    }

    private void note(
            long slot,
            long session,
            long sequence,
            long timestampNs,
            DirectBuffer buffer,
            int offset,
            int length) {
        assertThat(session).isEqualTo(SESSION);
        assertThat(sequence).isEqualTo(slot);
        assertThat(timestampNs).isGreaterThan(1_000);
        String command = buffer.getStringWithoutLengthAscii(offset, length);
        heard.add(slot + " " + command.replace("x", ""));
    }

    @Test
    void hearsWhatIsAppliedAndNothingAbove() {
        openTail(1);
        assertThat(poll()).isEmpty();
        accept(commands(B1, 1, "a", "b", "c"));
        assertThat(poll()).isEmpty();
        apply(2);
        assertThat(poll()).containsExactly("1 a", "2 b");
        assertThat(tail.nextSlot()).isEqualTo(3);
        assertThat(tail.clusterId()).isEqualTo(CLUSTER);
        apply(3);
        assertThat(poll()).containsExactly("3 c");
        assertThat(poll()).isEmpty();
    }

    @Test
    void goesThroughNoMoreSlotsThanItIsTold() {
        accept(commands(B1, 1, "a", "b", "c"));
        apply(3);
        openTail(1);
        assertThat(tail.poll(this::note, 2)).isEqualTo(2);
        assertThat(heard).containsExactly("1 a", "2 b");
        assertThat(poll()).containsExactly("3 c");
    }

    @Test
    void beginsWhereItIsTold() {
        accept(commands(B1, 1, "a", "b", "c"));
        apply(3);
        openTail(2);
        assertThat(poll()).containsExactly("2 b", "3 c");
    }

    @Test
    void leavesOutWhatTookNoEffectAndWhatIsNoCommand() {
        accept(commands(B1, 1, "a", "b", "b"));
        accept(Batches.noOps(B1, 4, 2));
        accept(Batches.entries(Batch.COMMANDS, B1, 6, "?"));
        accept(commands(B1, 7, "c"));
        openTail(1);
        apply(7, 3);
        assertThat(poll()).containsExactly("1 a", "2 b", "7 c");
    }

    /** An accept that came late is not what was chosen. */
    @Test
    void ofTwoRecordsOfASlotTheOneThatCountsIsHeard() {
        accept(commands(B1, 1, "a"));
        accept(commands(B1, 2, "old", "older"));
        openTail(1);
        apply(1);
        assertThat(poll()).containsExactly("1 a");
        accept(commands(B2, 2, "new"));
        journal.get().chosen(Batches.chosen(commands(B2, 3, "newer")));
        accept(commands(B2, 3, "oldest"));
        apply(3);
        assertThat(poll()).containsExactly("2 new", "3 newer");
    }

    private void append(long from, long to) {
        for (long slot = from; slot <= to; slot++) {
            accept(commands(B1, slot, slot + FILLER));
            journal.get().committed(B1, slot);
            apply(slot);
        }
        journal.sync();
    }

    private static List<String> slots(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(slot -> slot + " " + slot).toList();
    }

    @Test
    void followsFromFileToFile() {
        append(1, 30);
        openTail(5);
        assertThat(poll()).isEqualTo(slots(5, 30));
        append(31, 80);
        assertThat(poll()).isEqualTo(slots(31, 80));
    }

    private long compact(long upTo) {
        long firstKept = journal.get().compact(upTo);
        assertThat(firstKept).isGreaterThan(1);
        TestJournal.await(() -> !Files.exists(directory.resolve("journal/00000001")));
        return firstKept;
    }

    @Test
    void whatWasCompactedIsToldWithTheFirstSlotKept() {
        append(1, 80);
        openTail(1);
        assertThat(tail.poll(this::note, 3)).isEqualTo(3);
        long firstKept = compact(40);
        append(81, 82);
        assertThatThrownBy(this::poll)
                .isInstanceOf(JournalException.class)
                .hasMessage(
                        "slot 4 is no longer kept; the first kept slot is %d".formatted(firstKept))
                .extracting(e -> ((JournalException) e).kind())
                .isEqualTo(Kind.COMPACTED);
        tail.close();
        openTail(LocalTail.FIRST_KEPT);
        assertThat(poll()).isEqualTo(slots(firstKept, 82));
    }

    @Test
    void wordOfAFileThatWentMayComeLater() {
        append(1, 80);
        openTail(4);
        compact(40);
        assertThat(poll()).isEmpty();
        append(81, 81);
        assertThatThrownBy(this::poll).hasMessageStartingWith("slot 4 is no longer kept");
    }

    /** As if files were used a second time, for other records of the same node. */
    @Test
    void ofAFileThatIsUsedAgainUnderItNothingForeignIsHeard() throws IOException {
        append(1, 80);
        openTail(1);
        assertThat(tail.poll(this::note, 3)).isEqualTo(3);
        overwrite("00000001", "00000002");
        heard.clear();
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                tail.poll(this::note, 1_000);
                            }
                        })
                .isInstanceOf(JournalException.class)
                .extracting(e -> ((JournalException) e).kind())
                .isEqualTo(Kind.DAMAGED);
        assertThat(heard).isEmpty();

        apply(80);
        applied.begin(80, 30);
        applied.end(CLUSTER, 80, journal.get().appendedPosition());
        assertThatThrownBy(this::poll)
                .extracting(e -> ((JournalException) e).kind())
                .isEqualTo(Kind.COMPACTED);
    }

    @Test
    void ofAFileThatChangesWhereARecordLiesNothingForeignIsHeard() throws IOException {
        accept(commands(B1, 1, "apple"));
        apply(1);
        openTail(1);
        byte[] bytes = Files.readAllBytes(fileIn("00000001"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        try (FileChannel file = FileChannel.open(fileIn("00000001"), StandardOpenOption.WRITE)) {
            ByteBuffer foreign = ByteBuffer.wrap("lemon".getBytes(StandardCharsets.US_ASCII));
            file.write(foreign, text.indexOf("apple"));
        }
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                tail.poll(this::note, 1_000);
                            }
                        })
                .hasMessageContaining("its checksum is wrong")
                .extracting(e -> ((JournalException) e).kind())
                .isEqualTo(Kind.DAMAGED);
        assertThat(heard).isEmpty();
    }

    private void overwrite(String segment, String other) throws IOException {
        byte[] bytes = Files.readAllBytes(fileIn(other));
        try (FileChannel channel = FileChannel.open(fileIn(segment), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private Path fileIn(String segment) throws IOException {
        return new SegmentFiles(FileDisk.REAL, directory)
                .fileIn(directory.resolve("journal").resolve(segment));
    }

    @Test
    void goesOnOnceItsNodeHasStartedAgain() throws IOException {
        append(1, 30);
        openTail(1);
        assertThat(poll()).isEqualTo(slots(1, 30));
        accept(commands(B1, 31, "lost?"));
        applied.close();
        journal.kill();
        start(0);
        assertThat(poll()).isEmpty();
        apply(20);
        assertThat(poll()).isEmpty();
        accept(commands(B2, 31, "31"));
        apply(31);
        assertThat(poll()).containsExactly("31 31");
    }

    /** What is applied anew may come to another end, as when the log skips a command. */
    @Test
    void whatIsAppliedAgainIsReadAgain() {
        accept(commands(B1, 1, "a", "b", "c"));
        openTail(1);
        apply(1);
        assertThat(poll()).containsExactly("1 a");
        applied.beginAgain(0);
        apply(3, 2);
        assertThat(poll()).containsExactly("3 c");
    }

    @Test
    void slotsWhoseBitsAreTakenForOthersAreAsGoodAsCompacted() {
        openTail(1);
        accept(commands(B1, 1, "a"));
        apply(AppliedFile.SLOTS + 5L);
        assertThatThrownBy(this::poll)
                .hasMessage("slot 1 is no longer kept; the first kept slot is 6");
    }

    @Test
    void aDirectoryOnWhichNoNodeRanIsRefused(@TempDir Path empty) {
        assertThatThrownBy(() -> LocalTail.open(empty, 1))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("holds no journal");
    }

    @Test
    void bitsOfSlotsAreTheirOwnAroundTheRing() throws IOException {
        applied.begin(AppliedFile.SLOTS - 3L, 1);
        applied.withoutEffect(7, 9);
        applied.end(CLUSTER, AppliedFile.SLOTS - 3L, 0);
        applied.begin(AppliedFile.SLOTS + 70L, 1);
        applied.withoutEffect(AppliedFile.SLOTS + 8L, AppliedFile.SLOTS + 8L);
        applied.end(CLUSTER, AppliedFile.SLOTS + 70L, 0);
        try (AppliedView view = AppliedView.open(directory, journal.get().incarnation())) {
            assertThat(view.keptFrom()).isEqualTo(71);
            assertThat(view.tookEffect(AppliedFile.SLOTS + 7L)).isTrue();
            assertThat(view.tookEffect(AppliedFile.SLOTS + 8L)).isFalse();
            assertThat(view.tookEffect(AppliedFile.SLOTS + 9L)).isTrue();
        }
    }
}
