package io.paxoslog.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.kv.KeyRange;
import io.paxoslog.kv.KvCommands;
import io.paxoslog.kv.KvCompare;
import io.paxoslog.kv.KvDelete;
import io.paxoslog.kv.KvEvent;
import io.paxoslog.kv.KvOperation;
import io.paxoslog.kv.KvPut;
import io.paxoslog.kv.KvReply;
import io.paxoslog.kv.KvStateMachine;
import io.paxoslog.kv.KvTxn;
import io.paxoslog.kv.KvWatch;
import io.paxoslog.kv.QuickLeases;
import io.paxoslog.service.Asking;
import io.paxoslog.testkit.sim.Deed;
import io.paxoslog.testkit.sim.Totals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The key-value store under all faults: nodes hold the same, whatever is restored, and watchers
 * that go from node to node see each change once, in order, or hear that it was compacted away;
 * leases end when their model says that they may ({@link QuickLeases}). {@code -Dkv.simulated=N}
 * plays more seeds.
 */
@Isolated
class KvInSimulatedClusterTest {
    private static final int SEEDS = Integer.getInteger("kv.simulated", 40);
    private static final int WATCHERS = 12;
    private static final int LEASES = 4;
    private static final String LEASED = "leased";

    private final Asking asking = new Asking();
    private final Map<Long, List<String>> changes = new HashMap<>();
    private final List<Watcher> watchers = new ArrayList<>();
    private final AtomicLong keptAlive = new AtomicLong();
    private final AtomicLong leasesGone = new AtomicLong();
    private int next;
    private long seen;
    private long compactions;
    private long expired;

    /** Reads from whichever node it comes to, of those that know no less than it has seen. */
    private final class Watcher {
        final KvWatch watch = KvWatch.of(KeyRange.all()).from(1).withPrevious();
        private List<String> ofRevision = new ArrayList<>();
        private long revision = 1;

        Watcher(int piece) {
            watch.inPiecesOf(piece);
        }

        void look(KvStateMachine machine) {
            byte[] answer = asking.ask(machine, watch.next());
            boolean isPartial = watch.isWithinRevision();
            if (KvReply.of(answer).revision() < watch.progress() + (isPartial ? 1 : 0)) {
                // A node that has not come so far is asked for a slot that it has not applied.
                return;
            }
            watch.take(0, answer).forEach(this::hear);
            if (watch.isCompacted()) {
                compactions++;
                if (isPartial) {
                    // The rest of it is compacted away, too.
                    ofRevision.clear();
                }
                complete();
                revision = watch.progress();
                watch.from(revision + 1);
            }
            if (watch.progress() >= revision) {
                complete();
                assertThat(revision).as("nothing is missing").isEqualTo(watch.progress());
            }
        }

        private void hear(KvEvent event) {
            if (event.revision() != revision) {
                complete();
                assertThat(event.revision()).isEqualTo(revision + 1);
                revision = event.revision();
            }
            ofRevision.add(text(event));
            seen++;
        }

        /** Everybody sees the same of a revision. */
        private void complete() {
            if (!ofRevision.isEmpty()) {
                List<String> same = changes.putIfAbsent(revision, ofRevision);
                assertThat(same == null ? ofRevision : same).isEqualTo(ofRevision);
                ofRevision = new ArrayList<>();
            }
        }
    }

    private String text(KvEvent event) {
        String key = new String(event.entry().key(), UTF_8);
        expired += event.isDelete() && key.startsWith(LEASED) ? 1 : 0;
        String before =
                event.previous() == null ? "nothing" : new String(event.previous().value(), UTF_8);
        // The last replay of each seed writes numbers as another locale does.
        return String.join(
                " ",
                Long.toString(event.revision()),
                event.isDelete() ? "del" : "put",
                key,
                new String(event.entry().value(), UTF_8),
                Long.toString(event.entry().version()),
                Long.toString(event.entry().lease()),
                before);
    }

    private static byte[] key(String prefix, RandomGenerator random) {
        return (prefix + random.nextInt(6)).getBytes(UTF_8);
    }

    private static byte[] value(RandomGenerator random) {
        return "v".repeat(1 + random.nextInt(60)).getBytes(UTF_8);
    }

    /** Keys of leases are deleted by nothing else. */
    private static byte[] command(RandomGenerator random) {
        long lease = 1L + random.nextInt(LEASES);
        return switch (random.nextInt(16)) {
            case 0, 1 -> KvCommands.grant(lease, 2);
            case 2 -> KvCommands.keepAlive(lease);
            case 3, 4, 5 -> KvPut.of(key(LEASED, random), value(random)).withLease(lease).bytes();
            case 6 ->
                    random.nextInt(4) == 0
                            ? KvCommands.revoke(lease)
                            : KvDelete.of(key("k", random)).bytes();
            case 7 -> KvDelete.of(KeyRange.startingWith("k".getBytes(UTF_8))).bytes();
            case 8, 9 -> transaction(random).bytes();
            case 10 -> KvCommands.compact(random.nextInt(200));
            case 11 -> KvCommands.retain(5 + random.nextInt(60));
            case 12 -> KvCommands.retainSeconds(random.nextInt(3));
            default -> KvPut.of(key("k", random), value(random)).bytes();
        };
    }

    private static KvOperation transaction(RandomGenerator random) {
        KeyRange asked = KeyRange.only(key("k", random));
        return new KvTxn()
                .when(KvCompare.version(asked, KvCompare.Relation.GREATER, random.nextInt(3)))
                .then(KvPut.of("t1".getBytes(UTF_8), value(random)))
                .then(KvPut.of("t2".getBytes(UTF_8), value(random)))
                .then(KvDelete.of(key("k", random)))
                .otherwise(KvPut.of("t3".getBytes(UTF_8), value(random)));
    }

    private QuickLeases machine() {
        return new QuickLeases(keptAlive, leasesGone);
    }

    private void look(QuickLeases machine) {
        next = (next + 5) % WATCHERS;
        watchers.get(next).look(machine.store());
    }

    @Test
    void nodesHoldTheSameAndWatchersSeeEachChangeOnce() {
        Totals totals = new Totals();
        for (long seed = 1; seed <= SEEDS; seed++) {
            changes.clear();
            watchers.clear();
            for (int i = 0; i < WATCHERS; i++) {
                watchers.add(new Watcher(i % 3 == 0 ? 1 : 200 * i));
            }
            totals.add(
                    SimulatedCluster.of(this::machine, KvInSimulatedClusterTest::command)
                            .stateHash(QuickLeases::stateHash)
                            .invariant(this::look)
                            .seeds(seed, 1)
                            .run());
        }
        System.out.printf(
                "%,d changes seen by %d watchers, %,d compactions met, %,d keys gone with leases; on all"
                        + " nodes %,d leases kept alive, %,d ended%n",
                seen, WATCHERS, compactions, expired, keptAlive.get(), leasesGone.get());
        assertThat(totals.times(Deed.STATE_RESTORED)).isPositive();
        assertThat(seen).isGreaterThan(SEEDS * 100L);
        assertThat(compactions).isPositive();
        assertThat(expired).isPositive();
        assertThat(keptAlive.get()).isPositive();
        assertThat(leasesGone.get()).isPositive();
    }
}
