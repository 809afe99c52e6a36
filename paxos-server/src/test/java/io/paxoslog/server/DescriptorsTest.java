package io.paxoslog.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    private final List<String> warnings = new ArrayList<>();

    @Test
    void aNodeThatNoClientCouldReachIsRefused() {
        assertThatThrownBy(() -> Descriptors.require(44, 44, 256, warnings::add))
                .isInstanceOfSatisfying(
                        StartException.class,
                        e -> assertThat(e.reason()).isEqualTo(StartException.Reason.LIMIT))
                .hasMessageContaining("44")
                .hasMessageContaining("ulimit -n 300");
    }

    @Test
    void roomForFewerClientsThanAllowedIsSaid() {
        Descriptors.require(45, 44, 256, warnings::add);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("256", "room for 1", "ulimit -n 300");
    }

    @Test
    void roomForAllIsNotWorthAWord() {
        Descriptors.require(300, 44, 256, warnings::add);
        assertThat(warnings).isEmpty();
    }
}
