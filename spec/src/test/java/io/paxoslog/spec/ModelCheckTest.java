package io.paxoslog.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.spec.Model.Expected;
import io.paxoslog.spec.Tlc.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every model of the catalogue comes out as it says there: what holds was explored to its end, and
 * with a rule off the invariant that needs it breaks. {@code -Pmodels} adds the large ones, {@code
 * -Dmodel=NAME} runs those whose name begins so, whatever their size.
 */
@Execution(ExecutionMode.CONCURRENT)
class ModelCheckTest {
    private static final Tlc TLC = new Tlc(Path.of(""), Path.of("target", "tlc"));
    private static final List<Model> CHOSEN = Models.chosenFrom(Path.of("models.txt"));
    private static final Map<Model, Outcome> OUTCOMES = new ConcurrentHashMap<>();

    @TestFactory
    Stream<DynamicTest> comesOutAsExpected() {
        return CHOSEN.stream().map(m -> DynamicTest.dynamicTest(m.name(), () -> check(m)));
    }

    @AfterAll
    static void report() throws IOException {
        ReportTable table = new ReportTable();
        CHOSEN.stream()
                .filter(OUTCOMES::containsKey)
                .forEach(model -> table.add(model, OUTCOMES.get(model)));
        table.print(Path.of("target", "models.md"));
    }

    private static void check(Model model) throws IOException, InterruptedException {
        Outcome outcome = TLC.run(model);
        OUTCOMES.put(model, outcome);
        if (model.expected() == Expected.BREAKS) {
            assertThat(outcome.broken()).as(outcome.output()).isEqualTo(model.invariant());
            return;
        }
        assertThat(outcome.isComplete()).as(outcome.output()).isTrue();
        if (model.expected() == Expected.HOLDS) {
            assertThat(outcome.distinct())
                    .as("distinct states of %s", model.name())
                    .isGreaterThanOrEqualTo(model.atLeast());
        }
    }
}
