package io.paxoslog.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.spec.Model.Expected;
import io.paxoslog.spec.Tlc.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every model of the catalogue comes out as it says there: what holds was explored to its end, and
 * with a rule off the invariant that needs it breaks. {@code -Pmodels} adds the large ones, {@code
 * -Dmodel=NAME} runs those whose name begins so, whatever their size.
 */
class ModelCheckTest {
    private static final Tlc TLC = new Tlc(Path.of(""), Path.of("target", "tlc"));
    private static final ReportTable TABLE = new ReportTable();

    @TestFactory
    Stream<DynamicTest> comesOutAsExpected() {
        List<Model> chosen = Models.chosenFrom(Path.of("models.txt"));
        return chosen.stream().map(m -> DynamicTest.dynamicTest(m.name(), () -> check(m)));
    }

    @AfterAll
    static void report() throws IOException {
        TABLE.print(Path.of("target", "models.md"));
    }

    private static void check(Model model) throws IOException, InterruptedException {
        Outcome outcome = TLC.run(model);
        TABLE.add(model, outcome);
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
