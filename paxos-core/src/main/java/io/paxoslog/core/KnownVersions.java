package io.paxoslog.core;

/**
 * Which versions one build, with its state machine, can go by. Immutable.
 *
 * @param oldestSystem the lowest system version
 * @param newestSystem the highest system version
 * @param newestApplication the highest version of the state machine, which knows all before it
 */
public record KnownVersions(int oldestSystem, int newestSystem, int newestApplication) {
    /**
     * The newest system version that this build knows. Version 2: which version is agreed stands in
     * the log, genesis included, and membership entries may be of encoding 3. Version 3: sessions
     * of which nothing is heard expire.
     */
    public static final int NEWEST_SYSTEM = 3;

    /** Of this build, with a state machine that has had one version. */
    public static final KnownVersions OF_BUILD = new KnownVersions(1, NEWEST_SYSTEM, 1);

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public KnownVersions {
        boolean areSystems = oldestSystem >= 1 && newestSystem >= oldestSystem;
        if (!areSystems || newestSystem > Version.MAX) {
            throw new IllegalArgumentException(
                    "system versions " + oldestSystem + " to " + newestSystem + " are none");
        }
        if (newestApplication < 1 || newestApplication > Version.MAX) {
            throw new IllegalArgumentException(
                    "newestVersion of the state machine: 1 to "
                            + Version.MAX
                            + ", not "
                            + newestApplication);
        }
    }

    /** The same with a state machine that knows versions up to another one. */
    public KnownVersions withApplication(int newest) {
        return new KnownVersions(oldestSystem, newestSystem, newest);
    }

    /** The highest of both. */
    public Version newest() {
        return new Version(newestSystem, newestApplication);
    }

    /**
     * Why this build cannot go by what is agreed.
     *
     * @param at slot from which on it is agreed; 0 when nobody said so
     * @return one line for people, or null when it can
     */
    public String whyNot(Version agreed, long at) {
        String since = at == 0 ? "" : " at slot " + at;
        if (agreed.system() > newestSystem) {
            return "the cluster agreed on system version %d%s; this build knows %d to %d: start a newer build"
                    .formatted(agreed.system(), since, oldestSystem, newestSystem);
        }
        if (agreed.system() < oldestSystem) {
            return "the cluster goes by system version %d%s; this build knows %d to %d: start an older build, and raise the version under it"
                    .formatted(agreed.system(), since, oldestSystem, newestSystem);
        }
        return agreed.application() <= newestApplication
                ? null
                : "the cluster agreed on application version %d%s; the state machine of this build knows versions up to %d: start a build whose state machine knows it"
                        .formatted(agreed.application(), since, newestApplication);
    }
}
