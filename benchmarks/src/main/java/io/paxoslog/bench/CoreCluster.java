package io.paxoslog.bench;

import io.paxoslog.core.Batch;
import io.paxoslog.core.CommittedLog;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.NonceKey;
import io.paxoslog.core.Replica;
import io.paxoslog.core.ReplicaConfig;
import io.paxoslog.core.ReplicaEvents;
import io.paxoslog.core.Role;
import io.paxoslog.core.Snapshots;
import io.paxoslog.core.StoredValues;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.DirectBuffer;

/** A whole cluster of replicas in one thread, without files and sockets. */
final class CoreCluster {
    private static final int ELECTION_TIMEOUT_TICKS = 150;
    private static final int HEARTBEAT_TICKS = 20;
    private static final int OPEN_SLOTS = 16_384;
    private static final int OPEN_BYTES = 64 << 20;
    private static final int MOST_TICKS = 10_000;
    private static final int PROPOSALS_A_TICK = 64;

    private final Replica[] replicas;
    private final CoreWire wire;
    private final Nothing world = new Nothing();
    private long tick;
    private int proposals;

    CoreCluster(int nodes, int maxBatchBytes) {
        replicas = new Replica[nodes];
        wire = new CoreWire(nodes, maxBatchBytes);
        List<ReplicaConfig.Voter> voters =
                IntStream.rangeClosed(1, nodes)
                        .mapToObj(node -> new ReplicaConfig.Voter(node, "node-" + node))
                        .toList();
        int majority = nodes / 2 + 1;
        for (int node = 1; node <= nodes; node++) {
            ReplicaConfig config =
                    new ReplicaConfig(
                            MemberId.of(node, node),
                            voters,
                            majority,
                            majority,
                            OPEN_SLOTS,
                            OPEN_BYTES,
                            ELECTION_TIMEOUT_TICKS,
                            HEARTBEAT_TICKS,
                            node,
                            new NonceKey(node, 1),
                            1);
            replicas[node - 1] =
                    new Replica(config, world, wire.peers(), world, world, Snapshots.NONE, world);
            replicas[node - 1].start(0, 0);
        }
        while (leader() == null) {
            turn();
        }
    }

    private Replica leader() {
        for (Replica replica : replicas) {
            if (replica.takesCommands()) {
                return replica;
            }
        }
        return null;
    }

    private void turn() {
        if (++tick > MOST_TICKS && leader() == null) {
            throw new IllegalStateException("nobody leads after " + tick + " ticks");
        }
        for (Replica replica : replicas) {
            replica.onTick(tick, tick * 1_000_000);
        }
        wire.deliver(replicas);
    }

    /**
     * Proposes a batch, and carries everything that follows from it.
     *
     * @return slots committed on all nodes so far
     */
    long commit(int count, DirectBuffer entries, int length) {
        if (!leader().propose(count, entries, 0, length)) {
            throw new IllegalStateException("the leader took no batch of " + count);
        }
        wire.deliver(replicas);
        if (++proposals % PROPOSALS_A_TICK == 0) {
            turn();
        }
        return world.committed;
    }

    /** Journal, state machine and operator, of which only the committed slots are counted. */
    private static final class Nothing
            implements JournalRecords, CommittedLog, StoredValues, ReplicaEvents {
        private long committed;

        @Override
        public void committed(Batch batch) {
            committed += batch.count();
        }

        @Override
        public void promised(long ballot) {}

        @Override
        public void campaigned(long ballot) {}

        @Override
        public void accepted(Batch batch) {}

        @Override
        public void chosen(Batch batch) {}

        @Override
        public void committed(long ballot, long upTo) {}

        @Override
        public void membership(long slot, DirectBuffer buffer, int offset, int length) {}

        @Override
        public void decision(long slot, DirectBuffer buffer, int offset, int length) {}

        @Override
        public void held(long slot, long decision) {}

        @Override
        public void returning(long promised) {}

        @Override
        public void returned(long ballot) {}

        @Override
        public void remembered(long member, long run, long records) {}

        @Override
        public void sendChosen(int toNode, long firstSlot, long lastSlot) {}

        @Override
        public void sendPromised(
                int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {}

        @Override
        public void role(Role role, long ballot, int leader, String why) {}

        @Override
        public void mustStop(String why) {
            throw new IllegalStateException(why);
        }

        @Override
        public void warning(String what) {}
    }
}
