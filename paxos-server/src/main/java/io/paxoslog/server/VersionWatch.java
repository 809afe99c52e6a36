package io.paxoslog.server;

import io.paxoslog.core.Replica;
import java.util.function.Consumer;

/** A line for people whenever the log says that another version is agreed. */
final class VersionWatch {
    private final Consumer<String> log;
    private long knownSlot;

    VersionWatch(Consumer<String> log) {
        this.log = log;
    }

    /** Looks whether another one is agreed than before. */
    void onTick(Replica replica) {
        long slot = replica.versionAt();
        if (slot != knownSlot) {
            knownSlot = slot;
            log.accept("agreed by the entry at slot " + slot + ": " + replica.version());
        }
    }
}
