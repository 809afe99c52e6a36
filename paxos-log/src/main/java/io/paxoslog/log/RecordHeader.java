package io.paxoslog.log;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import io.paxoslog.codecs.journal.MessageHeaderEncoder;
import io.paxoslog.codecs.journal.RecordDecoder;
import io.paxoslog.codecs.journal.RecordEncoder;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The head of one record, read or being written, in a copy of its own.
 *
 * <p>Its checksum also covers where it lies: incarnation, segment and file offset. So bytes that a
 * client sent, or that an older file left behind, never pass as a record, and a record at a wrong
 * place is none. Not thread-safe.
 */
final class RecordHeader {
    /** Bytes of the head as written now. */
    static final int BYTES = MessageHeaderEncoder.ENCODED_LENGTH + RecordEncoder.BLOCK_LENGTH;

    /** Records end, and so begin, at multiples of this. */
    static final int ALIGNMENT = Integer.BYTES;

    /** Reads "PxLg" in a dump of the file. */
    static final int MAGIC = 0x674C7850;

    /** Where in the head the magic lies, in every version. */
    static final int MAGIC_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + RecordEncoder.magicEncodingOffset();

    private static final int CHECKSUM_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + RecordEncoder.checksumEncodingOffset();
    private static final int PLACE_BYTES = Long.BYTES + 2 * Integer.BYTES;
    private static final int MAX_BYTES = 1024;

    private final byte[] image = new byte[PLACE_BYTES + MAX_BYTES];
    private final UnsafeBuffer place = new UnsafeBuffer(image, 0, PLACE_BYTES);
    private final UnsafeBuffer head = new UnsafeBuffer(image, PLACE_BYTES, MAX_BYTES);
    private final MessageHeaderEncoder schemaEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder schema = new MessageHeaderDecoder().wrap(head, 0);
    private final RecordEncoder encoder = new RecordEncoder();
    private final RecordDecoder decoder = new RecordDecoder();
    private final CRC32C crc = new CRC32C();
    private int bytes;

    /**
     * Begins a head; every field left out is 0.
     *
     * @param version of the schema, see {@link io.paxoslog.codecs.JournalFormat}
     */
    RecordEncoder encode(int version) {
        bytes = BYTES;
        head.setMemory(0, bytes, (byte) 0);
        encoder.wrapAndApplyHeader(head, 0, schemaEncoder).magic(Integer.toUnsignedLong(MAGIC));
        schemaEncoder.version(version);
        return encoder;
    }

    /**
     * Computes the checksum of what {@link #encode} began and puts the head into a file. Returns
     * the checksum.
     */
    int writeTo(UnsafeBuffer file, long incarnation, int segment, int offset) {
        int checksum = checksum(incarnation, segment, offset);
        head.putInt(CHECKSUM_OFFSET, checksum, ByteOrder.LITTLE_ENDIAN);
        file.putBytes(offset, head, 0, bytes);
        return checksum;
    }

    /**
     * Takes the head at {@code offset} of a file. False when there is none, or it does not belong
     * there.
     */
    boolean read(DirectBuffer file, long incarnation, int segment, int offset) {
        if (offset < 0 || file.capacity() - offset < BYTES || !hasMagic(file, offset)) {
            return false;
        }
        head.putBytes(0, file, offset, MessageHeaderDecoder.ENCODED_LENGTH);
        bytes = MessageHeaderDecoder.ENCODED_LENGTH + schema.blockLength();
        if (bytes < BYTES || bytes > Math.min(MAX_BYTES, file.capacity() - offset)) {
            return false;
        }
        head.putBytes(0, file, offset, bytes);
        int stored = head.getInt(CHECKSUM_OFFSET, ByteOrder.LITTLE_ENDIAN);
        head.putInt(CHECKSUM_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
        if (checksum(incarnation, segment, offset) != stored) {
            return false;
        }
        head.putInt(CHECKSUM_OFFSET, stored, ByteOrder.LITTLE_ENDIAN);
        decoder.wrap(
                head, MessageHeaderDecoder.ENCODED_LENGTH, schema.blockLength(), schema.version());
        return schema.schemaId() == RecordDecoder.SCHEMA_ID
                && schema.templateId() == RecordDecoder.TEMPLATE_ID
                && decoder.payloadBytes() >= 0;
    }

    private static boolean hasMagic(DirectBuffer file, int offset) {
        return file.getInt(offset + MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN) == MAGIC;
    }

    private int checksum(long incarnation, int segment, int offset) {
        place.putLong(0, incarnation, ByteOrder.LITTLE_ENDIAN);
        place.putInt(Long.BYTES, segment, ByteOrder.LITTLE_ENDIAN);
        place.putInt(Long.BYTES + Integer.BYTES, offset, ByteOrder.LITTLE_ENDIAN);
        crc.reset();
        crc.update(image, 0, PLACE_BYTES + bytes);
        return (int) crc.getValue();
    }

    /** The fields of the head that was read. */
    RecordDecoder fields() {
        return decoder;
    }

    /** Version of the schema the record was written with. */
    int version() {
        return schema.version();
    }

    /** Bytes of the head that was read; the payload follows them. */
    int headBytes() {
        return bytes;
    }

    /** Bytes of the whole record that was read. */
    int recordBytes() {
        return aligned(bytes + decoder.payloadBytes());
    }

    int checksum() {
        return (int) decoder.checksum();
    }

    int previousChecksum() {
        return (int) decoder.previousChecksum();
    }

    /** Last slot of the record that was read. */
    long lastSlot() {
        return decoder.firstSlot() + Math.max(decoder.count(), 1) - 1;
    }

    static int aligned(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
