package io.paxoslog.service;

import java.io.IOException;
import java.io.OutputStream;

/**
 * The state of a {@link StateMachine} between two commands, to be written into a snapshot. Equal
 * states must be written as equal bytes: nodes tell their snapshots apart by them.
 */
public interface StateView extends AutoCloseable {
    /**
     * Writes the state. Called once, by another thread than the one that applies; nothing may be
     * written that came in after the view was made.
     *
     * @param out takes what {@link StateMachine#restore} is to read; buffered, and not to be closed
     */
    void writeTo(OutputStream out) throws IOException;

    /**
     * Whether the view stays as it is while commands are applied. If it does not, no command is
     * applied before it is written, and a node that leads takes no snapshot.
     */
    default boolean isFrozen() {
        return true;
    }

    /** Nobody needs the view any more, whether it was written or not. */
    @Override
    default void close() {}
}
