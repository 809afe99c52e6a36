package io.paxoslog.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Measures by hand what it costs to write into a mapped file and to force it as the journal does,
 * by the size of the pieces in which it was filled with zeros before, and with all pages read
 * first; and, on Linux, what all that makes the disk write. Not a test; prints. Arguments: a
 * directory on the disk to measure, bytes between two forces.
 */
final class PageMeasurement {
    private static final int FILE_BYTES = 64 << 20;
    private static final int MOST_ROUNDS = 3_000;
    private static final int[] PIECES_KIB = {4, 16, 32, 64, 128, 256, 1024};
    private static final double NS_PER_US = 1_000;
    private static final Path IO = Path.of("/proc/self/io");
    private static final Pattern WRITTEN = Pattern.compile("\\nwrite_bytes: (\\d+)");

    /** What took so many microseconds at the median, and at most in 99 of 100 cases. */
    private record Times(double p50, double p99) {
        static Times of(long[] ns) {
            Arrays.sort(ns);
            return new Times(ns[ns.length / 2] / NS_PER_US, ns[ns.length * 99 / 100] / NS_PER_US);
        }
    }

    /** Of a write and a force after it. */
    private record Cost(Times write, Times force, long writtenBytes) {}

    private PageMeasurement() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]).resolve("pages");
        int bytes = Integer.parseInt(args[1]);
        // The first two only warm up.
        for (int kib : new int[] {32, 1024}) {
            measure(file, kib << 10, bytes, false);
        }
        for (int kib : PIECES_KIB) {
            print(kib, "", measure(file, kib << 10, bytes, false));
        }
        print(1024, ", read first", measure(file, 1 << 20, bytes, true));
    }

    private static void print(int kib, String how, Cost cost) {
        System.out.printf(
                Locale.ROOT,
                "zeros by %d KiB%s: write p50 %.1f us, p99 %.1f us; force p50 %.1f us, p99 %.1f us;"
                        + " %.1f KiB written a force%n",
                kib,
                how,
                cost.write().p50(),
                cost.write().p99(),
                cost.force().p50(),
                cost.force().p99(),
                cost.writtenBytes() / 1024.0);
    }

    private static Cost measure(Path file, int piece, int bytes, boolean isReadFirst)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(piece);
            for (int position = 0; position < FILE_BYTES; position += piece) {
                channel.write(zeros.clear(), position);
            }
            channel.force(true);
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
            if (isReadFirst) {
                map.load();
            }
            Cost cost = writeAndForce(map, new byte[bytes]);
            BufferUtil.free(map);
            return cost;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Cost writeAndForce(MappedByteBuffer map, byte[] data) throws IOException {
        Arrays.fill(data, (byte) 7);
        UnsafeBuffer bytes = new UnsafeBuffer(map);
        int rounds = Math.min(MOST_ROUNDS, FILE_BYTES / data.length);
        long[] writeNs = new long[rounds];
        long[] forceNs = new long[rounds];
        long before = writtenBytes();
        for (int round = 0; round < rounds; round++) {
            int from = round * data.length;
            long began = System.nanoTime();
            bytes.putBytes(from, data);
            long written = System.nanoTime();
            force(map, bytes.addressOffset(), from, from + data.length);
            writeNs[round] = written - began;
            forceNs[round] = System.nanoTime() - written;
        }
        long writtenBytes = writtenBytes() - before;
        return new Cost(Times.of(writeNs), Times.of(forceNs), writtenBytes / rounds);
    }

    private static void force(MappedByteBuffer map, long address, int from, int to) {
        int fromPage = from - from % Pages.BYTES;
        int full = to - to % Pages.BYTES - fromPage;
        if (full > 0) {
            Pages.unmap(address + fromPage, full);
        }
        map.force(from, to - from);
    }

    private static long writtenBytes() throws IOException {
        if (!Files.exists(IO)) {
            return 0;
        }
        Matcher written = WRITTEN.matcher(Files.readString(IO));
        return written.find() ? Long.parseLong(written.group(1)) : 0;
    }
}
