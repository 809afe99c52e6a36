package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.Path;

/** A part of a file that the disk does not give back; names it. */
final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** By way of a mapping, which does not say where. */
    UnreadableException(Path file, InternalError cause) {
        super(file + " cannot be read from the disk", cause);
    }

    UnreadableException(Path file, long offset, String why) {
        super(file + " cannot be read from the disk at byte " + offset + " (" + why + ")");
    }

    UnreadableException(Path file, long offset, IOException cause) {
        super(
                file
                        + " cannot be read from the disk at byte "
                        + offset
                        + " ("
                        + cause.getMessage()
                        + ")",
                cause);
    }
}
