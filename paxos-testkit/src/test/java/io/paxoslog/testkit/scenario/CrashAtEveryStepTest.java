package io.paxoslog.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An election and a round of votes, or a change of the members, in which one node dies after each
 * single call it makes into the world, and its disk keeps each possible part of what was not
 * forced.
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

    /** The entry is stored, chosen, and its window filled; leaders tell of it. */
    private static final int MOST_CALLS_OF_A_CHANGE = 75;

    private static final List<String> CHANGE =
            List.of(
                    "propose 1 apple",
                    "settle",
                    "change 1 2,3,4",
                    "tick 50 1",
                    "settle",
                    "tick 10 1",
                    "settle",
                    "tick 50 1",
                    "settle",
                    "run 100");

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
        comeBack(stage, victim, keep, 2_000);
        String how = "victim " + victim + ", calls " + calls + ", keep " + keep;
        assertThat(logs(stage, 1, 2, 3)).as(how).hasSize(1);
    }

    private static void comeBack(Stage stage, int victim, int keep, int ms) {
        stage.takeConsequences();
        stage.perform("power-loss " + victim + " " + keep);
        stage.perform("free-sync " + victim);
        stage.perform("restart " + victim);
        stage.perform("run " + ms);
        stage.takeConsequences();
    }

    private static List<String> logs(Stage stage, int... nodes) {
        return said(stage, "log ", nodes);
    }

    private static List<String> said(Stage stage, String command, int... nodes) {
        IntStream.of(nodes).forEach(node -> stage.perform(command + node));
        return stage.takeConsequences().stream().map(line -> line.substring(1)).distinct().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void hasTheOldMembersOrTheNewOnesAndNeverAMixture(int victim) {
        boolean wereOld = false;
        boolean wereNew = false;
        for (int calls = 0; calls <= MOST_CALLS_OF_A_CHANGE; calls++) {
            for (int keep = 0; keep <= 1; keep++) {
                boolean isNew = playChange(victim, calls, keep);
                wereOld |= !isNew;
                wereNew |= isNew;
            }
        }
        assertThat(wereNew).isTrue();
        // Only the leader takes a change with it when it dies.
        assertThat(wereOld).isEqualTo(victim == 1);
    }

    private static boolean playChange(int victim, int calls, int keep) {
        Stage stage = new Stage();
        stage.perform("nodes 3 openSlotLimit=3");
        stage.perform("lead 1");
        stage.perform("join 4");
        stage.perform("hold-sync " + victim);
        stage.perform("crash-after " + victim + " " + calls);
        CHANGE.forEach(stage::perform);
        comeBack(stage, victim, keep, 3_000);
        String how = "victim " + victim + ", calls " + calls + ", keep " + keep;
        List<String> members = said(stage, "members ", 2, 3);
        assertThat(members).as(how).hasSize(1);
        boolean isNew = members.get(0).startsWith(" members 2,3,4 ");
        int[] all = isNew ? new int[] {2, 3, 4} : new int[] {1, 2, 3};
        assertThat(said(stage, "members ", all)).as(how).isEqualTo(members);
        assertThat(logs(stage, all)).as(how).hasSize(1);
        return isNew;
    }
}
