package io.paxoslog.server;

import io.paxoslog.core.Replica;
import io.paxoslog.log.ChronicleJournal;
import io.paxoslog.log.DamagedRecord;
import io.paxoslog.metrics.ReplicaCounters;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hears of records of the journal that cannot be read back, on any thread: shows them to operators,
 * each once however often it is asked for, and has the replica ask others for what they held.
 */
final class DamageWatch implements Consumer<DamagedRecord> {
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_WAITING = 10_000;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private record Place(Path file, long offset) {}

    private final NodeLog log;
    private final ReplicaCounters counters;
    private final Set<Place> known = new HashSet<>();
    private final Queue<DamagedRecord> waiting = new LinkedBlockingQueue<>(MOST_WAITING);

    // Of the replica thread.
    private long nextLookNs;
    private long unknown;
    private long repaired;

    DamageWatch(NodeLog log, ReplicaCounters counters, long nowNs) {
        this.log = log;
        this.counters = counters;
        nextLookNs = nowNs;
    }

    @Override
    public void accept(DamagedRecord damaged) {
        show(damaged);
        // What does not fit is met again.
        waiting.offer(damaged);
    }

    private synchronized void show(DamagedRecord damaged) {
        boolean isNew =
                known.size() < MOST_REMEMBERED
                        && known.add(new Place(damaged.file(), damaged.offset()));
        if (isNew) {
            counters.damaged(damaged.firstSlot());
            log.line(
                    "damaged: "
                            + damaged
                            + "; other nodes are asked for it once it is chosen; check the disk");
        }
    }

    /** What the start found; before anything else happens. */
    void started(ChronicleJournal journal, Replica replica, long snapshotSlot) {
        if (journal.rebuilt() != null) {
            log.line("damaged: " + journal.rebuilt());
        }
        journal.forEachUnknown(replica::unknown);
        List<String> places = journal.damagedPlaces();
        if (!places.isEmpty()) {
            log.line(
                    "damaged: %s%s, though it was forced: %s; check the disk"
                            .formatted(
                                    places.get(0),
                                    places.size() == 1
                                            ? ""
                                            : " and %,d more places".formatted(places.size() - 1),
                                    lost(replica.unknownSlots())));
        }
        if (journal.firstKept() > snapshotSlot + 1) {
            log.line(
                    "damaged: the log begins at slot %,d, and %s: the state machine waits for a snapshot from another node, the node votes on; check the disk"
                            .formatted(
                                    journal.firstKept(),
                                    snapshotSlot == 0
                                            ? "no snapshot here can be read"
                                            : "the newest snapshot here that can be read is of slot "
                                                    + snapshotSlot));
        }
    }

    private static String lost(long slots) {
        return slots == 0
                ? "no chosen slot is unknown here for that"
                : String.format(
                        Locale.ROOT,
                        "%,d chosen slots are unknown here until other nodes supply them",
                        slots);
    }

    /** Hands on what was met, and tells how repair goes. On the replica thread. */
    void onTick(long nowNs, Replica replica) {
        if (nowNs - nextLookNs < 0) {
            return;
        }
        nextLookNs = nowNs + LOOK_NS;
        for (DamagedRecord next = waiting.poll(); next != null; next = waiting.poll()) {
            replica.unknown(next.firstSlot(), next.lastSlot());
        }
        long unknownBefore = unknown;
        unknown = replica.unknownSlots();
        repaired = replica.repairedSlots();
        counters.repair(unknown, repaired);
        if (unknown == 0 && unknownBefore > 0) {
            log.line(
                    String.format(
                            Locale.ROOT,
                            "repaired: no slot is unknown here any more; %,d were written down again"
                                    + " since the start",
                            repaired));
        }
    }

    /** Chosen slots that are unknown here. */
    long unknownSlots() {
        return unknown;
    }

    /** Slots that were written down again since the start. */
    long repairedSlots() {
        return repaired;
    }
}
