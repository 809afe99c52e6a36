package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Increments}, short and without lost datagrams; the long run is in docs/testing.md. */
@Tag("process")
class IncrementsTest {
    private static final int CLIENTS = 3;
    private static final int INCREMENTS = 2_000;
    private static final int KILLS = 1;

    @Test
    void aCounterIsWhatWasAcknowledged(@TempDir Path directory) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        assertThat(Increments.run(CLIENTS, INCREMENTS, KILLS, seed, directory)).isTrue();
    }
}
