package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.codecs.journal.RecordEncoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.codecs.journal.RememberedEncoder;
import io.paxoslog.codecs.journal.SnapshotManifestDecoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Base;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Runs;
import io.paxoslog.core.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that earlier versions wrote are read as they were meant. */
class RecordEvolutionTest {
    private static final long INCARNATION = 0x1234_5678_9ABCL;
    private static final Base BASE = new Base(0x0123_4567_89AB_CDEFL, 42);
    private static final int SEGMENT = 7;
    private static final int OFFSET = 256;

    private static final List<String> SAID =
            List.of(
                    "promised 3.2",
                    "campaigned 2.3",
                    "membership 1 me",
                    "membership 5 you",
                    "decision 8 " + Decision.skip(7, 0),
                    "held 9 against 0",
                    "committed " + Ballot.text(Ballot.NONE) + " 9");

    @TempDir private Path place;

    private final RecordHeader header = new RecordHeader();

    private static UnsafeBuffer fileWith(String record) {
        byte[] bytes = HexFormat.of().parseHex(record);
        UnsafeBuffer file = new UnsafeBuffer(ByteBuffer.allocateDirect(OFFSET + bytes.length + 64));
        file.putBytes(OFFSET, bytes);
        return file;
    }

    /** The lines of a dump that are not remarks. */
    private static List<String> dump(String name) throws IOException {
        try (InputStream in = RecordEvolutionTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private boolean read(UnsafeBuffer file) {
        return header.read(file, INCARNATION, SEGMENT, OFFSET);
    }

    @Test
    void readsAnAcceptedRecordOfVersion0() throws IOException {
        UnsafeBuffer file = fileWith(dump("record-v0.hex").get(0));

        assertThat(read(file)).isTrue();
        assertThat(header.version()).isZero();
        assertThat(header.fields().recordType()).isEqualTo(RecordType.ACCEPTED);
        assertThat(header.fields().position()).isEqualTo(4_096);
        assertThat(header.fields().forcedPosition()).isEqualTo(2_048);
        assertThat(header.previousChecksum()).isEqualTo(0xCAFEBABE);
        Batch batch =
                new Batch()
                        .slots(
                                header.fields().ballot(),
                                header.fields().firstSlot(),
                                header.fields().count())
                        .value(
                                (byte) header.fields().kind(),
                                header.fields().originBallot(),
                                header.fields().timestamp())
                        .bytes(file, OFFSET + header.headBytes(), header.fields().payloadBytes());
        assertThat(RecordedText.text(batch)).isEqualTo(RecordedText.text(sample()));
    }

    @Test
    void readsAPromiseOfVersion0() throws IOException {
        assertThat(read(fileWith(dump("record-v0.hex").get(1)))).isTrue();
        assertThat(header.fields().recordType()).isEqualTo(RecordType.PROMISED);
        assertThat(header.fields().ballot()).isEqualTo(Ballot.of(3, 2));
        assertThat(header.fields().payloadBytes()).isZero();
    }

    @Test
    void readsAHoldAndADecisionOfVersion1() throws IOException {
        UnsafeBuffer decision = fileWith(dump("record-v1.hex").get(2));
        assertThat(read(decision)).isTrue();
        assertThat(header.version()).isEqualTo(1);
        assertThat(header.fields().recordType()).isEqualTo(RecordType.DECISION);
        assertThat(header.fields().firstSlot()).isEqualTo(9);
        assertThat(
                        Decision.decode(
                                decision,
                                OFFSET + header.headBytes(),
                                header.fields().payloadBytes()))
                .isEqualTo(Decision.skip(7, 5));
        UnsafeBuffer held = fileWith(dump("record-v1.hex").get(3));
        assertThat(read(held)).isTrue();
        assertThat(header.fields().recordType()).isEqualTo(RecordType.HELD);
        assertThat(header.fields().firstSlot()).isEqualTo(7);
        assertThat(held.getLong(OFFSET + header.headBytes(), ByteOrder.LITTLE_ENDIAN)).isEqualTo(5);
    }

    /** Node 3, sync; promised 3.2, campaigned 2.3, committed under 2.3 up to 9; two memberships. */
    @Test
    void readsAnOpeningOfVersion0() throws IOException {
        UnsafeBuffer bytes =
                new UnsafeBuffer(HexFormat.of().parseHex(dump("opening-v0.hex").get(0)));
        OpeningDecoder opening =
                new OpeningDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder());

        assertThat(opening.node()).isEqualTo(3);
        assertThat(opening.promised()).isEqualTo(Ballot.of(3, 2));
        assertThat(opening.commitIndex()).isEqualTo(9);
        List<Long> slots = new ArrayList<>();
        for (OpeningDecoder.MembershipsDecoder entry : opening.memberships()) {
            slots.add(entry.slot());
            entry.skipEntry();
        }
        assertThat(slots).containsExactly(1L, 5L);
        assertThat(opening.decisions().count()).isZero();
        assertThat(opening.holds().count()).isZero();
        assertThat(opening.bootId()).isEqualTo("boot");
    }

    @Test
    void readsAnOpeningOfVersion1() throws IOException {
        UnsafeBuffer bytes =
                new UnsafeBuffer(HexFormat.of().parseHex(dump("opening-v1.hex").get(0)));
        OpeningDecoder opening =
                new OpeningDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder());

        assertThat(opening.highestBefore()).isEqualTo(OpeningDecoder.highestBeforeNullValue());
        Standing standing = new Standing();
        standing.take(opening);
        assertThat(standing.firstKept()).isEqualTo(1);
        assertThat(said(standing)).isEqualTo(SAID);
    }

