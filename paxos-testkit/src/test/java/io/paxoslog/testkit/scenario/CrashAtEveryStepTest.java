package io.paxoslog.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An election and a round of votes in which one node dies after each single call it makes into the
 * world, and its disk keeps each possible part of what was not forced.
 */
class CrashAtEveryStepTest {
    private static final int MOST_CALLS = 30;
    private static final List<String> STORY =
            List.of(
                    "propose 1 apple",
                    "settle",
                    "campaign 2",
                    "settle",
                    "propose 2 pear",
                    "settle");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void losesNothingThatWasChosen(int victim) {
        for (int calls = 0; calls <= MOST_CALLS; calls++) {
            for (int keep = 0; keep <= 2; keep++) {
                play(victim, calls, keep, false);
                play(victim, calls, keep, true);
            }
        }
    }

    private static void play(int victim, int calls, int keep, boolean holdsSync) {
        Stage stage = new Stage();
        stage.perform("nodes 3");
        stage.perform("lead 1");
        if (holdsSync) {
            stage.perform("hold-sync " + victim);
        }
        stage.perform("crash-after " + victim + " " + calls);
        STORY.forEach(stage::perform);
        stage.takeConsequences();
        stage.perform("power-loss " + victim + " " + keep);
        stage.perform("free-sync " + victim);
        stage.perform("restart " + victim);
        stage.perform("run 2000");
        stage.takeConsequences();
        assertAllLogsAreEqual(stage, "victim " + victim + ", calls " + calls + ", keep " + keep);
    }

    private static void assertAllLogsAreEqual(Stage stage, String how) {
        for (int node = 1; node <= 3; node++) {
            stage.perform("log " + node);
        }
        List<String> logs =
                stage.takeConsequences().stream()
                        .map(line -> line.substring(1))
                        .distinct()
                        .toList();
        assertThat(logs).as(how).hasSize(1);
    }
}
