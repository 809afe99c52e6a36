package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Lays entries out as a batch carries them. */
public final class Entries {
    private Entries() {}

    /** Their proposal as scenarios write it, so that it can be read back byte by byte. */
    static String proposal(int node, List<byte[]> entries) {
        StringBuilder line = new StringBuilder("propose " + node);
        entries.forEach(entry -> line.append(" 0x").append(HexFormat.of().formatHex(entry)));
        return line.toString();
    }

    /** An entry as scenarios write it: a plain word, or bytes behind {@code 0x}. */
    public static byte[] parse(String word) {
        return word.startsWith("0x")
                ? HexFormat.of().parseHex(word.substring(2))
                : word.getBytes(StandardCharsets.US_ASCII);
    }

    /** The entries one behind the other, each with its length in front. */
    public static UnsafeBuffer encode(List<byte[]> entries) {
        int length = entries.stream().mapToInt(e -> Batch.ENTRY_PREFIX_BYTES + e.length).sum();
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        int position = 0;
        for (byte[] entry : entries) {
            buffer.putInt(position, entry.length, ByteOrder.LITTLE_ENDIAN);
            buffer.putBytes(position + Batch.ENTRY_PREFIX_BYTES, entry);
            position += Batch.ENTRY_PREFIX_BYTES + entry.length;
        }
        return buffer;
    }

    /** The bodies of entries that lie one behind the other. */
    static List<byte[]> decode(DirectBuffer buffer, int offset, int length) {
        List<byte[]> entries = new ArrayList<>();
        int position = offset;
        while (position < offset + length) {
            byte[] entry = new byte[length(buffer, position)];
            buffer.getBytes(position + Batch.ENTRY_PREFIX_BYTES, entry);
            entries.add(entry);
            position += Batch.ENTRY_PREFIX_BYTES + entry.length;
        }
        return entries;
    }

    /** Length of the body of the entry at {@code position}. */
    static int length(DirectBuffer buffer, int position) {
        return buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
    }
}
