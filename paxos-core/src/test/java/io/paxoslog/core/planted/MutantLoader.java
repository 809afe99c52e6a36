package io.paxoslog.core.planted;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Loads the project's classes anew: those of the mutated module from memory, tests and other
 * modules from the class path. Everything else, JUnit included, is shared with the loader above.
 */
final class MutantLoader extends ClassLoader {
    private static final String PROJECT = "io.paxoslog.";

    private final Map<String, byte[]> mutated;

    MutantLoader(Map<String, byte[]> mutated, ClassLoader above) {
        super(above);
        this.mutated = mutated;
        setDefaultAssertionStatus(true);
    }

    /** Tests that are loaded here wait less long for what may never come. */
    void beImpatient() throws ReflectiveOperationException {
        loadClass(Patience.class.getName()).getMethod("beShort").invoke(null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PROJECT)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = mutated.containsKey(name) ? mutated.get(name) : read(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream stream =
                getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (stream == null) {
                throw new ClassNotFoundException(name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
