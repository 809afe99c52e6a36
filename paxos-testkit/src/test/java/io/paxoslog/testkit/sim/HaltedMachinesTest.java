package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that state machines cannot take, on all nodes or some, for good or for once; operators
 * who skip and retry whatever they see; losses of messages, power and processes, and corrected
 * builds that come one node at a time. At equal applied slot all hold the same state, and in the
 * end all of it is applied.
 */
@Execution(ExecutionMode.CONCURRENT)
class HaltedMachinesTest {
    private static final int SEEDS_A_RUN = 40;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void noTwoNodesDifferWhateverOperatorsDecide(int nodes) {
        HaltTotals totals = new HaltTotals();
        for (long seed = 1; seed <= SEEDS_A_RUN; seed++) {
            new HaltWorld(nodes, 1_000L * nodes + seed, false, totals).play();
        }

        assertThat(totals.halts).as("halts").isPositive();
        assertThat(totals.skips).as("skips in force").isPositive();
        assertThat(totals.retries).as("retries in force").isPositive();
        assertThat(totals.held).as("starts that held below a slot").isPositive();
        if (nodes > 1) {
            assertThat(totals.refusals).as("skips refused").isPositive();
            assertThat(totals.roomMade).as("halted leaders that gave way").isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void limitsHoldFromOneSlotOnOnAllNodes(int nodes) {
        HaltTotals totals = new HaltTotals();
        for (long seed = 1; seed <= SEEDS_A_RUN / 2; seed++) {
            new HaltWorld(nodes, 7_000L * nodes + seed, true, totals).play();
        }

        assertThat(totals.limits).as("limits in force").isPositive();
        assertThat(totals.halts).as("halts").isPositive();
        if (nodes > 1) {
            assertThat(totals.voidLimits).as("limits that were void").isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void versionsHoldFromOneSlotOnOnAllNodes(int nodes) {
        HaltTotals totals = new HaltTotals();
        for (long seed = 1; seed <= SEEDS_A_RUN / 2; seed++) {
            new HaltWorld(nodes, 9_000L * nodes + seed, false, totals).raising().play();
        }

        assertThat(totals.versions).as("versions that were agreed").isPositive();
        assertThat(totals.halts).as("halts").isPositive();
    }
}
