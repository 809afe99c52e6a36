package io.paxoslog.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.testkit.disk.PowerLoss;
import io.paxoslog.testkit.disk.SimulatedFiles;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Scenario 16: 200 commands on three nodes whose journals roll, and power goes right before or
 * right after an operation of a disk, on that node or on all at once; of what was not forced
 * nothing is left, or all but the last write. The oracles watch, and the cluster must come to rest.
 * One operation in three is played in a build, each with {@code -Dpower.each=1}.
 */
@Execution(ExecutionMode.CONCURRENT)
class PowerLossAtEveryForceTest {
    private static final int COMMANDS = 200;
    private static final int PATIENCE_TIMEOUTS = 200;
    private static final int EACH = Integer.getInteger("power.each", 3);
    private static final int LEAST_CASES = 1_000 / EACH;
    private static final Swarm SWARM = new Swarm(3, 0, 5);

    private int cases;

    @ParameterizedTest
    @CsvSource({"A, false", "B, false", "C, false", "A, true"})
    void losesNothingThatWasAcknowledged(char victim, boolean hitsAll) {
        enumerate(victim, hitsAll);
        System.out.println("power loss at every operation of a disk: " + cases + " runs");
        assertThat(cases).isGreaterThan(LEAST_CASES);
    }

    private void enumerate(char victim, boolean hitsAll) {
        long operation = 1L - EACH;
        boolean isLost;
        do {
            operation += EACH;
            isLost = play(victim, hitsAll, operation, true);
            isLost &= play(victim, hitsAll, operation, false);
        } while (isLost);
        assertThat(operation).as("operations of " + victim).isGreaterThan(COMMANDS / 4);
    }

    /** False when the commands were done before that operation. */
    private boolean play(char victim, boolean hitsAll, long operation, boolean isBefore) {
        cases++;
        boolean[] isLost = new boolean[1];
        CalmCluster.play(
                1,
                SWARM,
                cluster -> {
                    World world = cluster.world();
                    List<SimulatedNode> hit =
                            hitsAll ? world.nodes() : List.of(cluster.node(victim));
                    SimRandom chance = new SimRandom(operation);
                    world.onPowerLoss(
                            node -> {
                                isLost[0] = true;
                                hit.forEach(other -> losePower(cluster, other, chance));
                            });
                    arm(cluster.node(victim).disk().files(), operation, isBefore);
                    long wanted = cluster.acknowledged() + COMMANDS;
                    cluster.require(
                            PATIENCE_TIMEOUTS,
                            "so many commands are acknowledged",
                            () -> cluster.acknowledged() >= wanted && areUp(hit));
                    cluster.node(victim).disk().files().dieAfter(Long.MAX_VALUE);
                });
        return isLost[0];
    }

    private static void arm(SimulatedFiles files, long operation, boolean isBefore) {
        if (isBefore) {
            files.dieBefore(files.operations() + operation);
        } else {
            files.dieAfter(files.operations() + operation);
        }
    }

    private static void losePower(CalmCluster cluster, SimulatedNode node, SimRandom chance) {
        node.losePower(
                chance.chance(500)
                        ? PowerLoss.ofEverything()
                        : PowerLoss.after(node.disk().files().writes() - 1));
        cluster.restartLater(node, 2);
    }

    private static boolean areUp(List<SimulatedNode> nodes) {
        return nodes.stream().allMatch(SimulatedNode::isUp);
    }
}
