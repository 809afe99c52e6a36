package io.paxoslog.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads wait in a shared client and keep no other thread meanwhile. */
@EnabledForJreRange(min = JRE.JAVA_21)
@Timeout(120)
class VirtualThreadsTest {
    private static final int THREADS = 2_000;
    private static final String PINNED = "jdk.VirtualThreadPinned";

    @TempDir Path directory;

    @Test
    void thousandsOfThemWaitAndNoneIsPinned() throws Exception {
        Path file = directory.resolve("pinned.jfr");
        try (FakeCluster cluster = new FakeCluster(1);
                FakeCluster.Crew crew = cluster.new Crew();
                Recording recording = new Recording()) {
            recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
            recording.start();
            // So few at a time that nearly all wait for their turn.
            ClientConfig config = ClientConfig.of(cluster.addresses()).withWindow(64);
            try (SharedClient client = SharedClient.connect(config)) {
                // Classes are loaded and initialized under monitors of the JVM, once.
                client.append("first".getBytes(UTF_8), Duration.ofSeconds(60));
                appendFromMany(client);
            }
            assertThat(crew).isNotNull();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> pinned = RecordingFile.readAllEvents(file);
        assertThat(pinned)
                .filteredOn(event -> event.getEventType().getName().equals(PINNED))
                .filteredOn(event -> ("" + event.getStackTrace()).contains("io.paxoslog.client"))
                .isEmpty();
    }

    private static void appendFromMany(SharedClient client) throws Exception {
        ExecutorService threads = newVirtualThreadPerTaskExecutor();
        List<Future<Appended>> slots = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            byte[] command = ("" + i).getBytes(UTF_8);
            slots.add(threads.submit(() -> client.append(command, Duration.ofSeconds(60))));
        }
        List<Long> all = new ArrayList<>();
        for (Future<Appended> some : slots) {
            all.add(some.get().slot());
        }
        threads.shutdownNow();
        assertThat(all).doesNotHaveDuplicates().hasSize(THREADS);
    }

    /** There is none in the oldest JDK that this is built with. */
    private static ExecutorService newVirtualThreadPerTaskExecutor()
            throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
