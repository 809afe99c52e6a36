package io.paxoslog.cli;

import io.paxoslog.client.ReadMode;
import java.util.List;

/**
 * A line whose answer goes on: it is asked again and again, each time it says what is new. Given as
 * words it ends with its user; in a shell with its deadline.
 */
public interface ShellStream extends ShellRequest {
    /** How it is asked next. */
    ReadMode mode();

    /** From what slot on. */
    long slot();

    /** What was taken and not said yet. */
    List<String> news(boolean isJson);

    /** Whether the node has no room for those that wait. */
    boolean isToPause();

    @Override
    default boolean isRead() {
        return true;
    }
}
