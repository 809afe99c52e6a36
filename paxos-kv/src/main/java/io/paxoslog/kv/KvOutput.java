package io.paxoslog.kv;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** Writes numbers and bytes one after the other. */
final class KvOutput {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    byte[] copy() {
        return Arrays.copyOf(buffer.byteArray(), length);
    }

    KvOutput u8(int value) {
        buffer.putByte(length, (byte) value);
        length += Byte.BYTES;
        return this;
    }

    KvOutput u16(int value) {
        buffer.putShort(length, (short) value, ByteOrder.LITTLE_ENDIAN);
        length += Short.BYTES;
        return this;
    }

    KvOutput i32(int value) {
        setI32(length, value);
        length += Integer.BYTES;
        return this;
    }

    KvOutput i64(long value) {
        setI64(length, value);
        length += Long.BYTES;
        return this;
    }

    /** Writes over what was written. */
    void setU8(int at, int value) {
        buffer.putByte(at, (byte) value);
    }

    /** Writes over what was written. */
    void setI32(int at, int value) {
        buffer.putInt(at, value, ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes over what was written. */
    void setI64(int at, long value) {
        buffer.putLong(at, value, ByteOrder.LITTLE_ENDIAN);
    }

    KvOutput slice(Slice bytes) {
        i32(bytes.length);
        buffer.putBytes(length, bytes.buffer, bytes.offset, bytes.length);
        length += bytes.length;
        return this;
    }

    KvOutput nothing() {
        return i32(0);
    }

    KvOutput key(Keys keys, int key) {
        int bytes = keys.length(key);
        i32(bytes);
        buffer.checkLimit(length + bytes);
        keys.read(key, buffer, length);
        length += bytes;
        return this;
    }

    KvOutput value(Changes changes, int change) {
        int bytes = changes.valueLength(change);
        i32(bytes);
        buffer.checkLimit(length + bytes);
        changes.readValue(change, buffer, length);
        length += bytes;
        return this;
    }
}
