package io.paxoslog.gateway;

import io.paxoslog.core.Batch;
import io.paxoslog.service.EntryFormat;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What one turn heard of clients, laid out as the entries of one batch. */
final class CommandBatch {
    private final UnsafeBuffer entries;
    private int begin;
    private int length;
    private int count;

    CommandBatch(int maxBytes) {
        entries = new UnsafeBuffer(new byte[maxBytes]);
    }

    /** Bytes that a number of commands take as entries. */
    static long bytesNeeded(int commands, long commandBytes) {
        return commandBytes + (long) commands * EntryFormat.OVERHEAD_BYTES;
    }

    boolean hasRoomFor(long bytes) {
        return bytes <= entries.capacity() - length;
    }

    boolean canEverTake(long bytes) {
        return bytes <= entries.capacity();
    }

    void add(
            short kind,
            long session,
            long sequence,
            long awaited,
            DirectBuffer source,
            int offset,
            int commandBytes) {
        int at =
                EntryFormat.putHead(
                        entries, length, kind, session, sequence, awaited, commandBytes);
        entries.putBytes(at, source, offset, commandBytes);
        length = at + commandBytes;
        count++;
    }

    /** Bytes of the first so many entries that are left. */
    int bytesOf(int first) {
        if (first == count) {
            return length - begin;
        }
        int position = begin;
        for (int i = 0; i < first; i++) {
            position +=
                    Batch.ENTRY_PREFIX_BYTES + entries.getInt(position, ByteOrder.LITTLE_ENDIAN);
        }
        return position - begin;
    }

    /** Lets the first entries go. */
    void removeFirst(int commands, int bytes) {
        if (commands == count) {
            clear();
            return;
        }
        begin += bytes;
        count -= commands;
    }

    void clear() {
        begin = 0;
        length = 0;
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    int length() {
        return length;
    }

    /** Where the first entry that is left begins. */
    int begin() {
        return begin;
    }

    DirectBuffer entries() {
        return entries;
    }
}
