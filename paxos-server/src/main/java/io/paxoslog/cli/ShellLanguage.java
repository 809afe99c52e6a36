package io.paxoslog.cli;

import java.util.List;

/**
 * What a command that reads lines speaks to a state machine of its own. Modules that bring a state
 * machine along bring its language, as a service of this type.
 */
public interface ShellLanguage {
    /** Name of the command. */
    String name();

    /** One line on the command, for its help. */
    String header();

    /** Which lines there are, for its help. */
    List<String> usage();

    /** Commands that can be typed as they stand, for its help. */
    List<String> examples();

    /**
     * Reads the words of a line.
     *
     * @param words at least one
     * @throws IllegalArgumentException saying in one line what is wrong with them
     */
    ShellRequest read(List<byte[]> words);
}
