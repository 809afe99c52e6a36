package io.paxoslog.kv;

import io.paxoslog.service.Asking;
import io.paxoslog.service.Cluster;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Moment;
import io.paxoslog.service.Query;
import io.paxoslog.service.Reply;
import io.paxoslog.service.StateMachine;
import io.paxoslog.service.StateView;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store whose leases end within the seconds that a simulation takes, and a model of them beside
 * it: by the agreed stopwatch none goes before its time to live is over, or under a leader that
 * nobody may have found; and one whose timer fires when it may go is gone, unless it was kept alive
 * since that was set. Of leases that a snapshot brings the model knows nothing until they are kept
 * alive.
 */
public final class QuickLeases implements StateMachine {
    private static final int SECOND_MS = 25;

    private record Lease(long ttlMs, long renewedMs, boolean isKept) {
        boolean mayGo(Moment at) {
            return at.stopwatchMs() - renewedMs >= ttlMs
                    && at.stopwatchMs() - at.leaderSinceMs()
                            >= LeaseCommands.GRACE_SECONDS * SECOND_MS;
        }
    }

    private final KvStateMachine store = new KvStateMachine(SECOND_MS);
    private final Asking asking = new Asking();
    private final Map<Long, Lease> leases = new HashMap<>();
    private final KvInput in = new KvInput();
    private final AtomicLong kept;
    private final AtomicLong expired;

    /**
     * An empty one.
     *
     * @param kept counts how often a lease that the model knows was kept alive
     * @param expired counts those that went
     */
    public QuickLeases(AtomicLong kept, AtomicLong expired) {
        this.kept = kept;
        this.expired = expired;
    }

    /** The store itself. */
    public KvStateMachine store() {
        return store;
    }

    @Override
    public void begin(Cluster cluster) {
        store.begin(cluster);
    }

    @Override
    public int newestVersion() {
        return store.newestVersion();
    }

    @Override
    public void apply(Entry entry, Reply reply) {
        store.apply(entry, reply);
        if (reply.length() > 1 && reply.buffer().getByte(1) == KvResult.DONE.number()) {
            note(entry);
        }
        compare(entry);
    }

    private void note(Entry entry) {
        in.wrap(entry.buffer(), entry.offset(), entry.length());
        in.u8();
        int kind = in.u8();
        long id = in.i64();
        switch (kind) {
            case KvFormat.GRANT -> {
                long seconds = Math.max(in.i64(), LeaseCommands.LEAST_TTL_SECONDS);
                leases.put(id, new Lease(seconds * SECOND_MS, entry.stopwatchMs(), false));
            }
            case KvFormat.KEEP_ALIVE -> {
                Lease known = leases.get(id);
                if (known != null) {
                    leases.put(id, new Lease(known.ttlMs, entry.stopwatchMs(), true));
                    kept.incrementAndGet();
                }
            }
            case KvFormat.REVOKE -> leases.remove(id);
            default -> {}
        }
    }

    private void compare(Moment at) {
        KvLeaseList list = new KvLeaseList();
        list.take(asking.ask(store, list.next()));
        List<Long> there = list.leases();
        for (Long id : List.copyOf(leases.keySet())) {
            if (!there.contains(id)) {
                Lease gone = leases.remove(id);
                require(gone.mayGo(at), "lease %d is gone too early", id, gone, at);
                expired.incrementAndGet();
            }
        }
    }

    @Override
    public void timer(Moment at, long timer) {
        store.timer(at, timer);
        compare(at);
        Lease left = leases.get(timer);
        if (left != null) {
            boolean isRight = left.isKept || !left.mayGo(at);
            require(isRight, "lease %d has outlived its timer", timer, left, at);
            leases.put(timer, new Lease(left.ttlMs, left.renewedMs, false));
        }
    }

    private static void require(boolean isSo, String wrong, long id, Lease lease, Moment at) {
        if (!isSo) {
            throw new AssertionError(
                    (wrong + ": %s, stopwatch %d, leader since %d")
                            .formatted(id, lease, at.stopwatchMs(), at.leaderSinceMs()));
        }
    }

    @Override
    public void query(Query query, Reply answer) {
        store.query(query, answer);
    }

    @Override
    public StateView view() {
        return store.view();
    }

    @Override
    public void restore(InputStream from) throws IOException {
        leases.clear();
        store.restore(from);
    }

    @Override
    public long stateHash() {
        return store.stateHash();
    }
}
