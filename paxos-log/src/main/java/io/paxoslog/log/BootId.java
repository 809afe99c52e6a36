package io.paxoslog.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells one run of the machine from the next: what was not forced is gone when it differs. */
final class BootId {
    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    static String read() {
        try {
            return Files.readString(FILE).strip();
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Kind.DISK,
                    "cannot read "
                            + FILE
                            + ", which tells whether the machine was restarted: a Linux machine is"
                            + " needed",
                    e);
        }
    }
}
