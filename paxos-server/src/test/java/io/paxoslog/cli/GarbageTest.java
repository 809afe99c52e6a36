package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.CncFileDescriptor;
import io.aeron.Publication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.paxoslog.codecs.ClientProtocol;
import io.paxoslog.media.PatientMedia;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes to the ports of a node, what is no message is counted and ignored. */
@Tag("process")
class GarbageTest {

    private static final int PROTOCOL_STREAM = 1;
    private static final int CATCH_UP_STREAM = 2;
    private static final int FRAMES = 500;
    private static final int LONGEST_BYTES = 1_000;
    private static final long SEED = 7;

    private final Random random = new Random(SEED);

    @Test
    void randomBytesAndTruncatedFramesAreCountedAndIgnored(@TempDir Path directory)
            throws IOException {
        Path shared = Files.createDirectories(directory.resolve("aeron"));
        int port = FreePorts.find(1).get(0);
        String members = "1=127.0.0.1:" + port;
        try (NodeProcess node =
                new NodeProcess(
                        1,
                        members,
                        directory.resolve("data"),
                        Processes.FLAGS,
                        List.of("--aeron-parent", shared.toString()))) {
            node.start();
            node.awaitReady();
            assertThat(append(members, "before").exitCode()).isZero();
            sendDatagrams(port);
            sendDatagrams(port + 1);
            sendFragments(port, shared);
            assertThat(append(members, "after").err()).isEmpty();
            assertThat(node.isAlive()).isTrue();
            assertThat(Cli.run("tail", "--members", members).outLines())
                    .extracting(line -> line.replaceFirst("\\d+\t", ""))
                    .containsExactly("before", "after");
            node.askToStop();
            assertThat(node.awaitExit()).isZero();
        }
    }

    private static Cli append(String members, String word) {
        return Cli.run("append", "--members", members, "--timeout", "30", word);
    }

    /** Below Aeron: bytes that are no Aeron frame, or only the beginning of one. */
    private void sendDatagrams(int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < FRAMES; i++) {
                byte[] bytes = randomBytes();
                if (i % 2 == 0 && bytes.length > 8) {
                    // The head of a data frame of version 0, whose length is more than there is.
                    bytes[0] = 0x7F;
                    bytes[4] = 0;
                    bytes[6] = 1;
                    bytes[7] = 0;
                }
                socket.send(
                        new DatagramPacket(
                                bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
            }
        }
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[random.nextInt(LONGEST_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Above Aeron: fragments that are no message, until the node has counted some of them. */
    private void sendFragments(int port, Path shared) {
        MediaDriver.Context context =
                new MediaDriver.Context()
                        .threadingMode(ThreadingMode.SHARED)
                        .aeronDirectoryName(shared.resolveSibling("test-driver").toString())
                        .dirDeleteOnShutdown(true);
        try (MediaDriver driver = MediaDriver.launch(context);
                Aeron aeron =
                        Aeron.connect(
                                new Aeron.Context()
                                        .aeronDirectoryName(driver.aeronDirectoryName())
                                        .errorHandler(PatientMedia::tell))) {
            sendUntilCounted(aeron, port, PROTOCOL_STREAM, shared, "frames that were no messages");
            sendUntilCounted(aeron, port, CATCH_UP_STREAM, shared, "frames that were no messages");
            sendUntilCounted(
                    aeron,
                    port + ClientProtocol.INGRESS_PORT_OFFSET,
                    ClientProtocol.INGRESS_STREAM,
                    shared,
                    "frames of clients that were no messages");
        }
    }

    private void sendUntilCounted(Aeron aeron, int port, int stream, Path shared, String counter) {
        String channel = "aeron:udp?endpoint=127.0.0.1:" + port;
        long goal = counted(shared, counter) + FRAMES;
        Deadline deadline = new Deadline(60);
        try (Publication publication = aeron.addPublication(channel, stream)) {
            UnsafeBuffer fragment = new UnsafeBuffer();
            while (counted(shared, counter) < goal) {
                fragment.wrap(randomBytes());
                publication.offer(fragment);
                assertThat(deadline.isOver())
                        .as("%s at port %d, stream %d", counter, port, stream)
                        .isFalse();
                Thread.onSpinWait();
            }
        }
    }

    /** Reads a counter of the node, as an operator would. */
    private static long counted(Path shared, String label) {
        MappedByteBuffer file = IoUtil.mapExistingFile(cncFileBelow(shared), "counters");
        try {
            DirectBuffer meta = CncFileDescriptor.createMetaDataBuffer(file);
            CountersReader counters =
                    new CountersReader(
                            CncFileDescriptor.createCountersMetaDataBuffer(file, meta),
                            CncFileDescriptor.createCountersValuesBuffer(file, meta));
            long[] value = {-1};
            counters.forEach(
                    (id, name) -> {
                        if (name.startsWith(label)) {
                            value[0] = counters.getCounterValue(id);
                        }
                    });
            assertThat(value[0]).as(label).isNotNegative();
            return value[0];
        } finally {
            IoUtil.unmap(file);
        }
    }

    private static File cncFileBelow(Path shared) {
        try (Stream<Path> files = Files.walk(shared)) {
            return files.filter(file -> file.endsWith(CncFileDescriptor.CNC_FILE))
                    .findAny()
                    .orElseThrow()
                    .toFile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
