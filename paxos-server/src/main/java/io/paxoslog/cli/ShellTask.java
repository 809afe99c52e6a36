package io.paxoslog.cli;

import io.paxoslog.client.SharedClient;

/**
 * What is given as words and is no line of a shell: it goes on until it is done, or its user ends
 * it.
 */
public interface ShellTask {
    /** What the command line is to a task. Used by the task's thread. */
    interface Host {
        /** Whether the task is to end. */
        boolean isStopping();

        /** Prints a line at once: the text, or with {@code --json} the object. */
        void say(String text, Json json);

        /** Says one line to whoever looks on. */
        void warn(String line);
    }

    /**
     * Runs it.
     *
     * @param client to be closed by the caller
     * @return the exit code
     * @throws io.paxoslog.client.ClientException what ends it
     */
    int run(SharedClient client, Host host);
}
