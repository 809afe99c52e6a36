package io.paxoslog.cli;

import io.paxoslog.client.ReadMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The key-value store: puts, transactions that swap, deletes, and reads in every mode, by lease
 * too, which the leader has most of the time.
 *
 * <p>The long run is that of {@link ReadHistoryTest}, with {@code -Dtest=KvHistoryTest}.
 */
@Tag("process")
class KvHistoryTest {
    private static final int SECONDS = 20;
    private static final List<ReadMode> MODES = List.of(ReadMode.values());
    private static final List<String> SETTINGS = List.of("--lease-ms", "150");

    @Test
    void whatClientsSeeIsLinearizable(@TempDir Path directory) throws Exception {
        new HistoryPlay(new KvRegisters(), MODES, SETTINGS).play(directory, SECONDS);
    }
}
