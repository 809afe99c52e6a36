package io.paxoslog.bench;

import io.paxoslog.core.Batch;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Peers;
import io.paxoslog.core.Replica;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Carries what replicas of a healthy cluster say to one another, in memory that is allocated once.
 * Used by one thread.
 */
final class CoreWire {
    private static final int CAPACITY = 1 << 10;

    /** What of a message is not a batch: up to three numbers, passed on as they came. */
    private interface Kind {
        void say(PeerMessages to, Slip slip);
    }

    private final Slip[] slips = new Slip[CAPACITY];
    private final int nodes;
    private long head;
    private long tail;

    CoreWire(int nodes, int maxBatchBytes) {
        this.nodes = nodes;
        for (int i = 0; i < CAPACITY; i++) {
            slips[i] = new Slip(maxBatchBytes);
        }
    }

    /** A way to speak to all nodes. */
    Peers peers() {
        Speech[] speeches = new Speech[nodes + 1];
        for (int to = 0; to <= nodes; to++) {
            speeches[to] = new Speech(to);
        }
        return new Peers() {
            @Override
            public PeerMessages to(int node) {
                return speeches[node];
            }

            @Override
            public PeerMessages toAll() {
                return speeches[0];
            }
        };
    }

    /** Hands over all that was said, and all that is said because of it. */
    void deliver(Replica[] replicas) {
        while (head < tail) {
            Slip slip = slips[(int) (head++ & (CAPACITY - 1))];
            int first = slip.to == 0 ? 1 : slip.to;
            int last = slip.to == 0 ? nodes : slip.to;
            for (int node = first; node <= last; node++) {
                slip.kind.say(replicas[node - 1], slip);
            }
        }
    }

    private static final class Slip {
        private final UnsafeBuffer bytes;
        private final Batch batch = new Batch();
        private int to;
        private Kind kind;
        private long from;
        private long first;
        private long second;
        private long third;
        private long fourth;
        private long fifth;
        private boolean flag;

        Slip(int maxBatchBytes) {
            bytes = new UnsafeBuffer(new byte[maxBatchBytes]);
        }

        void copy(Batch source) {
            bytes.putBytes(0, source.buffer(), 0, source.length());
            batch.slots(source.ballot(), source.firstSlot(), source.count())
                    .value(source.kind(), source.originBallot(), source.timestamp())
                    .bytes(bytes, 0, source.length());
        }
    }

    /** What one node, or with node 0 every node, is to hear. */
    private final class Speech implements PeerMessages {
        private static final Kind CANVASS =
                (peer, slip) -> peer.canvass(slip.from, slip.first, slip.second);
        private static final Kind CANVASSED =
                (peer, slip) ->
                        peer.canvassed(slip.from, slip.first, slip.flag, slip.second, slip.third);
        private static final Kind PREPARE =
                (peer, slip) -> peer.prepare(slip.from, slip.first, slip.second);
        private static final Kind PROMISE =
                (peer, slip) ->
                        peer.promise(slip.from, slip.first, slip.second, slip.third, slip.fourth);
        private static final Kind ACCEPT =
                (peer, slip) -> peer.accept(slip.from, slip.batch, slip.first);
        private static final Kind ACCEPTED =
                (peer, slip) -> peer.accepted(slip.from, slip.first, slip.second);
        private static final Kind HEARTBEAT =
                (peer, slip) ->
                        peer.heartbeat(
                                slip.from,
                                slip.first,
                                slip.second,
                                slip.third,
                                slip.flag,
                                slip.fourth,
                                0,
                                0,
                                0);
        private static final Kind HEARD =
                (peer, slip) ->
                        peer.heartbeatHeard(
                                slip.from,
                                slip.first,
                                slip.second,
                                slip.third,
                                slip.fourth,
                                0,
                                slip.fifth,
                                0,
                                0);

        private final int to;

        Speech(int to) {
            this.to = to;
        }

        private Slip say(Kind kind, long from, long first, long second, long third) {
            if (tail - head == CAPACITY) {
                throw new IllegalStateException("more than " + CAPACITY + " messages wait");
            }
            Slip slip = slips[(int) (tail++ & (CAPACITY - 1))];
            slip.to = to;
            slip.kind = kind;
            slip.from = from;
            slip.first = first;
            slip.second = second;
            slip.third = third;
            return slip;
        }

