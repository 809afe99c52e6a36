package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More than three nodes can take, for a while. */
@Tag("process")
@Timeout(300)
class KvOverloadTest {
    /** All revisions are kept, of as many puts as a fast machine takes. */
    private static final List<String> FLAGS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=4g");

    private static final int SECONDS = 3;
    private static final int WATCHERS = 500;

    @TempDir Path directory;

    @Test
    void whatIsAdmittedEndsWellAndTheRestSaysWhy() throws InterruptedException {
        List<String> settings = List.of("--app", "kv", "--segment-bytes", "4194304");
        try (ClusterProcesses cluster = new ClusterProcesses(3, directory, FLAGS, settings)) {
            cluster.start();
            KvOverload overload = new KvOverload(cluster, WATCHERS);
            overload.run(SECONDS);
            assertThat(overload.problems()).isEmpty();
            assertThat(overload.refusals()).isPositive();
        }
    }
}
