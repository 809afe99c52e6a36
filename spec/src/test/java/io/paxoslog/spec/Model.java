package io.paxoslog.spec;

import java.util.List;

/**
 * One run of TLC and what must come out of it.
 *
 * @param name of the run
 * @param module the module to check
 * @param expected what must come out
 * @param invariant the one to be found broken, or null
 * @param atLeast distinct states that an exhaustive run must find, or walks to take
 * @param depth longest walk
 * @param isLarge whether it takes too long for every build
 * @param configuration the lines of the configuration file
 */
record Model(
        String name,
        String module,
        Expected expected,
        String invariant,
        long atLeast,
        int depth,
        boolean isLarge,
        List<String> configuration) {

    enum Expected {
        HOLDS,
        BREAKS,
        WALKS
    }
}
