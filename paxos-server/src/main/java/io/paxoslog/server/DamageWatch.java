package io.paxoslog.server;

import io.paxoslog.log.DamagedRecord;
import io.paxoslog.metrics.ReplicaCounters;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Shows operators which records of the journal cannot be read back, each once however often it is
 * asked for. Any thread.
 */
final class DamageWatch implements Consumer<DamagedRecord> {
    private static final int MOST_REMEMBERED = 10_000;

    private record Place(Path file, long offset) {}

    private final NodeLog log;
    private final ReplicaCounters counters;
    private final Set<Place> known = new HashSet<>();

    DamageWatch(NodeLog log, ReplicaCounters counters) {
        this.log = log;
        this.counters = counters;
    }

    @Override
    public synchronized void accept(DamagedRecord damaged) {
        boolean isNew =
                known.size() < MOST_REMEMBERED
                        && known.add(new Place(damaged.file(), damaged.offset()));
        if (isNew) {
            counters.damaged(damaged.firstSlot());
            log.line(
                    "damaged: "
                            + damaged
                            + "; whoever asks for it here is sent to another node, check the disk"
                            + " and replace this node");
        }
    }
}
