package io.paxoslog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chronicle Queue works on this JVM with the flags of the build, and reports to nobody. */
class ChronicleRuntimeTest {

    @Test
    void readsBackWhatWasAppendedBeforeReopening(@TempDir Path directory) {
        try (SingleChronicleQueue queue = open(directory);
                ExcerptAppender appender = queue.createAppender()) {
            appender.writeText("first");
            appender.writeText("second");
        }
        try (SingleChronicleQueue queue = open(directory);
                ExcerptTailer tailer = queue.createTailer()) {
            assertThat(tailer.readText()).isEqualTo("first");
            assertThat(tailer.readText()).isEqualTo("second");
            assertThat(tailer.readText()).isNull();
        }
    }

    @Test
    void analyticsIsNotOnTheClassPath() {
        assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    private static SingleChronicleQueue open(Path directory) {
        return SingleChronicleQueueBuilder.binary(directory.toFile()).build();
    }
}
