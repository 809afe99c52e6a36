package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientWaysTest {
    private final ClientWays ways = new ClientWays(() -> 1);

    @Test
    void aClientThatComesAgainIsServedWithTheSizeThatWasLearned() {
        ways.to("10.0.0.1:5000").tooLarge(65_440);
        assertThat(ways.to("10.0.0.1:6000").of(65_440)).isEqualTo(1408);
        assertThat(ways.to("10.0.0.2:5000").of(65_440)).isEqualTo(65_440);
    }

    @Test
    void clientsWithoutEndTakeNoMemoryWithoutEnd() {
        ways.to("10.0.0.1:1").tooLarge(65_440);
        for (int i = 0; i < 1024; i++) {
            ways.to("10.1." + i / 256 + "." + i % 256 + ":1");
        }
        assertThat(ways.to("10.0.0.1:1").of(65_440)).isEqualTo(65_440);
    }
}
