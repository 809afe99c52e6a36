package io.paxoslog.kv;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.paxoslog.kv.recipe.KvSession;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The store does what the log says and nothing else: no clock, thread, random, file or socket. */
class KvArchitectureTest {
    private static final String STORE = "io.paxoslog.kv";

    private static final List<ArchRule> RULES =
            List.of(
                    noClasses()
                            .that()
                            .resideInAPackage(STORE)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(
                                    "io.aeron..",
                                    "net.openhft..",
                                    "io.paxoslog.codecs..",
                                    "io.paxoslog.kv.recipe..",
                                    "java.net..",
                                    "java.nio.channels..",
                                    "java.nio.file..",
                                    "java.security..",
                                    "java.time..",
                                    "org.slf4j.."),
                    noClasses()
                            .that()
                            .resideInAPackage(STORE)
                            .should()
                            .dependOnClassesThat()
                            .areAssignableTo(Thread.class)
                            .orShould()
                            .dependOnClassesThat()
                            .areAssignableTo(java.util.Random.class),
                    noClasses()
                            .that()
                            .resideInAPackage(STORE)
                            .should()
                            .callMethodWhere(
                                    target(
                                            nameMatching(
                                                    "currentTimeMillis|nanoTime|randomUUID"
                                                            + "|identityHashCode|getenv"))));

    @Test
    void theStoreAsksTheWorldNothing() {
        JavaClasses production =
                new ClassFileImporter()
                        .importUrl(
                                KvStateMachine.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation());
        assertThat(production).hasSizeGreaterThan(30);
        RULES.forEach(rule -> rule.check(production));
    }

    /** Recipes have threads and clocks: in the place of the store they would be found. */
    @Test
    void rulesFindWhatBreaksThem() {
        JavaClasses recipes = new ClassFileImporter().importClasses(KvSession.class);
        ArchRule elsewhere =
                noClasses()
                        .that()
                        .resideInAPackage("io.paxoslog.kv..")
                        .should()
                        .callMethodWhere(target(nameMatching("nanoTime")));
        assertThat(elsewhere.evaluate(recipes).hasViolation()).isTrue();
    }
}
