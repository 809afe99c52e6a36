package io.paxoslog.core.planted;

/** A way to find a planted bug. */
@FunctionalInterface
public interface Killer {
    /** What {@link #run} answers when nothing was found. */
    String FOUND_NOTHING = "";

    /**
     * Looks for a bug.
     *
     * @param classes loader of the project with the bug in it
     * @param argument what the catalogue says behind the kind of killer
     * @return how it was found, in a few words; {@link #FOUND_NOTHING} when it was not
     * @throws ReflectiveOperationException when the killer itself cannot be called
     */
    String run(ClassLoader classes, String argument) throws ReflectiveOperationException;

    /**
     * What to look for in the classes as they are, to see that what was found comes of the bug.
     *
     * @param argument what the catalogue says
     * @param how what {@link #run} answered
     * @return an argument
     */
    default String onOriginal(String argument, String how) {
        return argument;
    }
}
