package io.paxoslog.service;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes that a {@link MapStateMachine} takes and gives; numbers are little-endian.
 *
 * <pre>
 * put     1  keyLength:u16  key  value...
 * swap    2  keyLength:u16  key  expectedLength:i32 (-1: the key is to be absent)  expected  value...
 * delete  3  keyLength:u16  key
 * get     4  keyLength:u16  key
 *
 * reply   0 (done)  value...   the value of a get, else nothing
 *         1 (absent)           a get found no such key
 *         2 (not swapped)      the key had another value, or was absent, or was not
 *         3 (malformed)        too long, too short, or not to be understood
 *         4 (full)             the map holds as much as it may
 *         5 (too large)        the value does not fit a reply, whose bytes the log limits
 * </pre>
 *
 * Keys have 1 to 1,024 bytes and values up to 65,536; text is UTF-8 by custom only. A get may be a
 * command or a query; the others are commands.
 */
public final class MapFormat {
    /** First byte of a command that puts a value. */
    public static final byte PUT = 1;

    /** First byte of a command that puts a value in the place of another one. */
    public static final byte SWAP = 2;

    /** First byte of a command that takes a key away. */
    public static final byte DELETE = 3;

    /** First byte of a query, or a command, that asks for a value. */
    public static final byte GET = 4;

    /** First byte of a reply: as asked. */
    public static final byte DONE = 0;

    /** First byte of a reply: there is no such key. */
    public static final byte ABSENT = 1;

    /** First byte of a reply: another value was there. */
    public static final byte NOT_SWAPPED = 2;

    /** First byte of a reply: not to be understood, and without effect. */
    public static final byte MALFORMED = 3;

    /** First byte of a reply: there is no room, and it had no effect. */
    public static final byte FULL = 4;

    /** First byte of a reply: the value is larger than the log lets replies be. */
    public static final byte TOO_LARGE = 5;

    /** Most bytes of a key; at least one. */
    public static final int MOST_KEY_BYTES = 1024;

    /** Most bytes of a value. */
    public static final int MOST_VALUE_BYTES = 64 * 1024;

    private static final byte NOTHING = 0;
    private static final int KEY_LENGTH = 1;
    private static final int KEY = 3;
    private static final int IS_ABSENT = -1;

    private MapFormat() {}

    /** A command that puts a value. */
    public static byte[] put(byte[] key, byte[] value) {
        byte[] command = keyed(PUT, key, value.length);
        System.arraycopy(value, 0, command, KEY + key.length, value.length);
        return command;
    }

    /**
     * A command that puts a value if another one is there.
     *
     * @param expected null: if the key is absent
     */
    public static byte[] swap(byte[] key, byte[] expected, byte[] value) {
        int bytes = expected == null ? 0 : expected.length;
        byte[] command = keyed(SWAP, key, Integer.BYTES + bytes + value.length);
        int at = KEY + key.length;
        UnsafeBuffer out = new UnsafeBuffer(command);
        out.putInt(at, expected == null ? IS_ABSENT : bytes, ByteOrder.LITTLE_ENDIAN);
        if (expected != null) {
            out.putBytes(at + Integer.BYTES, expected);
        }
        out.putBytes(at + Integer.BYTES + bytes, value);
        return command;
    }

    /** A command that takes a key away. */
    public static byte[] delete(byte[] key) {
        return keyed(DELETE, key, 0);
    }

    /** A query for the value of a key. */
    public static byte[] get(byte[] key) {
        return keyed(GET, key, 0);
    }

    private static byte[] keyed(byte what, byte[] key, int moreBytes) {
        byte[] bytes = new byte[KEY + key.length + moreBytes];
        UnsafeBuffer out = new UnsafeBuffer(bytes);
        out.putByte(0, what);
        out.putShort(KEY_LENGTH, (short) key.length, ByteOrder.LITTLE_ENDIAN);
        out.putBytes(KEY, key);
        return bytes;
    }

    /** What is asked for, if all of it is there and within bounds; 0 if not. */
    static byte check(DirectBuffer in, int at, int length) {
        if (length < KEY) {
            return NOTHING;
        }
        int keyBytes = keyBytes(in, at);
        int left = length - KEY - keyBytes;
        boolean isKey = keyBytes >= 1 && keyBytes <= MOST_KEY_BYTES && left >= 0;
        byte what = in.getByte(at);
        boolean isRight =
                switch (what) {
                    case PUT -> isKey && left <= MOST_VALUE_BYTES;
                    case SWAP -> isKey && isSwap(in, at + KEY + keyBytes, left);
                    case DELETE, GET -> isKey && left == 0;
                    default -> false;
                };
        return isRight ? what : NOTHING;
    }

    private static boolean isSwap(DirectBuffer in, int at, int bytes) {
        if (bytes < Integer.BYTES) {
            return false;
        }
        int expected = in.getInt(at, ByteOrder.LITTLE_ENDIAN);
        int value = bytes - Integer.BYTES - Math.max(expected, 0);
        return expected >= IS_ABSENT
                && expected <= MOST_VALUE_BYTES
                && value >= 0
                && value <= MOST_VALUE_BYTES;
    }

    private static int keyBytes(DirectBuffer in, int at) {
        return in.getShort(at + KEY_LENGTH, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /** The key of what was checked. */
    static byte[] key(DirectBuffer in, int at) {
        byte[] key = new byte[keyBytes(in, at)];
        in.getBytes(at + KEY, key);
        return key;
    }

    /** The value to be put of what was checked. */
    static byte[] value(DirectBuffer in, int at, int length) {
        int begin = at + KEY + keyBytes(in, at);
        if (in.getByte(at) == SWAP) {
            begin += Integer.BYTES + Math.max(0, in.getInt(begin, ByteOrder.LITTLE_ENDIAN));
        }
        byte[] value = new byte[at + length - begin];
        in.getBytes(begin, value);
        return value;
    }

    /** Whether what was checked expects this value; null: none. */
    static boolean isExpected(DirectBuffer in, int at, byte[] value) {
        int begin = at + KEY + keyBytes(in, at);
        int bytes = in.getInt(begin, ByteOrder.LITTLE_ENDIAN);
        if (bytes == IS_ABSENT || value == null) {
            return bytes == IS_ABSENT && value == null;
        }
        byte[] expected = new byte[bytes];
        in.getBytes(begin + Integer.BYTES, expected);
        return Arrays.equals(expected, value);
    }
}