        @Override
        public void canvass(long from, long ballot, long commitIndex) {
            say(CANVASS, from, ballot, commitIndex, 0);
        }

        @Override
        public void canvassed(
                long from, long ballot, boolean granted, long promised, long commitIndex) {
            say(CANVASSED, from, ballot, promised, commitIndex).flag = granted;
        }

        @Override
        public void prepare(long from, long ballot, long firstSlot) {
            say(PREPARE, from, ballot, firstSlot, 0);
        }

        @Override
        public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
            say(PROMISE, from, ballot, commitIndex, slots).fourth = knows;
        }

        @Override
        public void accept(long from, Batch batch, long floor) {
            say(ACCEPT, from, floor, 0, 0).copy(batch);
        }

        @Override
        public void accepted(long from, long ballot, long upTo) {
            say(ACCEPTED, from, ballot, upTo, 0);
        }

        @Override
        public void heartbeat(
                long from,
                long ballot,
                long floor,
                long lastSlot,
                boolean connected,
                long nonce,
                long reported,
                long takenOver,
                int lease) {
            Slip slip = say(HEARTBEAT, from, ballot, floor, lastSlot);
            slip.flag = connected;
            slip.fourth = nonce;
        }

        @Override
        public void heartbeatHeard(
                long from,
                long ballot,
                long commitIndex,
                long nonce,
                long wallClockNs,
                int priority,
                long knows,
                int stalled,
                int granted) {
            Slip slip = say(HEARD, from, ballot, commitIndex, nonce);
            slip.fourth = wallClockNs;
            slip.fifth = knows;
        }

        @Override
        public void handOver(long from, long ballot, long lastSlot) {
            throw unexpected();
        }

        @Override
        public void promisedSlots(long from, long ballot, Batch accepted) {
            throw unexpected();
        }

        @Override
        public void nack(long from, long promised) {
            throw unexpected();
        }

        @Override
        public void fetch(long from, long firstSlot, long lastSlot) {
            throw unexpected();
        }

        @Override
        public void chosen(long from, Batch batch, long burstEnd) {
            throw unexpected();
        }

        @Override
        public void compacted(long from, long firstKept, long snapshotSlot) {
            throw unexpected();
        }

        @Override
        public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
            throw unexpected();
        }

        @Override
        public void snapshotPart(
                long from,
                long slot,
                long manifest,
                int chunk,
                DirectBuffer buffer,
                int offset,
                int length) {
            throw unexpected();
        }

        @Override
        public void survey(long from, long ballot) {
            throw unexpected();
        }

        @Override
        public void surveyed(
                long from, long ballot, long applied, boolean halted, long held, long against) {
            throw unexpected();
        }

        @Override
        public void stranger(long from, long expected, long clusterId) {
            throw unexpected();
        }

        @Override
        public void question(long from, long nonce) {
            throw unexpected();
        }

        @Override
        public void vouch(long from, long nonce, long ballot) {
            throw unexpected();
        }

        @Override
        public void returning(long from, long promised) {
            throw unexpected();
        }

        @Override
        public void lacksRoom(long from, boolean votesOnReported) {
            throw unexpected();
        }

        @Override
        public void hashed(long from, long slot, long hash, long nonce) {
            throw unexpected();
        }

        @Override
        public void askHash(long from, long nonce, long slot) {
            throw unexpected();
        }

        @Override
        public void askRun(long from, long nonce, long run, long records) {
            throw unexpected();
        }

        @Override
        public void ran(long from, long nonce, long run, long records, long asked, long held) {
            throw unexpected();
        }

        @Override
        public void confirm(long from, long ballot, long nonce) {
            throw unexpected();
        }

        @Override
        public void confirmed(long from, long ballot, long nonce) {
            throw unexpected();
        }

        @Override
        public void askIndex(long from, long read) {
            throw unexpected();
        }

        @Override
        public void indexed(long from, long ballot, long read, long index) {
            throw unexpected();
        }

        @Override
        public void askHighest(long from, long read) {
            throw unexpected();
        }

        @Override
        public void highest(long from, long read, long lastSlot) {
            throw unexpected();
        }

        @Override
        public void allChosen(long from, long ballot, long lastSlot) {
            throw unexpected();
        }

        private IllegalStateException unexpected() {
            return new IllegalStateException(
                    "said only where something was lost, read or changed hands");
        }
    }
}
