package io.paxoslog.media;

import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.logbuffer.LogBufferDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.BitUtil;
import org.agrona.concurrent.status.CountersReader;

/**
 * How much memory the buffers of a driver take, and where there is so much. Buffers are files that
 * are mapped: a process that meets a full file system while it writes to them is ended by a signal,
 * so what it surely needs must be there before it begins.
 */
public final class MediaRoom {
    private static final int PAGE_BYTES = 4096;

    /** Both ends of a stream show positions, limits, windows and losses. */
    private static final int COUNTERS_PER_STREAM = 10;

    private static final int FEWEST_COUNTER_BYTES = 1 << 20;
    private static final int MOST_COUNTER_BYTES = 64 << 20;

    private final int counterBytes;
    private final long bytes;

    private MediaRoom(int counterBytes, long bytes) {
        this.counterBytes = counterBytes;
        this.bytes = bytes;
    }

    /**
     * What a driver takes.
     *
     * @param mostStreams streams that may be open at a time, each end counted
     * @param sureStreams those of them that are sure to be there
     * @param termBytes length of one of the three terms of such a stream
     */
    public static MediaRoom of(int mostStreams, int sureStreams, int termBytes) {
        long counters = (long) mostStreams * COUNTERS_PER_STREAM * CountersReader.COUNTER_LENGTH;
        int counterBytes =
                BitUtil.findNextPositivePowerOfTwo(
                        (int)
                                Math.min(
                                        Math.max(counters, FEWEST_COUNTER_BYTES),
                                        MOST_COUNTER_BYTES));
        long ownBytes =
                (long) counterBytes
                        + Configuration.countersMetadataBufferLength(counterBytes)
                        + Configuration.CONDUCTOR_BUFFER_LENGTH_DEFAULT
                        + Configuration.TO_CLIENTS_BUFFER_LENGTH_DEFAULT
                        + Configuration.ERROR_BUFFER_LENGTH_DEFAULT
                        + Configuration.LOSS_REPORT_BUFFER_LENGTH_DEFAULT
                        + PAGE_BYTES;
        long streamBytes = LogBufferDescriptor.computeLogLength(termBytes, PAGE_BYTES);
        return new MediaRoom(counterBytes, ownBytes + sureStreams * streamBytes);
    }

    /** The same with streams that have terms of another length. */
    public MediaRoom plus(int sureStreams, int termBytes) {
        long streamBytes = LogBufferDescriptor.computeLogLength(termBytes, PAGE_BYTES);
        return new MediaRoom(counterBytes, bytes + sureStreams * streamBytes);
    }

    /** Sets what a driver takes; whether a stream has room is looked at when it is opened. */
    public MediaDriver.Context setUp(MediaDriver.Context context) {
        return context.counterValuesBufferLength(counterBytes)
                .performStorageChecks(true)
                .lowStorageWarningThreshold(0);
    }

    /** Bytes of all that is sure to be there. */
    public long bytes() {
        return bytes;
    }

    /**
     * Takes a directory where there is room.
     *
     * @param place below which it is to be
     * @param use what it is for, as part of its name
     * @throws IOException saying how much is needed and how much there is
     */
    public MediaDirectory take(Path place, String use) throws IOException {
        MediaDirectory taken = MediaDirectory.take(place, use);
        long free;
        try {
            free = Files.getFileStore(taken.driver().getParent()).getUsableSpace();
        } catch (IOException e) {
            taken.close();
            throw e;
        }
        if (free < bytes) {
            taken.close();
            throw new NoRoomException(
                    "%s has room for %s, and the buffers of streams take %s"
                            .formatted(place, megabytes(free), megabytes(bytes)));
        }
        return taken;
    }

    private static String megabytes(long bytes) {
        return "%d MB".formatted((bytes + (1 << 20) - 1) >> 20);
    }

    /** There is a place, but it is too small. */
    public static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoomException(String message) {
            super(message);
        }
    }
}
