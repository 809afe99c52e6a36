package io.paxoslog.log;

import io.paxoslog.codecs.journal.MessageHeaderDecoder;
import java.io.IOException;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A small file that is one SBE message with a magic number and a checksum over all of it in its
 * block.
 */
final class SealedBytes {
    private final int magic;
    private final int templateId;
    private final int magicOffset;
    private final int checksumOffset;

    /** Offsets count from the begin of the message's block. */
    SealedBytes(int magic, int templateId, int magicOffset, int checksumOffset) {
        this.magic = magic;
        this.templateId = templateId;
        this.magicOffset = MessageHeaderDecoder.ENCODED_LENGTH + magicOffset;
        this.checksumOffset = MessageHeaderDecoder.ENCODED_LENGTH + checksumOffset;
    }

    /** Puts magic number and checksum into the message and returns it. */
    byte[] seal(byte[] bytes) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putInt(magicOffset, magic, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(checksumOffset, checksum(bytes), ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    private int checksum(byte[] bytes) {
        UnsafeBuffer copy = new UnsafeBuffer(bytes.clone());
        copy.putInt(checksumOffset, 0, ByteOrder.LITTLE_ENDIAN);
        return new Checksum().of(copy, 0, copy.capacity());
    }

    /** Returns the head of the message, once it is what was sealed and this version knows it. */
    MessageHeaderDecoder open(byte[] bytes) throws IOException {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        if (bytes.length < checksumOffset + Integer.BYTES) {
            throw new IOException("it is too short");
        }
        MessageHeaderDecoder schema = new MessageHeaderDecoder().wrap(buffer, 0);
        boolean isSealed =
                buffer.getInt(magicOffset, ByteOrder.LITTLE_ENDIAN) == magic
                        && schema.schemaId() == MessageHeaderDecoder.SCHEMA_ID
                        && schema.templateId() == templateId
                        && buffer.getInt(checksumOffset, ByteOrder.LITTLE_ENDIAN)
                                == checksum(bytes);
        if (!isSealed) {
            throw new IOException("it is damaged");
        }
        if (schema.version() > MessageHeaderDecoder.SCHEMA_VERSION) {
            throw new NewerFormatException(schema.version(), MessageHeaderDecoder.SCHEMA_VERSION);
        }
        return schema;
    }
}
