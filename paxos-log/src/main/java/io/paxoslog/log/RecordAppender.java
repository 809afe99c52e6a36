package io.paxoslog.log;

import io.paxoslog.codecs.JournalFormat;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.OpeningEncoder;
import io.paxoslog.codecs.journal.RecordEncoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.codecs.journal.RememberedEncoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Membership;
import io.paxoslog.core.Needs;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Appends records to a segment: keeps position and checksum chain across segments. Not thread-safe.
 */
final class RecordAppender {
    private static final DirectBuffer NO_BYTES = new UnsafeBuffer(0, 0);

    private final RecordHeader header = new RecordHeader();
    private final JournalConfig config;
    private final Identity identity;
    private Segment segment;
    private long position;
    private long settledPosition;
    private int previousChecksum;
    private long forcedPosition;
    private long records;
    private boolean isCounted;
    private RecordEncoder fields;

    /**
     * Goes on after what ended at {@code position} with a checksum, behind so many records of those
     * that are counted.
     */
    RecordAppender(
            JournalConfig config,
            Identity identity,
            long position,
            int previousChecksum,
            long records) {
        this.records = records;
        this.config = config;
        this.identity = identity;
        this.position = position;
        this.previousChecksum = previousChecksum;
    }

    /** Begins a segment: what stands is its first record. */
    void open(Segment segment, Standing standing, long forcedPosition, long timestamp) {
        this.segment = segment;
        this.settledPosition = position;
        this.forcedPosition = forcedPosition;
        ExpandableArrayBuffer payload = new ExpandableArrayBuffer();
        MessageHeaderEncoder schema = new MessageHeaderEncoder();
        OpeningEncoder opening =
                identity.sign(
                        new OpeningEncoder()
                                .wrapAndApplyHeader(payload, 0, schema)
                                .durability((short) config.durability().code()));
        schema.version(standing.format());
        int length = standing.encode(opening, records, config.bootId());
        begin(RecordType.OPENING, standing.format()).timestamp(timestamp);
        append(payload, 0, length);
    }

    /** Says how far the journal is known to be forced; records written from now on carry it. */
    void forcedPosition(long forcedPosition) {
        this.forcedPosition = forcedPosition;
    }

    /** Whether a record with so many bytes of payload still goes into the segment. */
    boolean hasRoomFor(int payloadBytes) {
        return segment.hasRoomFor(payloadBytes);
    }

    void appendBallot(RecordType type, long ballot) {
        begin(type).ballot(ballot);
        append(NO_BYTES, 0, 0);
    }

    void appendBatch(RecordType type, Batch batch) {
        begin(type, JournalFormat.of(Needs.of(batch)))
                .firstSlot(batch.firstSlot())
                .count(batch.count())
                .ballot(batch.ballot())
                .originBallot(batch.originBallot())
                .timestamp(batch.timestamp())
                .kind(batch.kind());
        append(batch.buffer(), 0, batch.length());
    }

    void appendCommitted(long ballot, long upTo) {
        begin(RecordType.COMMITTED).ballot(ballot).firstSlot(upTo);
        append(NO_BYTES, 0, 0);
    }

    void appendMembership(long slot, DirectBuffer entry, int offset, int length) {
        int format = JournalFormat.of(Membership.needs(entry, offset));
        begin(RecordType.MEMBERSHIP, format).firstSlot(slot).count(1);
        append(entry, offset, length);
    }

    void appendDecision(long slot, DirectBuffer entry, int offset, int length) {
        int format = JournalFormat.of(Decision.needs(entry, offset));
        begin(RecordType.DECISION, format).firstSlot(slot).count(1);
        append(entry, offset, length);
    }

    void appendHeld(long slot, long decision) {
        begin(RecordType.HELD).firstSlot(slot).count(1);
        UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES]);
        payload.putLong(0, decision, ByteOrder.LITTLE_ENDIAN);
        append(payload, 0, Long.BYTES);
    }

    void appendRemembered(long member, long run, long records) {
        begin(RecordType.REMEMBERED);
        UnsafeBuffer payload = new UnsafeBuffer(new byte[RememberedEncoder.BLOCK_LENGTH]);
        new RememberedEncoder().wrap(payload, 0).member(member).run(run).records(records);
        append(payload, 0, RememberedEncoder.BLOCK_LENGTH);
    }

    void appendMark(RecordType type) {
        begin(type);
        append(NO_BYTES, 0, 0);
    }

    private RecordEncoder begin(RecordType type) {
        return begin(type, JournalFormat.LOWEST);
    }

    private RecordEncoder begin(RecordType type, int format) {
        isCounted = RecordReplay.isCounted(type);
        fields =
                header.encode(format)
                        .previousChecksum(Integer.toUnsignedLong(previousChecksum))
                        .recordType(type)
                        .records((int) records)
                        .position(position)
                        .forcedPosition(forcedPosition);
        return fields;
    }

    private void append(DirectBuffer payload, int offset, int length) {
        previousChecksum = segment.append(header, fields, payload, offset, length);
        if (segment.hasEnteredPiece()) {
            settledPosition = position;
        }
        position += RecordHeader.aligned(RecordHeader.BYTES + length);
        records += isCounted ? 1 : 0;
    }

    /** How many records there were that are counted. */
    long records() {
        return records;
    }

    /** The next record is behind so many that are counted: some between cannot be read any more. */
    void records(long before) {
        records = before;
    }

    /** End of the last record. */
    long position() {
        return position;
    }

    /** Records up to here lie in pieces that are not written to any more. */
    long settledPosition() {
        return settledPosition;
    }

    /** Checksum of the last record. */
    int checksum() {
        return previousChecksum;
    }

    Segment segment() {
        return segment;
    }
}
