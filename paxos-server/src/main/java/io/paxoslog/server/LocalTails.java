package io.paxoslog.server;

import io.paxoslog.apply.Applied;
import io.paxoslog.log.AppliedFile;
import io.paxoslog.log.ChronicleJournal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells those who read the journal from other processes of this machine how far it is applied, and
 * which slots took no effect. Belongs to the replica thread.
 */
final class LocalTails implements AutoCloseable {
    private static final long ALIVE_MS = 100;

    private final ChronicleJournal journal;
    private final Applied applied;
    private final AppliedFile file;
    private long toldKeptFrom;
    private long aliveMs;

    private LocalTails(ChronicleJournal journal, Applied applied, AppliedFile file) {
        this.journal = journal;
        this.applied = applied;
        this.file = file;
    }

    /** A node goes without where there is no room for it, and says so. */
    static LocalTails open(
            NodeConfig config, ChronicleJournal journal, Applied applied, Consumer<String> log) {
        try {
            AppliedFile file =
                    AppliedFile.open(
                            config.get(Settings.DIR),
                            journal.incarnation(),
                            journal.runs().current());
            return new LocalTails(journal, applied, file);
        } catch (IOException e) {
            log.accept(
                    "warning: no process of this machine can read the journal while this node runs: "
                            + Failures.message(e));
            return new LocalTails(journal, applied, null);
        }
    }

    /** Says what is applied by now, once in each turn. */
    void tell(long clusterId) {
        if (file == null) {
            return;
        }
        long upTo = applied.index();
        long keptFrom = Math.max(journal.firstKept(), applied.effectsFrom());
        if (upTo == file.applied() && keptFrom == toldKeptFrom) {
            return;
        }
        if (upTo < file.applied()) {
            file.beginAgain(upTo);
        }
        toldKeptFrom = keptFrom;
        long from = file.applied() + 1;
        file.begin(upTo, keptFrom);
        long first = applied.nextWithoutEffect(from);
        while (first <= upTo) {
            long last = Math.min(upTo, applied.lastWithoutEffect(first));
            file.withoutEffect(first, last);
            first = applied.nextWithoutEffect(last + 1);
        }
        file.end(clusterId, upTo, journal.appendedPosition());
    }

    void onTick(long wallClockNs) {
        long nowMs = TimeUnit.NANOSECONDS.toMillis(wallClockNs);
        if (file != null && Math.abs(nowMs - aliveMs) >= ALIVE_MS) {
            aliveMs = nowMs;
            file.alive(nowMs);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
