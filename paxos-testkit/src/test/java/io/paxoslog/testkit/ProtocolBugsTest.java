package io.paxoslog.testkit;

import io.paxoslog.core.planted.Killer;
import io.paxoslog.core.planted.PlantedBugsCase;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

/** Each safety rule of the core, broken on purpose, is found by the simulator. */
class ProtocolBugsTest extends PlantedBugsCase {
    ProtocolBugsTest() {
        super("planted-bugs-protocol.txt", "../paxos-core/src/main/java");
    }

    @Override
    protected Map<String, Killer> killers() {
        return Map.of(
                "seeds", SeedKiller.anyFailure(),
                "shrunk", ProtocolBugsTest::shrink,
                "scenario", ProtocolBugsTest::playScenario);
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
}
