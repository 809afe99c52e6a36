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
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Measures by hand what it costs to write into a mapped file and to force it, by the size of the
 * pieces in which it was filled with zeros before, and with all pages read first. Not a test;
 * prints. Arguments: a directory on the disk to measure, bytes between two forces.
 */
final class PageMeasurement {
    private static final int FILE_BYTES = 64 << 20;
    private static final int MOST_ROUNDS = 3_000;
    private static final int[] PIECES_KIB = {4, 16, 32, 64, 128, 256, 1024};
    private static final double NS_PER_US = 1_000;

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

    private static void print(int kib, String how, long[][] ns) {
        System.out.printf(
                Locale.ROOT,
                "zeros by %d KiB%s: write p50 %.1f us, p99 %.1f us; force p50 %.1f us, p99 %.1f us%n",
                kib,
                how,
                percentile(ns[0], 50),
                percentile(ns[0], 99),
                percentile(ns[1], 50),
                percentile(ns[1], 99));
    }

    private static double percentile(long[] ns, int percent) {
        Arrays.sort(ns);
        return ns[ns.length * percent / 100] / NS_PER_US;
    }

    /** Times of writes and of forces. */
    private static long[][] measure(Path file, int piece, int bytes, boolean isReadFirst)
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
            long[][] ns = writeAndForce(channel, new UnsafeBuffer(map), new byte[bytes]);
            BufferUtil.free(map);
            return ns;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static long[][] writeAndForce(FileChannel channel, UnsafeBuffer map, byte[] data)
            throws IOException {
        Arrays.fill(data, (byte) 7);
        int rounds = Math.min(MOST_ROUNDS, FILE_BYTES / data.length);
        long[][] ns = new long[2][rounds];
        for (int round = 0; round < rounds; round++) {
            long began = System.nanoTime();
            map.putBytes(round * data.length, data);
            long written = System.nanoTime();
            channel.force(false);
            ns[0][round] = written - began;
            ns[1][round] = System.nanoTime() - written;
        }
        return ns;
    }
}
