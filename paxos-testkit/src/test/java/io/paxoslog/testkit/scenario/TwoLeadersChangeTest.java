package io.paxoslog.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A leader proposes other members and is cut off before anybody hears of it, the next one proposes
 * others still, then all reach one another again: all pairs of adding and removing. No two quorums
 * may miss each other, and there is one history in the end.
 */
class TwoLeadersChangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,2,3,4,5 | 1,2,3,4,6 | 2",
                "1,2,3,4,5 | 2,3,4 | 2",
                "1,2,4 | 1,2,3,4,5 | 1",
                "1,2,4 | 2,3,4 | 1",
                "1,2 | 2,3 | 1",
                "1,5 | 2,6 | 2"
            })
    void leavesOneHistory(String first, String second, int heartbeats) {
        Stage stage = new Stage();
        perform(
                stage,
                "nodes 4 openSlotLimit=3",
                "lead 1",
                "propose 1 apple",
                "settle",
                "join 5",
                "join 6",
                "run 50",
                "change 1 " + first);
        for (int i = 0; i < heartbeats; i++) {
            // Members to come promise, and get the log.
            perform(stage, "tick 50 1", "settle", "tick 50 5", "settle");
        }
        perform(stage, "cut 1->2 1->3 1->4 1->5 1->6", "tick 10 1");
        assertThat(stage.takeConsequences()).anyMatch(it -> it.endsWith("membership of " + first));

        perform(stage, "settle", "lead 2", "change 2 " + second, "run 500", "heal", "run 3000");
        stage.takeConsequences();

        List<String> members = new ArrayList<>();
        List<String> logs = new ArrayList<>();
        for (String node : second.split(",", -1)) {
            perform(stage, "members " + node);
            members.addAll(stage.takeConsequences());
            perform(stage, "log " + node);
            logs.addAll(stage.takeConsequences());
        }
        assertThat(members).allMatch(line -> line.substring(1).startsWith(" members " + second));
        assertThat(logs.stream().map(line -> line.substring(1)).distinct()).hasSize(1);
    }

    private static void perform(Stage stage, String... commands) {
        for (String command : commands) {
            stage.perform(command);
        }
    }
}
