package io.paxoslog.kv;

import java.util.Arrays;

/** Keys from one on: up to another, those that begin with it, or all that follow. */
public final class KeyRange {
    private static final byte[] NOTHING = {};
    private static final byte[] NO_END = {0};

    private final Slice key;
    private final Slice end;

    private KeyRange(byte[] key, byte[] end) {
        this.key = Slice.of(key);
        this.end = Slice.of(end);
    }

    /** One key. */
    public static KeyRange only(byte[] key) {
        return new KeyRange(key, NOTHING);
    }

    /**
     * From one key on, up to but without another one.
     *
     * @throws IllegalArgumentException when the end is empty
     */
    public static KeyRange of(byte[] key, byte[] end) {
        if (end.length == 0) {
            throw new IllegalArgumentException("the end of a range has at least one byte");
        }
        return new KeyRange(key, end);
    }

    /** From one key on, to the last one. */
    public static KeyRange from(byte[] key) {
        return new KeyRange(key, NO_END);
    }

    /** All keys that begin with these bytes. */
    public static KeyRange startingWith(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xFF) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return new KeyRange(prefix, end);
            }
        }
        return new KeyRange(prefix.length == 0 ? NO_END : prefix, NO_END);
    }

    /** Every key. */
    public static KeyRange all() {
        return startingWith(NOTHING);
    }

    Slice key() {
        return key;
    }

    Slice end() {
        return end;
    }
}
