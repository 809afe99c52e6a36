package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.media.Bell;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who rests beside a bell, who parks, and that both are woken. */
@Timeout(20)
class RestTest {
    private static NodeConfig config(Idle idle, Threads threads) {
        return NodeConfig.builder()
                .id(1)
                .members("1=localhost:25000")
                .dir(Path.of("unused"))
                .set(Settings.IDLE, idle)
                .set(Settings.THREADS, threads)
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "BACKOFF, ONE, true",
        "BACKOFF, TWO, false",
        "BACKOFF, FOUR, false",
        "YIELD, ONE, false",
        "SPIN, ONE, false"
    })
    void whoHearsDatagramsItselfSleepsBesideABell(Idle idle, Threads threads, boolean isBeside) {
        try (Rest rest = Rest.of(config(idle, threads))) {
            assertThat(rest.bell() != Bell.SILENT).isEqualTo(isBeside);
        }
    }

    @Test
    void whoParksIsWoken() throws InterruptedException {
        try (Rest rest = Rest.of(config(Idle.BACKOFF, Threads.TWO))) {
            rest.wake();
            Thread parked = new Thread(LockSupport::park);
            rest.ownedBy(parked);
            parked.start();
            while (parked.isAlive()) {
                rest.wake();
                parked.join(1);
            }
        }
    }
}
