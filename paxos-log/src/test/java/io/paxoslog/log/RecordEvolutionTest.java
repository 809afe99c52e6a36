package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.OpeningDecoder;
import io.paxoslog.codecs.journal.RecordEncoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that earlier versions wrote are read as they were meant. */
class RecordEvolutionTest {
    private static final long INCARNATION = 0x1234_5678_9ABCL;
    private static final int SEGMENT = 7;
    private static final int OFFSET = 256;

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
    void readsAnIdentityOfVersion0(@TempDir Path directory) throws IOException {
        Files.write(
                directory.resolve(Identity.FILE),
                HexFormat.of().parseHex(dump("identity-v0.hex").get(0)));

        assertThat(Identity.read(FileDisk.REAL, directory)).isEqualTo(new Identity(3, INCARNATION));
    }

    @Test
    void writesTheSameBytesAsItsDump() throws IOException {
        assertThat(written()).isEqualTo(dump("record-v1.hex"));
        assertThat(HexFormat.of().formatHex(new Identity(3, INCARNATION).encode(1)))
                .isEqualTo(dump("identity-v1.hex").get(0));
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
        return List.of(first, second, third, hex(Long.BYTES, payload));
    }

    private RecordEncoder begin(RecordType type) {
        return header.encode()
                .recordType(type)
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
