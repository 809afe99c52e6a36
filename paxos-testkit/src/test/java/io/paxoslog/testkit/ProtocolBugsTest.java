package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugs;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each safety rule of the core, broken on purpose, is found by the simulator. */
class ProtocolBugsTest {
    private static final PlantedBugs BUGS =
            new PlantedBugs(
                            List.of(Path.of("../paxos-core/src/main/java")),
                            Path.of("src/test/resources/planted-bugs-protocol.txt"))
                    .withKiller("seeds", ProtocolBugsTest::playSeeds)
                    .withKiller("shrunk", ProtocolBugsTest::shrink)
                    .withKiller("scenario", ProtocolBugsTest::playScenario);

    /** Plays seeds from 1 on until one fails. */
    private static String playSeeds(ClassLoader classes, String count)
            throws ReflectiveOperationException {
        Method firstFailure =
                classes.loadClass("io.paxoslog.testkit.sim.Simulation")
                        .getMethod("firstFailure", long.class, int.class);
        return (String) firstFailure.invoke(null, 1L, Integer.parseInt(count));
    }

    /** {@code SEED LINES}: the seed fails, and a scenario of at most so many lines fails alike. */
    private static String shrink(ClassLoader classes, String seedAndLines)
            throws ReflectiveOperationException {
        String[] words = seedAndLines.split(" ", -1);
        Object replay =
                classes.loadClass("io.paxoslog.testkit.sim.Replay")
                        .getMethod("of", long.class)
                        .invoke(null, Long.parseLong(words[0]));
        List<?> script = (List<?>) replay.getClass().getMethod("script").invoke(replay);
        List<?> shrunk =
                (List<?>)
                        classes.loadClass("io.paxoslog.testkit.scenario.Shrinker")
                                .getMethod("shrink", List.class)
                                .invoke(null, script);
        boolean isShort = !shrunk.isEmpty() && shrunk.size() <= Integer.parseInt(words[1]);
        return isShort ? script.size() + " commands cut to " + shrunk.size() : Killer.FOUND_NOTHING;
    }

    private static String playScenario(ClassLoader classes, String name)
            throws ReflectiveOperationException {
        Method firstDifference =
                classes.loadClass("io.paxoslog.testkit.scenario.Scenario")
                        .getMethod("firstDifference", String.class);
        return (String) firstDifference.invoke(null, name);
    }

    @TestFactory
    Stream<DynamicTest> isFound() {
        return BUGS.catalogue().stream()
                .map(bug -> DynamicTest.dynamicTest(bug.name(), () -> BUGS.requireFound(bug)));
    }

    @AfterAll
    static void printTable() {
        System.out.println("planted bug | killer | how it was found\n" + BUGS.table());
    }
}
