package io.paxoslog.cli;

import java.util.List;

/** Tasks that are found beside the lines of a language; a service, as {@link ShellLanguage} is. */
public interface ShellTasks {
    /** Name of the language. */
    String language();

    /**
     * Reads what is given as words.
     *
     * @param words at least one
     * @return null: it is none of these tasks
     * @throws IllegalArgumentException saying in one line what is wrong with them
     */
    ShellTask read(List<String> words);
}
