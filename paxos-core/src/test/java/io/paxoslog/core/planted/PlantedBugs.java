package io.paxoslog.core.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Plants each bug of a catalogue in a copy of a module and shows that its killer finds it there,
 * and finds nothing in the original. A test that was never seen to fail proves nothing.
 *
 * <p>Killers are {@code test package.Class#method}, run by JUnit, {@code alone
 * package.Class#method}, the same for a test that others beside it could make too slow, and those
 * that are added. Several threads may look for bugs at a time.
 */
final class PlantedBugs {
    private static final String ALONE = "alone";

    private final MutantCompiler compiler;
    private final List<PlantedBug> catalogue;
    private final Map<String, Killer> killers = new HashMap<>();
    private final Map<String, OnOriginal> onOriginal = new ConcurrentHashMap<>();
    private final Map<PlantedBug, String> found = new ConcurrentHashMap<>();
    private final ReadWriteLock machine = new ReentrantReadWriteLock();
    private MutantLoader original;

    /**
     * @param sourceRoots directories with the production sources of one module
     * @param catalogue file that {@link PlantedBug#readAll} reads
     */
    PlantedBugs(List<Path> sourceRoots, Path catalogue) {
        compiler = new MutantCompiler(sourceRoots);
        killers.put("test", new TestKiller());
        killers.put(ALONE, new TestKiller());
        try {
            this.catalogue = PlantedBug.readAll(Files.readAllLines(catalogue));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a kind of killer, by the word that stands for it in the catalogue. */
    void addKiller(String kind, Killer killer) {
        killers.put(kind, killer);
    }

    /** The bugs, in the order of the catalogue. */
    List<PlantedBug> catalogue() {
        return catalogue;
    }

    /**
     * Shows that one bug is found.
     *
     * @throws AssertionError when its killer fails on the original or passes on the mutant
     */
    void requireFound(PlantedBug bug) throws ReflectiveOperationException {
        boolean isAlone = bug.killer().startsWith(ALONE + " ");
        Lock lock = isAlone ? machine.writeLock() : machine.readLock();
        lock.lock();
        try {
            find(bug);
        } finally {
            lock.unlock();
        }
    }

    private void find(PlantedBug bug) throws ReflectiveOperationException {
        String[] parts = bug.killer().split(" ", 2);
        Killer killer = killers.get(parts[0]);
        if (killer == null || parts.length != 2) {
            throw new IllegalArgumentException(
                    "bug '" + bug.name() + "': no such killer: " + bug.killer());
        }
        String argument = parts[1].strip();
        MutantLoader mutant = new MutantLoader(compiler.compile(bug), getClass().getClassLoader());
        mutant.beImpatient();
        String how = killer.run(mutant, argument);
        if (how.equals(Killer.FOUND_NOTHING)) {
            throw new AssertionError("planted bug '" + bug.name() + "' survives " + bug.killer());
        }
        found.put(bug, how);
        String again = killer.onOriginal(argument, how);
        onOriginal
                .computeIfAbsent(parts[0] + " " + again, any -> new OnOriginal())
                .requirePasses(killer, again);
    }

    private synchronized MutantLoader original() {
        if (original == null) {
            original = new MutantLoader(compiler.compileOriginal(), getClass().getClassLoader());
        }
        return original;
    }

    /** One line a bug that was found: its name, its killer and how it was found. */
    String table() {
        StringBuilder table = new StringBuilder();
        for (PlantedBug bug : catalogue) {
            if (found.containsKey(bug)) {
                String how = found.get(bug);
                table.append(String.format("%-60s | %s | %s%n", bug.name(), bug.killer(), how));
            }
        }
        return table.toString();
    }

    /** What one killer says of the classes as they are: asked once, by whoever comes first. */
    private final class OnOriginal {
        private boolean hasPassed;

        synchronized void requirePasses(Killer killer, String argument)
                throws ReflectiveOperationException {
            if (hasPassed) {
                return;
            }
            String how = killer.run(original(), argument);
            if (!how.equals(Killer.FOUND_NOTHING)) {
                throw new AssertionError(argument + " fails on the original: " + how);
            }
            hasPassed = true;
        }
    }
}
