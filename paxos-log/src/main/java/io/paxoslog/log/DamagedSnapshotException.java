package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.Path;

/** A file of a snapshot that is missing, or not as it was written; names it. */
final class DamagedSnapshotException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final String why;

    DamagedSnapshotException(Path file, String why) {
        super(file + " is damaged: " + why);
        this.file = file;
        this.why = why;
    }

    Path file() {
        return file;
    }

    String why() {
        return why;
    }
}
