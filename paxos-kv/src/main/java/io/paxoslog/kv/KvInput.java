package io.paxoslog.kv;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Reads numbers and bytes one after the other. Where they end too early, or lengths are none, it
 * gives zeros from there on, and says so at the end.
 */
final class KvInput {
    private DirectBuffer buffer;
    private int at;
    private int end;
    private boolean isBad;

    KvInput wrap(DirectBuffer in, int offset, int length) {
        buffer = in;
        at = offset;
        end = offset + length;
        isBad = false;
        return this;
    }

    KvInput wrap(Slice slice) {
        return wrap(slice.buffer, slice.offset, slice.length);
    }

    private boolean take(int bytes) {
        if (isBad || bytes < 0 || bytes > end - at) {
            isBad = true;
            return false;
        }
        at += bytes;
        return true;
    }

    int u8() {
        return take(Byte.BYTES) ? buffer.getByte(at - Byte.BYTES) & 0xFF : 0;
    }

    int u16() {
        return take(Short.BYTES)
                ? buffer.getShort(at - Short.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF
                : 0;
    }

    int i32() {
        return take(Integer.BYTES) ? buffer.getInt(at - Integer.BYTES, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    long i64() {
        return take(Long.BYTES) ? buffer.getLong(at - Long.BYTES, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    void slice(Slice to) {
        int length = i32();
        if (take(length)) {
            to.set(buffer, at - length, length);
        } else {
            to.clear();
        }
    }

    byte[] bytes() {
        Slice slice = new Slice();
        slice(slice);
        return slice.copy();
    }

    /** One of so many values, from 0. */
    int choice(int count) {
        int chosen = u8();
        isBad |= chosen >= count;
        return isBad ? 0 : chosen;
    }

    void refuse() {
        isBad = true;
    }

    boolean isBad() {
        return isBad;
    }

    /** Whether all was read, and all of it was right. */
    boolean isDone() {
        return !isBad && at == end;
    }
}
