package io.paxoslog.testkit.disk;

import io.paxoslog.log.RecordFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file with two contents: what processes read, and what the disk holds. Grows as it is appended
 * to; everything behind its end reads as zeros.
 */
public final class SimulatedFile implements RecordFile, SimulatedEntry {
    private static final int FIRST_BYTES = 1024;
    private static final int TITLE_BYTES = 64;
    private static final int PREFIX_BYTES = Integer.BYTES;

    /** Where one record lies, without the length before it. */
    public record Extent(int offset, int length) {}

    /** A record of which a loss of power left so many bytes, from the first one on, and not all. */
    public record Torn(Extent record, int leftBytes) {}

    private final SimulatedFiles disk;
    private final int limit;
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final List<Extent> records = new ArrayList<>();
    private final List<Extent> lost = new ArrayList<>();
    private final List<Torn> torn = new ArrayList<>();
    private UnforcedWrites unforced = new UnforcedWrites();
    private byte[] written;
    private byte[] durable;
    private int end;
    private int begun;

    SimulatedFile(SimulatedFiles disk, byte[] content, int limit) {
        this.disk = disk;
        this.limit = limit;
        this.written = content;
        this.durable = new byte[content.length];
        this.end = content.length;
        show();
    }

    /** A file for records with its title in front. */
    static SimulatedFile forRecords(SimulatedFiles disk, String title, int recordBytes) {
        SimulatedFile file =
                new SimulatedFile(disk, new byte[FIRST_BYTES], TITLE_BYTES + recordBytes);
        byte[] text = title.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, file.written, 0, Math.min(text.length, TITLE_BYTES));
        file.end = TITLE_BYTES;
        return file;
    }

    private void show() {
        bytes.wrap(ByteBuffer.wrap(written));
    }

    @Override
    public boolean hasRoomFor(int recordBytes) {
        return end + PREFIX_BYTES + recordBytes <= limit;
    }

    @Override
    public long leftBytes() {
        return (long) limit - end;
    }

    @Override
    public int begin(int recordBytes) {
        disk.operation("append");
        begun = end + PREFIX_BYTES;
        int needed = begun + recordBytes + PREFIX_BYTES;
        if (needed > written.length) {
            int length = Math.max(needed, 2 * written.length);
            written = Arrays.copyOf(written, length);
            durable = Arrays.copyOf(durable, length);
            show();
        }
        return begun;
    }

    @Override
    public void end(int recordBytes) {
        if (recordBytes > 0) {
            bytes.putInt(end, recordBytes, ByteOrder.LITTLE_ENDIAN);
            int start = end;
            end = begun + recordBytes;
            unforced.add(start, end, disk.nextWrite());
            records.add(new Extent(begun, recordBytes));
        }
        disk.operationEnded();
    }

    /** The file's bytes as processes read them. */
    @Override
    public UnsafeBuffer bytes() {
        return bytes;
    }

    @Override
    public void reserve(boolean isForced, Pace pace) {
        // A simulated disk has room or refuses to make the file.
    }

    @Override
    public void force() throws IOException {
        disk.force(this);
    }

    @Override
    public void forceWholePieces() throws IOException {
        force();
    }

    @Override
    public void closeForcing() {}

    @Override
    public void leaveMemory(Pace pace) {}

    @Override
    public void close() {}

    /** What was written up to a write is durable now. */
    void makeDurable(long lastWrite) {
        int count = unforced.upTo(lastWrite);
        for (int i = 0; i < count; i++) {
            unforced.copy(i, written, durable);
        }
        unforced.removeFirst(count);
    }

    /** All of the file is new and not forced. */
    void noteWritten(long write) {
        unforced.add(0, end, write);
    }

    /** Changes the one byte of a small file. */
    void put(byte value, long write) {
        written[0] = value;
        unforced.add(0, 1, write);
    }

    /** What was written up to a write counts as clean, though the disk never got it. */
    void forgetUnforced(long lastWrite, boolean isLost) {
        int count = unforced.upTo(lastWrite);
        for (Extent record : records) {
            boolean isForgotten =
                    count > 0
                            && record.offset() >= unforced.from(0)
                            && record.offset() < unforced.to(count - 1);
            if (isForgotten && isLost) {
                lost.add(record);
            }
        }
        unforced.removeFirst(count);
    }

    /** Records lost since the last call, though a force said that they were safe. */
    public List<Extent> takeLost() {
        if (lost.isEmpty()) {
            return List.of();
        }
        List<Extent> taken = List.copyOf(lost);
        lost.clear();
        return taken;
    }

    void losePower(PowerLoss loss) {
        loss.leave(unforced, written, durable);
        dropCache();
    }

    /** From now on processes read what the disk holds. */
    void dropCache() {
        for (Extent record : records) {
            int left = durableBytes(record);
            if (left < record.length()) {
                torn.add(new Torn(record, left));
            }
        }
        records.removeIf(record -> !isDurable(record));
        unforced = new UnforcedWrites();
        written = durable.clone();
        show();
    }

    /** Records appended since the file was made, but for those that power losses took, in order. */
    public List<Extent> records() {
        return records;
    }

    /** What losses of power left of the records that they did not leave whole. */
    public List<Torn> torn() {
        return torn;
    }

    /** Whether a record, from the first byte to the last, reads as it was written from the disk. */
    public boolean isDurable(Extent record) {
        return durableBytes(record) == record.length();
    }

    private int durableBytes(Extent record) {
        int from = record.offset();
        int to = from + record.length();
        int different = Arrays.mismatch(written, from, to, durable, from, to);
        return different < 0 ? record.length() : different;
    }

    /** Turns one bit over, on the disk and in memory. */
    public void flip(int offset, int bit) {
        durable[offset] ^= (byte) (1 << bit);
        written[offset] = durable[offset];
    }

    /** Puts bytes over those on the disk and in memory. */
    public void overwrite(int offset, byte[] other) {
        System.arraycopy(other, 0, durable, offset, other.length);
        System.arraycopy(other, 0, written, offset, other.length);
    }

    /** A part of the file as processes read it. */
    public byte[] read(int from, int to) {
        return Arrays.copyOfRange(written, from, to);
    }

    /** Length of what was written. */
    public int length() {
        return end;
    }

    byte[] content() {
        return Arrays.copyOf(written, end);
    }

    @Override
    public SimulatedFile copy(SimulatedFiles to) {
        SimulatedFile copy = new SimulatedFile(to, written.clone(), limit);
        copy.durable = written.clone();
        copy.end = end;
        copy.records.addAll(records);
        copy.torn.addAll(torn);
        return copy;
    }
}
