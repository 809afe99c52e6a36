package io.paxoslog.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.SingleThreadedChecked;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file of records that is a Chronicle queue with a single block, each record one document.
 * Channel and second mapping are for whoever forces; nobody touches a byte through them.
 */
final class ChronicleFile implements RecordFile {
    /** What Chronicle keeps at the front of its file: header and index. */
    private static final int CHRONICLE_BYTES = 128 << 10;

    private static final int METADATA_BYTES = 128 << 10;

    private static final String METADATA = "metadata.cq4t";

    /** As Chronicle calls the file of the one cycle there is. */
    private static final String RECORDS = "19700101F.cq4";

    private static final int DOCUMENT_PREFIX_BYTES = Integer.BYTES;

    /** For everybody: the memory of one that is dropped comes back only with a collection. */
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(PIECE_BYTES).asReadOnlyBuffer();

    private static final int FORCED_BYTES = 1 << 20;

    /** Work that is not to keep others waiting is done in portions of this size. */
    private static final int PORTION_BYTES = 1 << 20;

    /** Of zeros, as they take longest. */
    private static final int PORTION_OF_ZEROS_BYTES = 512 << 10;

    /** What writing zeros takes of making a file ready. */
    private static final double WRITING_PART = 0.75;

    private final FileDisk disk;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Path file;
    private final FileChannel channel;
    private final MappedByteBuffer forcing;
    private final long address;
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private final int limit;
    private DocumentContext document;

    /** Nothing before it changes any more; whoever forces reads it. */
    private volatile int end;

    private int forcedTo;

    private ChronicleFile(FileDisk disk, SingleChronicleQueue queue, String title, int limit)
            throws IOException {
        this.disk = disk;
        this.limit = limit;
        this.queue = queue;
        this.appender = queue.createAppender();
        ((SingleThreadedChecked) appender).singleThreadedCheckDisabled(true);
        // The first document makes Chronicle lay out its file; people see it in a dump.
        appender.writeText(title);
        this.file = appender.currentFile().toPath();
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.forcing = channel.map(FileChannel.MapMode.READ_WRITE, 0, limit);
        this.end = begin(0) - DOCUMENT_PREFIX_BYTES;
        this.address = bytes.addressOffset();
        document.rollbackOnClose();
        document.close();
    }

    static ChronicleFile create(FileDisk disk, Path directory, String title, int recordBytes)
            throws IOException {
        int limit = CHRONICLE_BYTES + recordBytes;
        reserveFront(directory.resolve(METADATA), METADATA_BYTES);
        SingleChronicleQueue queue = null;
        try {
            queue =
                    SingleChronicleQueueBuilder.binary(directory)
                            .rollCycle(RollCycles.FAST_DAILY)
                            .timeProvider(() -> 0L)
                            .blockSize(limit)
                            .checkInterrupts(false)
                            .build();
            // Not before: Chronicle takes what it finds at first for another one's work, and waits.
            reserveFront(directory.resolve(RECORDS), CHRONICLE_BYTES + PIECE_BYTES);
            return new ChronicleFile(disk, queue, title, limit);
        } catch (IOException | RuntimeException | InternalError e) {
            CloseHelper.quietClose(queue);
            throw asIoException(directory, e);
        }
    }

    /**
     * What Chronicle writes at first goes through mappings, where a full disk ends the process:
     * files that have their blocks, full of zeros, are for it as good as none.
     */
    private static void reserveFront(Path file, int bytes) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            int position = 0;
            while (position < bytes) {
                zeros.clear().limit(Math.min(PIECE_BYTES, bytes - position));
                position += channel.write(zeros, position);
            }
        }
    }

    private static IOException asIoException(Path directory, Throwable failure) {
        if (failure instanceof IOException e) {
            return e;
        }
        if (failure instanceof UncheckedIOException e) {
            return e.getCause();
        }
        return new IOException(directory + " cannot be written (" + failure + ")", failure);
    }

    /**
     * Fills the part that is to come with zeros, so that it has its blocks, or they are set aside
     * for it, and makes its pages ready to be written to: appending meets no full disk, and waits
     * for no file system.
     */
    @Override
    public void reserve(boolean isForced, Pace pace) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        int pieceBytes = isForced ? AWAITED_PIECE_BYTES : PIECE_BYTES;
        int position = end + DOCUMENT_PREFIX_BYTES + RecordHeader.ALIGNMENT;
        while (position < limit) {
            int next = Math.min(limit, BitUtil.align(position + 1, pieceBytes));
            zeros.clear().limit(next - position);
            position += channel.write(zeros, position);
            if (isForced && (position % FORCED_BYTES == 0 || position >= limit)) {
                // In small portions: the syncer waits behind whatever the disk is busy with.
                forceUpTo(position);
            }
            if (position % PORTION_OF_ZEROS_BYTES == 0) {
                pace.done(WRITING_PART * position / limit);
            }
        }
        for (int from = 0; from < limit; from += PORTION_BYTES) {
            Pages.makeWritable(address + from, Math.min(limit - from, PORTION_BYTES));
            pace.done(WRITING_PART + (1 - WRITING_PART) * from / limit);
        }
        forcedTo = end;
    }

    @Override
    public boolean hasRoomFor(int recordBytes) {
        // Chronicle takes no document larger than a quarter of the block.
        return DOCUMENT_PREFIX_BYTES + recordBytes <= Math.min(limit - end, limit / 4);
    }

    @Override
    public long leftBytes() {
        return (long) limit - end;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed by end
    public int begin(int recordBytes) {
        document = appender.writingDocument();
        Bytes<?> target = document.wire().bytes();
        int position = (int) target.writePosition();
        // Chronicle's own mapping: each more would cost page faults and the kernel's work at a
        // force once more.
        bytes.wrap(target.addressForWrite(position) - position, limit);
        return position;
    }

    @Override
    public UnsafeBuffer bytes() {
        return bytes;
    }

    @Override
    public void end(int written) {
        int newEnd = (int) document.wire().bytes().writePosition() + written;
        document.wire().bytes().writeSkip(written);
        document.close();
        end = newEnd;
    }

    @Override
    public void force() throws IOException {
        forceUpTo(end);
    }

    @Override
    public void forceWholePieces() throws IOException {
        int to = end - end % PIECE_BYTES;
        while (forcedTo < to) {
            // The kernel lets nobody else run on this core until it has marked all pages of a call.
            forceUpTo(Math.min(to, forcedTo + PORTION_BYTES));
        }
    }

    private void forceUpTo(int to) throws IOException {
        int from = Math.min(forcedTo, to);
        int fromPage = from - from % Pages.BYTES;
        int full = to - to % Pages.BYTES - fromPage;
        if (full > 0) {
            // Nobody writes there any more.
            Pages.unmap(address + fromPage, full);
        }
        disk.force(forcing, fromPage, to, file);
        forcedTo = to;
    }

    @Override
    public void closeForcing() throws IOException {
        channel.close();
        BufferUtil.free(forcing);
    }

    @Override
    public void leaveMemory(Pace pace) {
        for (int from = 0; from < limit; from += PORTION_BYTES) {
            Pages.drop(address + from, Math.min(limit - from, PORTION_BYTES));
            pace.done((double) from / limit);
        }
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
        bytes.wrap(0, 0);
        BufferUtil.free(forcing);
        try {
            channel.close();
        } catch (IOException e) {
            // What was to be forced was forced before; there is nothing left to lose.
            return;
        }
    }
}
