package io.paxoslog.architecture;

import static io.paxoslog.architecture.ArchitectureRules.CLIENTS_KNOW_NO_NODE;
import static io.paxoslog.architecture.ArchitectureRules.CORE_AND_SERVICE_ARE_DETERMINISTIC;
import static io.paxoslog.architecture.ArchitectureRules.CORE_KNOWS_NOTHING_OUTSIDE;
import static io.paxoslog.architecture.ArchitectureRules.LIBRARIES_KEEP_THEIR_PLACE;
import static io.paxoslog.architecture.ArchitectureRules.PORTS_ANSWER_NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import io.paxoslog.client.forbidden.KnowsTheNode;
import io.paxoslog.core.forbidden.KnowsTheCodecs;
import io.paxoslog.core.forbidden.PortThatAnswers;
import io.paxoslog.core.forbidden.ReadsTheClock;
import io.paxoslog.service.forbidden.DrawsWithoutSeed;
import io.paxoslog.service.forbidden.SpeaksAeron;
import io.paxoslog.service.forbidden.StartsThread;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the production classes of all modules against the rules, and the rules against breaches.
 */
class ArchitectureTest {

    private static JavaClasses production;

    @BeforeAll
    static void importProduction() {
        production =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .withImportOption(ArchitectureTest::isNotATestJar)
                        .importPackages("io.paxoslog");
    }

    @Test
    void everyModuleIsLookedAt() {
        assertThat(production)
                .extracting(type -> type.getPackageName())
                .contains(
                        "io.paxoslog.codecs.peer",
                        "io.paxoslog.core",
                        "io.paxoslog.media",
                        "io.paxoslog.client",
                        "io.paxoslog.log",
                        "io.paxoslog.cli");
        assertThat(production)
                .extracting(type -> type.getPackageName())
                .doesNotContain("io.paxoslog.architecture", "io.paxoslog.core.forbidden");
    }

    @Test
    void coreKnowsNothingOutside() {
        CORE_KNOWS_NOTHING_OUTSIDE.allowEmptyShould(true).check(production);
        assertCaught(List.of(CORE_KNOWS_NOTHING_OUTSIDE), KnowsTheCodecs.class);
    }

    @Test
    void coreAndServiceAreDeterministic() {
        CORE_AND_SERVICE_ARE_DETERMINISTIC.forEach(ArchitectureTest::checkProduction);
        assertCaught(CORE_AND_SERVICE_ARE_DETERMINISTIC, ReadsTheClock.class);
        assertCaught(CORE_AND_SERVICE_ARE_DETERMINISTIC, StartsThread.class);
        assertCaught(CORE_AND_SERVICE_ARE_DETERMINISTIC, DrawsWithoutSeed.class);
    }

    @Test
    void portsAnswerNothing() {
        PORTS_ANSWER_NOTHING.forEach(ArchitectureTest::checkProduction);
        assertCaught(PORTS_ANSWER_NOTHING, PortThatAnswers.class);
    }

    @Test
    void librariesKeepTheirPlace() {
        LIBRARIES_KEEP_THEIR_PLACE.forEach(ArchitectureTest::checkProduction);
        assertCaught(LIBRARIES_KEEP_THEIR_PLACE, KnowsTheCodecs.class);
        assertCaught(LIBRARIES_KEEP_THEIR_PLACE, SpeaksAeron.class);
    }

    @Test
    void clientsKnowNoNode() {
        checkProduction(CLIENTS_KNOW_NO_NODE);
        assertCaught(List.of(CLIENTS_KNOW_NO_NODE), KnowsTheNode.class);
    }

    private static void checkProduction(ArchRule rule) {
        rule.allowEmptyShould(true).check(production);
    }

    private static void assertCaught(List<ArchRule> rules, Class<?> breach) {
        JavaClasses classes = new ClassFileImporter().importClasses(breach);
        assertThat(rules)
                .as("rules that catch " + breach.getSimpleName())
                .anyMatch(rule -> rule.allowEmptyShould(true).evaluate(classes).hasViolation());
    }

    private static boolean isNotATestJar(Location location) {
        return !location.contains("-tests.jar");
    }
}