    @Test
    void readsAnOpeningOfVersion2() throws IOException {
        UnsafeBuffer bytes =
                new UnsafeBuffer(HexFormat.of().parseHex(dump("opening-v2.hex").get(0)));
        Standing standing = new Standing();
        standing.take(
                new OpeningDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder()));

        assertThat(standing.highestSlot()).isEqualTo(12);
        assertThat(standing.firstKept()).isEqualTo(13);
        assertThat(said(standing)).isEqualTo(SAID);
    }

    @Test
    void readsAnOpeningOfVersion3() throws IOException {
        OpeningDecoder opening = opening("opening-v3.hex");
        Standing standing = new Standing();
        standing.take(opening);

        assertThat(standing.highestSlot()).isEqualTo(12);
        assertThat(said(standing)).isEqualTo(SAID);
        assertThat(opening.records()).isEqualTo(OpeningDecoder.recordsNullValue());
        assertThat(standing.runs().current()).isEqualTo(Runs.NONE);
        assertThat(opening.bootId()).isEqualTo("boot");
    }

    @Test
    void readsAnOpeningOfVersion4() throws IOException {
        OpeningDecoder opening = opening("opening-v4.hex");
        Standing standing = new Standing();
        standing.take(opening);

        assertThat(standing.highestSlot()).isEqualTo(12);
        assertThat(said(standing)).startsWith(SAID.toArray(String[]::new));
        assertThat(said(standing))
                .endsWith("remembered " + MemberId.text(MemberId.of(2, 5)) + " run 41 with 12");
        assertThat(opening.records()).isEqualTo(8);
        assertThat(opening.bootId()).isEqualTo("boot");
        assertThat(standing.runs().current()).isEqualTo((1L << 32) | 77);
        assertThat(standing.runs().heldUpTo((1L << 32) | 77, 9)).isEqualTo(9);
    }

    private static OpeningDecoder opening(String name) throws IOException {
        UnsafeBuffer bytes = new UnsafeBuffer(HexFormat.of().parseHex(dump(name).get(0)));
        return new OpeningDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder());
    }

    private static List<String> said(Standing standing) {
        RecordedText heard = new RecordedText();
        standing.repeat(heard);
        return heard.lines();
    }

    private static String opening() {
        Standing standing = new Standing();
        standing.promised(Ballot.of(3, 2));
        standing.campaigned(Ballot.of(2, 3));
        standing.committed(Ballot.of(2, 3), 9);
        standing.accepted(Batches.commands(Ballot.of(2, 3), 12, "pear"));
        standing.membership(1, new UnsafeBuffer(new byte[] {'m', 'e'}), 0, 2);
        standing.membership(5, new UnsafeBuffer(new byte[] {'y', 'o', 'u'}), 0, 3);
        UnsafeBuffer skip = new UnsafeBuffer(new byte[Decision.BYTES]);
        Decision.skip(7, 0).encode(skip, 0);
        standing.decision(8, skip, 0, Decision.BYTES);
        standing.held(9, 0);
        standing.beginRun(77, 8);
        standing.remembered(MemberId.of(2, 5), 41, 12);
        ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        MessageHeaderEncoder schema = new MessageHeaderEncoder();
        OpeningEncoder encoder =
                new OpeningEncoder()
                        .wrapAndApplyHeader(bytes, 0, schema)
                        .node(3)
                        .durability((short) 0)
                        .incarnation(INCARNATION);
        schema.version(JournalFormat.LOWEST);
        int length = standing.encode(encoder, 8, "boot");
        return HexFormat.of().formatHex(bytes.byteArray(), 0, length);
    }

    @Test
    void readsARecordOfVersion1() throws IOException {
        assertThat(read(fileWith(dump("record-v1.hex").get(0)))).isTrue();
        assertThat(header.version()).isEqualTo(1);
        assertThat(header.fields().recordType()).isEqualTo(RecordType.ACCEPTED);
        assertThat(header.lastSlot()).isEqualTo(43);
    }

    @Test
    void readsASnapshotOfVersion2(@TempDir Path directory) throws IOException {
        Path snapshot = Files.createDirectories(directory.resolve("snapshots/%020d".formatted(12)));
        List<String> dump = dump("snapshot-v2.hex");
        Files.write(snapshot.resolve("manifest"), HexFormat.of().parseHex(dump.get(0)));
        Files.write(snapshot.resolve("effects"), HexFormat.of().parseHex(dump.get(1)));
        Files.write(snapshot.resolve("00000000.chunk"), new byte[] {1, 2, 3});
        Files.write(snapshot.resolve("00000001.chunk"), new byte[] {4});

        SnapshotStore store = SnapshotStore.open(directory, 3);
        SnapshotManifest manifest = store.newestValid();
        assertThat(manifest.slot()).isEqualTo(12);
        assertThat(manifest.appliedHash()).isEqualTo(42);
        assertThat(manifest.memberships().get(1L)).containsExactly(1, 2, 3);
        assertThat(store.effects(manifest)).containsExactly(5, 6);
    }

    private static List<String> snapshot(Path directory) throws IOException {
        SnapshotStore store = SnapshotStore.open(directory, 3);
        try (Draft draft = store.begin(SnapshotStoreTest.head(12))) {
            draft.write(new byte[] {1, 2, 3, 4});
            draft.complete(new byte[] {5, 6});
        }
        Path snapshot = directory.resolve("snapshots/%020d".formatted(12));
        return List.of(
                HexFormat.of().formatHex(Files.readAllBytes(snapshot.resolve("manifest"))),
                HexFormat.of().formatHex(Files.readAllBytes(snapshot.resolve("effects"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity-v0.hex",
                "identity-v1.hex",
                "identity-v2.hex",
                "identity-v3.hex",
                "identity-v4.hex"
            })
    void readsAnIdentityOfEachVersion(String name, @TempDir Path directory) throws IOException {
        Files.write(directory.resolve(Identity.FILE), HexFormat.of().parseHex(dump(name).get(0)));

        assertThat(Identity.read(FileDisk.REAL, directory))
                .isEqualTo(new Identity(3, INCARNATION, Base.NONE));
    }

    @Test
    void writesTheSameBytesAsItsDump(@TempDir Path directory) throws IOException {
        assertThat(written()).isEqualTo(dump("record-v4.hex"));
        assertThat(opening()).isEqualTo(dump("opening-v4.hex").get(0));
        assertThat(snapshot(directory)).isEqualTo(dump("snapshot-v4.hex"));
        assertThat(identity(Base.NONE)).isEqualTo(dump("identity-v4.hex").get(0));
        assertThat(identity(BASE)).isEqualTo(dump("identity-v4.hex").get(1));
    }

    private static String identity(Base base) {
        return HexFormat.of().formatHex(new Identity(3, INCARNATION, base).encode(3));
    }

    @Test
    void readsTheIdentityThatVersion2Wrote() throws IOException {
        readsAnIdentityOfEachVersion("identity-v2.hex", place);
    }

    @Test
    void readsTheBaseOfAnIdentity(@TempDir Path directory) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(dump("identity-v3.hex").get(1));
        Files.write(directory.resolve(Identity.FILE), bytes);

        assertThat(Identity.read(FileDisk.REAL, directory).base()).isEqualTo(BASE);
    }

    @Test
    void readsRecordsOfVersion2() throws IOException {
        assertThat(read(fileWith(dump("record-v2.hex").get(0)))).isTrue();
        assertThat(header.version()).isEqualTo(2);
        assertThat(header.lastSlot()).isEqualTo(43);
    }

    @Test
    void readsRecordsOfVersion3() throws IOException {
        assertThat(read(fileWith(dump("record-v3.hex").get(0)))).isTrue();
        assertThat(header.version()).isEqualTo(3);
        assertThat(header.lastSlot()).isEqualTo(43);
    }

    @Test
    void readsWhatIsRememberedAndHowManyRecordsThereWereInVersion4() throws IOException {
        assertThat(read(fileWith(dump("record-v4.hex").get(4)))).isTrue();
        assertThat(header.version()).isEqualTo(4);
        assertThat(header.fields().recordType()).isEqualTo(RecordType.REMEMBERED);
        assertThat(header.fields().records()).isEqualTo(17);
    }

    /** So the build before reads all that is written while nothing is agreed that it lacks. */
    @Test
    void writesEachRecordInTheLowestVersionThatHasIt() {
        try (TestJournal journal = TestJournal.open(place)) {
            journal.get().recover(new RecordedText());
            journal.get().promised(Ballot.of(1, 1));
            journal.get().accepted(Batches.commands(Ballot.of(1, 1), 1, "pear"));
            decide(journal.get(), 2, Decision.skip(1, 0));
            journal.sync();
        }
        assertThat(versions(place)).containsOnly(JournalFormat.LOWEST);

        try (TestJournal journal = TestJournal.open(place)) {
            journal.get().recover(new RecordedText());
            decide(journal.get(), 3, Decision.version(new Version(2, 1), 0));
            journal.get().promised(Ballot.of(2, 1));
            journal.sync();
        }
        // One record that it cannot read, and it refuses all.
        assertThat(versions(place))
                .filteredOn(version -> version != JournalFormat.LOWEST)
                .containsExactly(5);

        try (TestJournal journal = TestJournal.open(place)) {
            journal.get().recover(new RecordedText());
            journal.sync();
        }
        // The head of the next file repeats the decision.
        assertThat(versions(place))
                .filteredOn(version -> version != JournalFormat.LOWEST)
                .hasSize(2);
    }

    private static void decide(ChronicleJournal journal, long slot, Decision decision) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Decision.BYTES]);
        decision.encode(bytes, 0);
        journal.decision(slot, bytes, 0, Decision.BYTES);
    }

    /** Of all records in all files. */
    private static List<Integer> versions(Path directory) {
        List<Integer> versions = new ArrayList<>();
        try {
            Identity identity = Identity.read(FileDisk.REAL, directory);
            SegmentFiles files = new SegmentFiles(FileDisk.REAL, directory.resolve("journal"));
            for (Part part : Part.find(files, files.list(), identity.incarnation())) {
                try (MappedSegment segment =
                        MappedSegment.openReadable(FileDisk.REAL, part.number(), part.file())) {
                    RecordCursor cursor = new RecordCursor(segment, identity.incarnation());
                    while (cursor.next()) {
                        versions.add(cursor.header().version());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }

    /** It is not taken for damage, nor for a torn end. */
    @Test
    void refusesARecordOfALaterVersion() throws IOException {
        try (TestJournal journal = TestJournal.open(place)) {
            journal.get().recover(new RecordedText());
            journal.get().promised(Ballot.of(1, 1));
            journal.sync();
        }
        long incarnation = Identity.read(FileDisk.REAL, place).incarnation();
        Path file = new SegmentFiles(FileDisk.REAL, place.resolve("journal")).file(1);
        int later = MessageHeaderDecoder.SCHEMA_VERSION + 1;
        byte[] bytes = Files.readAllBytes(file);
        try (MappedSegment segment = MappedSegment.openReadable(FileDisk.REAL, 1, file)) {
            RecordCursor cursor = new RecordCursor(segment, incarnation);
            while (cursor.next()) {
                header.encode(later)
                        .recordType(RecordType.PROMISED)
                        .ballot(Ballot.of(2, 1))
                        .position(cursor.endPosition())
                        .previousChecksum(Integer.toUnsignedLong(cursor.header().checksum()));
                int end = cursor.offset() + cursor.header().recordBytes();
                header.writeTo(new UnsafeBuffer(bytes), incarnation, 1, end);
            }
        }
        Files.write(file, bytes);

        assertThatThrownBy(() -> TestJournal.open(place))
                .isInstanceOfSatisfying(
                        JournalException.class,
                        refusal ->
                                assertThat(refusal.kind())
                                        .isEqualTo(JournalException.Kind.NEWER_FORMAT))
                .hasMessage(
                        file
                                + " holds records of format version "
                                + later
                                + ", this program knows versions up to "
                                + (later - 1)
                                + ": start a newer program");
    }

    @Test
    void refusesAStandingCopyOfALaterVersion() throws IOException {
        try (TestJournal journal = TestJournal.open(place)) {
            journal.get().recover(new RecordedText());
            journal.sync();
        }
        byte[] bytes = Files.readAllBytes(place.resolve(StandingCopy.FILE));
        UnsafeBuffer copy = new UnsafeBuffer(bytes);
        int later = MessageHeaderDecoder.SCHEMA_VERSION + 1;
        new MessageHeaderEncoder().wrap(copy, Integer.BYTES).version(later);
        int rest = bytes.length - Integer.BYTES;
        copy.putInt(0, new Checksum().of(copy, Integer.BYTES, rest), ByteOrder.LITTLE_ENDIAN);
        Files.write(place.resolve(StandingCopy.FILE), bytes);

        assertThatThrownBy(() -> TestJournal.open(place))
                .isInstanceOfSatisfying(
                        JournalException.class,
                        refusal ->
                                assertThat(refusal.kind())
                                        .isEqualTo(JournalException.Kind.NEWER_FORMAT))
                .hasMessageContaining("standing is of format version " + later);
    }

    /** It is not passed over, as if it were not there. */
    @Test
    void refusesASnapshotOfALaterVersion() throws IOException {
        snapshot(place);
        Path manifest = place.resolve("snapshots/%020d/manifest".formatted(12));
        byte[] bytes = Files.readAllBytes(manifest);
        int later = MessageHeaderDecoder.SCHEMA_VERSION + 1;
        new MessageHeaderEncoder().wrap(new UnsafeBuffer(bytes), 0).version(later);
        SealedBytes seal =
                new SealedBytes(
                        0x6E537850,
                        SnapshotManifestDecoder.TEMPLATE_ID,
                        SnapshotManifestDecoder.magicEncodingOffset(),
                        SnapshotManifestDecoder.checksumEncodingOffset());
        Files.write(manifest, seal.seal(bytes));

        assertThatThrownBy(() -> SnapshotStore.open(place, 3))
                .isInstanceOfSatisfying(
                        JournalException.class,
                        refusal ->
                                assertThat(refusal.kind())
                                        .isEqualTo(JournalException.Kind.NEWER_FORMAT))
                .hasMessageContaining("manifest: it is of format version " + later);
    }

    @Test
    void doesNotTakeARecordOfAnotherPlace() {
        UnsafeBuffer file = fileWith(written().get(0));

        assertThat(read(file)).isTrue();
        assertThat(header.read(file, INCARNATION + 1, SEGMENT, OFFSET)).isFalse();
        assertThat(header.read(file, INCARNATION, SEGMENT + 1, OFFSET)).isFalse();
        file.putBytes(OFFSET + 4, HexFormat.of().parseHex(written().get(0)));
        assertThat(header.read(file, INCARNATION, SEGMENT, OFFSET + 4)).isFalse();
    }

    private static Batch sample() {
        return Batches.commands(Ballot.of(2, 1), 42, "apple", "pear");
    }

    private List<String> written() {
        Batch batch = sample();
        UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        payload.putBytes(0, batch.buffer(), 0, batch.length());
        int checksum = new Checksum().of(payload, 0, batch.length());
        RecordEncoder accepted =
                begin(RecordType.ACCEPTED)
                        .payloadBytes(batch.length())
                        .payloadChecksum(Integer.toUnsignedLong(checksum))
                        .firstSlot(batch.firstSlot())
                        .count(batch.count())
                        .ballot(batch.ballot())
                        .originBallot(batch.originBallot())
                        .timestamp(batch.timestamp())
                        .kind(batch.kind());
        assertThat(accepted.limit()).isEqualTo(RecordHeader.BYTES);
        String first = hex(batch.length(), payload);
        begin(RecordType.PROMISED).ballot(Ballot.of(3, 2));
        String second = hex(0, payload);
        Decision.skip(7, 5).encode(payload, 0);
        begin(RecordType.DECISION).firstSlot(9).count(1).payloadBytes(Decision.BYTES);
        String third = hex(Decision.BYTES, payload);
        payload.putLong(0, 5, ByteOrder.LITTLE_ENDIAN);
        begin(RecordType.HELD).firstSlot(7).count(1).payloadBytes(Long.BYTES);
        String fourth = hex(Long.BYTES, payload);
        new RememberedEncoder().wrap(payload, 0).member(MemberId.of(2, 5)).run(41).records(12);
        begin(RecordType.REMEMBERED).payloadBytes(RememberedEncoder.BLOCK_LENGTH);
        String fifth = hex(RememberedEncoder.BLOCK_LENGTH, payload);
        return List.of(first, second, third, fourth, fifth);
    }

    private RecordEncoder begin(RecordType type) {
        return header.encode(JournalFormat.LOWEST)
                .recordType(type)
                .records(17)
                .position(4_096)
                .forcedPosition(2_048)
                .previousChecksum(0xCAFEBABEL);
    }

    private String hex(int payloadBytes, UnsafeBuffer payload) {
        UnsafeBuffer file = new UnsafeBuffer(new byte[OFFSET + RecordHeader.BYTES + payloadBytes]);
        header.writeTo(file, INCARNATION, SEGMENT, OFFSET);
        file.putBytes(OFFSET + RecordHeader.BYTES, payload, 0, payloadBytes);
        return HexFormat.of().formatHex(file.byteArray(), OFFSET, file.capacity());
    }
}
