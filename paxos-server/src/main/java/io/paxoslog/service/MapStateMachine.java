package io.paxoslog.service;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A small map of keys to values, for trying things and for checking: put, get, compare-and-swap,
 * delete. Commands, queries and replies look as {@link MapFormat} says. Bounded: what would go
 * beyond has no effect and is told so.
 *
 * <p>Keys and values are kept in a {@link SharedTree}, whose versions share what is equal: a view
 * stays as it is, and costs nothing.
 */
public final class MapStateMachine implements StateMachine {
    /** Most bytes of all keys and values together, with {@link #ENTRY_BYTES} for each key. */
    public static final long MOST_BYTES = 128L * 1024 * 1024;

    /** What a key costs beside its bytes and those of its value. */
    public static final int ENTRY_BYTES = 128;

    private static final int MAGIC = 0x4D415031;
    private static final long HASH_MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long HASH_PRIME = 0x100000001B3L;

    private static final SharedTree<byte[], byte[]> EMPTY =
            SharedTree.empty(Arrays::compareUnsigned);

    private SharedTree<byte[], byte[]> tree = EMPTY;
    private long bytes;
    private long hash;

    @Override
    public void apply(Entry entry, Reply reply) {
        DirectBuffer in = entry.buffer();
        int at = entry.offset();
        int length = entry.length();
        switch (MapFormat.check(in, at, length)) {
            case MapFormat.PUT -> put(in, at, length, reply);
            case MapFormat.SWAP -> swap(in, at, length, reply);
            case MapFormat.DELETE -> {
                replace(MapFormat.key(in, at), null);
                say(reply, MapFormat.DONE);
            }
            case MapFormat.GET -> get(in, at, reply);
            default -> say(reply, MapFormat.MALFORMED);
        }
    }

    private void put(DirectBuffer in, int at, int length, Reply reply) {
        byte[] key = MapFormat.key(in, at);
        byte[] value = MapFormat.value(in, at, length);
        if (hasRoomFor(key, value)) {
            replace(key, value);
            say(reply, MapFormat.DONE);
        } else {
            say(reply, MapFormat.FULL);
        }
    }

    private void swap(DirectBuffer in, int at, int length, Reply reply) {
        if (MapFormat.isExpected(in, at, tree.get(MapFormat.key(in, at)))) {
            put(in, at, length, reply);
        } else {
            say(reply, MapFormat.NOT_SWAPPED);
        }
    }

    private boolean hasRoomFor(byte[] key, byte[] value) {
        long without = bytes - bytesOf(key, tree.get(key));
        return without + bytesOf(key, value) <= MOST_BYTES;
    }

    private static long bytesOf(byte[] key, byte[] value) {
        return value == null ? 0 : (long) ENTRY_BYTES + key.length + value.length;
    }

    /** Null takes the key away. */
    private void replace(byte[] key, byte[] value) {
        byte[] before = tree.get(key);
        bytes += bytesOf(key, value) - bytesOf(key, before);
        hash += hashOf(key, value) - hashOf(key, before);
        tree = value == null ? tree.without(key) : tree.with(key, value);
    }

    /** The sum of these is the same in whatever order keys came. */
    private static long hashOf(byte[] key, byte[] value) {
        return value == null ? 0 : hash(hash(1, key), value);
    }

    private static long hash(long before, byte[] bytes) {
        long hash = before * HASH_MULTIPLIER + bytes.length;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xFF)) * HASH_PRIME;
        }
        hash = (hash ^ (hash >>> 32)) * HASH_MULTIPLIER;
        return hash ^ (hash >>> 29);
    }

    private void get(DirectBuffer in, int at, Reply reply) {
        byte[] value = tree.get(MapFormat.key(in, at));
        if (value == null) {
            say(reply, MapFormat.ABSENT);
            return;
        }
        if (value.length >= reply.maxBytes()) {
            say(reply, MapFormat.TOO_LARGE);
            return;
        }
        MutableDirectBuffer out = reply.resize(1 + value.length);
        out.putByte(0, MapFormat.DONE);
        out.putBytes(1, value);
    }

    /** Where replies may have no bytes at all, there is nothing to be said. */
    private static void say(Reply reply, byte result) {
        if (reply.maxBytes() > 0) {
            reply.resize(1).putByte(0, result);
        }
    }

    /** Answers a {@code GET}; everything else changes something and is refused. */
    @Override
    public void query(Query query, Reply answer) {
        DirectBuffer in = query.buffer();
        if (MapFormat.check(in, query.offset(), query.length()) == MapFormat.GET) {
            get(in, query.offset(), answer);
        } else {
            say(answer, MapFormat.MALFORMED);
        }
    }

    /** All keys with their values, in the order of their bytes. */
    @Override
    public StateView view() {
        SharedTree<byte[], byte[]> seen = tree;
        return out -> write(seen, out);
    }

    private static void write(SharedTree<byte[], byte[]> seen, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeInt(MAGIC);
        out.writeInt(seen.size());
        seen.forEach(
                (key, value) -> {
                    out.writeInt(key.length);
                    out.write(key);
                    out.writeInt(value.length);
                    out.write(value);
                });
        out.flush();
    }

    @Override
    public void restore(InputStream from) throws IOException {
        tree = EMPTY;
        bytes = 0;
        hash = 0;
        DataInputStream in = new DataInputStream(from);
        if (in.readInt() != MAGIC) {
            throw new IOException("this is not the state of a map");
        }
        for (int left = in.readInt(); left > 0; left--) {
            byte[] key = read(in, MapFormat.MOST_KEY_BYTES);
            replace(key, read(in, MapFormat.MOST_VALUE_BYTES));
        }
    }

    private static byte[] read(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new IOException("%d bytes where up to %d may be".formatted(length, most));
        }
        byte[] read = in.readNBytes(length);
        if (read.length < length) {
            throw new IOException("the state of a map ends too early");
        }
        return read;
    }

    @Override
    public long stateHash() {
        // 0 would say that there is none.
        return hash == 0 ? 1 : hash;
    }
}
