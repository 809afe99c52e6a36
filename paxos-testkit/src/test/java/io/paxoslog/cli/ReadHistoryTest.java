package io.paxoslog.cli;

import io.paxoslog.client.ReadMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A map, read in every mode but by lease, which its nodes do not offer.
 *
 * <p>The long run: {@code mvn verify -pl paxos-testkit -am -Dtest=ReadHistoryTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dreads.seconds=600 -Dreads.clients=5 -Dreads.sessions=4
 * -Dfaults.freezeMs=15000 -Dfaults.clock=$PWD/other-clock.so}; one kind only with {@code
 * -Dreads.mode=QUORUM}.
 */
@Tag("process")
class ReadHistoryTest {
    private static final int SECONDS = 12;
    private static final List<ReadMode> MODES =
            List.of(
                    ReadMode.LOG,
                    ReadMode.READ_INDEX,
                    ReadMode.FOLLOWER,
                    ReadMode.QUORUM,
                    ReadMode.AT_LEAST,
                    ReadMode.STALE);

    @Test
    void whatClientsSeeIsLinearizable(@TempDir Path directory) throws Exception {
        new HistoryPlay(new MapRegisters(), MODES, List.of()).play(directory, SECONDS);
    }
}
