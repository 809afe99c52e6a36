package io.paxoslog.codecs;

import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * SHA-256 of the secret of 128 bits by which a session's client is known. The secret itself is in
 * the client's hands alone, and in what it says when it brings or ends its session; the log holds
 * the hash.
 */
public record SecretHash(long first, long second, long third, long fourth) {
    /** Of sessions from before there were secrets: whoever knows their number may have them. */
    public static final SecretHash NONE = new SecretHash(0, 0, 0, 0);

    /** Bytes of a hash. */
    public static final int BYTES = 4 * Long.BYTES;

    /** The hash of a secret. */
    public static SecretHash of(long secretHigh, long secretLow) {
        UnsafeBuffer secret = new UnsafeBuffer(new byte[2 * Long.BYTES]);
        secret.putLong(0, secretHigh, ByteOrder.LITTLE_ENDIAN);
        secret.putLong(Long.BYTES, secretLow, ByteOrder.LITTLE_ENDIAN);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.byteArray());
            return read(new UnsafeBuffer(hash), 0, hash.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Reads a hash; {@link #NONE} where there are fewer bytes than one has. */
    public static SecretHash read(DirectBuffer buffer, int offset, int length) {
        if (length < BYTES) {
            return NONE;
        }
        return new SecretHash(
                buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN),
                buffer.getLong(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN),
                buffer.getLong(offset + 2 * Long.BYTES, ByteOrder.LITTLE_ENDIAN),
                buffer.getLong(offset + 3 * Long.BYTES, ByteOrder.LITTLE_ENDIAN));
    }

    /** Writes the {@link #BYTES} of this hash. */
    public void write(MutableDirectBuffer buffer, int offset) {
        buffer.putLong(offset, first, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + Long.BYTES, second, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + 2 * Long.BYTES, third, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + 3 * Long.BYTES, fourth, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether both are the same, found in a time that says nothing about where they differ. */
    public boolean isSame(SecretHash other) {
        long difference =
                (first ^ other.first)
                        | (second ^ other.second)
                        | (third ^ other.third)
                        | (fourth ^ other.fourth);
        return difference == 0;
    }

    /** Shows nothing that belongs in no log. */
    @Override
    public String toString() {
        return isSame(NONE) ? "no secret" : "a secret";
    }
}
