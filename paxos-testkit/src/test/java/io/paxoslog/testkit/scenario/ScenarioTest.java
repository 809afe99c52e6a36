package io.paxoslog.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every scenario. {@code -Dscenario.rewrite=true} rewrites their indented lines. */
class ScenarioTest {

    @ParameterizedTest
    @MethodSource("io.paxoslog.testkit.scenario.Scenario#names")
    void goesAsItIsWritten(String name) {
        if (Boolean.getBoolean("scenario.rewrite")) {
            Scenario.rewrite(name);
        }
        assertThat(Scenario.play(Scenario.read(name))).isEqualTo(Scenario.read(name));
    }
}
