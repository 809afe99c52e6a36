package io.paxoslog.log;

import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordType;
import io.paxoslog.codecs.journal.RememberedDecoder;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import java.nio.ByteOrder;

/** Says records of a file again to whoever wants to hear them. */
final class RecordReplay {
    private final Batch batch = new Batch();

    /** A view of the slots of an accepted or chosen record, valid as long as the cursor stays. */
    Batch batch(RecordCursor cursor) {
        RecordDecoder fields = cursor.fields();
        return batch.slots(fields.ballot(), fields.firstSlot(), fields.count())
                .value((byte) fields.kind(), fields.originBallot(), fields.timestamp())
                .bytes(cursor.segment().bytes(), cursor.payloadOffset(), fields.payloadBytes());
    }

    /** Whether the entries of a record that has any lie in it as they say. */
    boolean isWellFormed(RecordCursor cursor) {
        return !cursor.hasBatch() || batch(cursor).isWellFormed();
    }

    /** The decision that a hold rests on. */
    static long heldAgainst(RecordCursor cursor) {
        return cursor.segment().bytes().getLong(cursor.payloadOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    /** The member that is remembered. */
    static long rememberedMember(RecordCursor cursor) {
        return remembered(cursor, RememberedDecoder.memberEncodingOffset());
    }

    /** The run it was in. */
    static long rememberedRun(RecordCursor cursor) {
        return remembered(cursor, RememberedDecoder.runEncodingOffset());
    }

    /** How many records it had on stable storage. */
    static long rememberedRecords(RecordCursor cursor) {
        return remembered(cursor, RememberedDecoder.recordsEncodingOffset());
    }

    private static long remembered(RecordCursor cursor, int offset) {
        return cursor.segment()
                .bytes()
                .getLong(cursor.payloadOffset() + offset, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether the record says something that outlives its segment. */
    static boolean isKept(RecordCursor cursor) {
        RecordType type = cursor.fields().recordType();
        return isCounted(type) || type == RecordType.RETURNING || type == RecordType.REMEMBERED;
    }

    /**
     * Whether records of this type are counted: all that outlive their segment, but not what a
     * start finds out by itself, nor what is remembered of members, as each of two idle nodes would
     * have something new to remember for good.
     */
    static boolean isCounted(RecordType type) {
        return switch (type) {
            case PROMISED,
                    CAMPAIGNED,
                    ACCEPTED,
                    CHOSEN,
                    COMMITTED,
                    MEMBERSHIP,
                    DECISION,
                    HELD,
                    RETURNED ->
                    true;
            default -> false;
        };
    }

    void replay(RecordCursor cursor, JournalRecords into) {
        RecordDecoder fields = cursor.fields();
        switch (fields.recordType()) {
            case PROMISED -> into.promised(fields.ballot());
            case CAMPAIGNED -> into.campaigned(fields.ballot());
            case ACCEPTED -> into.accepted(batch(cursor));
            case CHOSEN -> into.chosen(batch(cursor));
            case COMMITTED -> into.committed(fields.ballot(), fields.firstSlot());
            case MEMBERSHIP ->
                    into.membership(
                            fields.firstSlot(),
                            cursor.segment().bytes(),
                            cursor.payloadOffset(),
                            fields.payloadBytes());
            case DECISION ->
                    into.decision(
                            fields.firstSlot(),
                            cursor.segment().bytes(),
                            cursor.payloadOffset(),
                            fields.payloadBytes());
            case HELD -> into.held(fields.firstSlot(), heldAgainst(cursor));
            case RETURNING -> into.returning(fields.ballot());
            case RETURNED -> into.returned(fields.ballot());
            case REMEMBERED ->
                    into.remembered(
                            rememberedMember(cursor),
                            rememberedRun(cursor),
                            rememberedRecords(cursor));
            default -> {
                // Openings and marks concern the journal alone.
            }
        }
    }
}
