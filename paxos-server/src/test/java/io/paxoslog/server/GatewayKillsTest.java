package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is killed does nothing twice and leaves nothing out. */
@Timeout(120)
class GatewayKillsTest {
    @TempDir Path directory;

    @Test
    void eachReplyAndEachFillIsWrittenDownOnce() throws Exception {
        assertThat(new GatewayKills(directory).run(3)).startsWith("3 kills of the gateway");
    }
}
