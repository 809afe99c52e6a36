package io.paxoslog.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** One seed is one history only while nothing in it looks at the world outside. */
class PurityTest {
    private static final JavaClasses SIMULATION =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages(
                            "io.paxoslog.testkit", "io.paxoslog.core", "io.paxoslog.service");

    @Test
    void nothingInASimulationReadsARealClock() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.paxoslog.testkit.cli")
                // Shows a machine that reads the clock another time of day.
                .and()
                .doNotHaveSimpleName("Elsewhere")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .check(SIMULATION);
    }

    @Test
    void nothingInASimulationDrawsFromAnythingButItsSeed() {
        noClasses()
                .should()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Random.class, ThreadLocalRandom.class, UUID.class)
                .check(SIMULATION);
    }

    @Test
    void nothingInASimulationWaitsOrOpensASocket() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.channels..", "io.aeron..")
                .check(SIMULATION);
    }
}
