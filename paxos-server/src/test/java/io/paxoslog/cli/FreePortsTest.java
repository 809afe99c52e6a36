package io.paxoslog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void blocksDoNotOverlap() {
        List<Integer> first = FreePorts.find(5);
        assertThat(first).hasSize(5).doesNotHaveDuplicates();
        assertThat(first).allSatisfy(port -> assertThat(port % FreePorts.PORTS_PER_NODE).isZero());
    }
}
