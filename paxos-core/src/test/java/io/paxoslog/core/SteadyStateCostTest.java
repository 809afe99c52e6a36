package io.paxoslog.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * What a batch costs on its road through leader and followers, however many pass: no memory, and
 * hardly more than one Accept, a vote and a record of each node, and every other turn a record of
 * what is chosen.
 */
class SteadyStateCostTest {
    private static final int NODES = 3;
    private static final int WARM_UP_BATCHES = 20_000;
    private static final int ROUNDS = 5;
    private static final int BATCHES = 100_000;
    private static final int BATCHES_A_TICK = 50;
    private static final int BATCHES_IN_FLIGHT = 8;

    /** What is chosen is told by the next Accept; heartbeats come once for many batches. */
    private static final double MOST_BESIDES = 0.05;

    private static final String[] COMMANDS = {"a command of a hundred bytes or so", "and another"};

    private final MemoryWire wire = new MemoryWire(NODES);
    private final Replica[] replicas = new Replica[NODES];
    private final CountingLog log = new CountingLog();
    private final UnsafeBuffer entries = Batches.entries(COMMANDS);
    private long tick;
    private boolean hasReads;
    private long tickets;

    @Test
    void readsBesideBatchesCostNoMessageOfTheirOwnAndNoMemory() {
        hasReads = true;

        aBatchCostsNoMemoryAndNoMessageOrRecordBeyondItsOwn();

        assertThat(tickets).isEqualTo(WARM_UP_BATCHES + (long) ROUNDS * BATCHES);
        assertThat(log.lastRead).isEqualTo(tickets);
    }

    @Test
    void aBatchCostsNoMemoryAndNoMessageOrRecordBeyondItsOwn() {
        elect();
        propose(WARM_UP_BATCHES);
        long committedBefore = log.committedSlots;
        long recordsBefore = log.records;
        long messagesBefore = wire.messages();

        long bytes = leastMemoryOfRounds();

        double batches = (double) ROUNDS * BATCHES;
        assertThat(log.committedSlots - committedBefore)
                .isEqualTo((long) ROUNDS * BATCHES * COMMANDS.length * NODES);
        assertThat((log.records - recordsBefore) / batches)
                .as("records a batch on all nodes")
                .isBetween((double) NODES, 1.5 * NODES);
        assertThat((wire.messages() - messagesBefore) / batches)
                .as("messages a batch")
                .isBetween(1.0 + NODES, 1 + NODES + MOST_BESIDES);
        // One object of the smallest size per hundred batches would be more.
        assertThat(bytes).isLessThan(16L * BATCHES / 100);
    }

    /**
     * The virtual machine makes objects of its own on a thread when it compiles or gives up what it
     * compiled; what batches cost comes back in every round, and so in the cheapest.
     */
    private long leastMemoryOfRounds() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            propose(BATCHES);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private void elect() {
        for (int i = 0; i < NODES; i++) {
            ReplicaConfig config = HandCluster.configOf(i + 1, NODES, 2, 2, 1000);
            replicas[i] = new Replica(config, log, wire.newPeers(), log, log, Snapshots.NONE, log);
            replicas[i].tellReads(log);
            replicas[i].start(0, 0);
        }
        for (tick = 0; tick < 5000 && !leader().takesCommands(); tick++) {
            turn();
        }
        assertThat(leader().takesCommands()).isTrue();
    }

    private Replica leader() {
        for (Replica replica : replicas) {
            if (replica.role() == Role.LEADING) {
                return replica;
            }
        }
        return replicas[0];
    }

    private void propose(int batches) {
        Replica leader = leader();
        for (int i = 1; i <= batches; i++) {
            if (hasReads) {
                leader.read(++tickets);
            }
            if (!leader.propose(COMMANDS.length, entries, 0, entries.capacity())) {
                throw new AssertionError("batch " + i + " was not taken");
            }
            leader.endTurn();
            if (i % BATCHES_IN_FLIGHT == 0) {
                wire.deliver(replicas);
            }
            if (i % BATCHES_A_TICK == 0) {
                tick++;
                turn();
            }
        }
        for (int i = 0; i < 200; i++) {
            tick++;
            turn();
        }
    }

    private void turn() {
        for (Replica replica : replicas) {
            replica.onTick(tick, HandCluster.wallClockNs(tick));
        }
        wire.deliver(replicas);
    }

    /** The world of a replica, of which it only counts the slots. */
    private static final class CountingLog
            implements JournalRecords, CommittedLog, StoredValues, ReplicaEvents, ReadAnswers {
        private long committedSlots;
        private long lastRead;
        private long records;

        @Override
        public void committed(Batch batch) {
            committedSlots += batch.count();
        }

        @Override
        public void indexed(long ticket, long index) {
            lastRead = ticket;
        }

        @Override
        public void indexedByQuorum(long ticket, long index) {
            throw new AssertionError("nobody reads so");
        }

        @Override
        public void indexedByLease(long ticket, long index) {}

        @Override
        public void promised(long ballot) {
            records++;
        }

        @Override
        public void campaigned(long ballot) {
            records++;
        }

        @Override
        public void accepted(Batch batch) {
            records++;
        }

        @Override
        public void chosen(Batch batch) {
            records++;
        }

        @Override
        public void committed(long ballot, long upTo) {
            records++;
        }

        @Override
        public void membership(long slot, DirectBuffer buffer, int offset, int length) {
            records++;
        }

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {
            records++;
        }

        @Override
        public void held(long slot, long decision) {
            records++;
        }

        @Override
        public void returning(long promised) {
            records++;
        }

        @Override
        public void returned(long ballot) {
            records++;
        }

        @Override
        public void remembered(long member, long run, long records) {
            records++;
        }

        @Override
        public void sendChosen(int toNode, long firstSlot, long lastSlot) {}

        @Override
        public void sendPromised(
                int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {}

        @Override
        public void role(Role role, long ballot, int leader, String why) {}

        @Override
        public void mustStop(String why) {
            throw new AssertionError(why);
        }

        @Override
        public void warning(String what) {
            throw new AssertionError(what);
        }
    }
}
