package io.paxoslog.core;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Carries messages between replicas in memory that is allocated once. */
final class MemoryWire {
    private static final int CAPACITY = 1 << 12;
    private static final int MAX_BYTES = 1024;

    private final Slip[] slips = new Slip[CAPACITY];
    private final int nodes;
    private long head;
    private long tail;

    MemoryWire(int nodes) {
        this.nodes = nodes;
        for (int i = 0; i < CAPACITY; i++) {
            slips[i] = new Slip();
        }
    }

    /** A new way to speak to all nodes. */
    Peers newPeers() {
        return new WirePeers();
    }

    /** Hands over all that was said, and all that is said because of it. */
    void deliver(Replica[] replicas) {
        while (head < tail) {
            Slip slip = slips[(int) (head++ & (CAPACITY - 1))];
            if (slip.to != 0) {
                slip.hand(replicas[slip.to - 1]);
                continue;
            }
            for (Replica replica : replicas) {
                slip.hand(replica);
            }
        }
    }

    /** Messages said so far; one to all counts once. */
    long messages() {
        return tail;
    }

    private Slip next(int to, Kind kind, long from) {
        if (tail - head == CAPACITY) {
            throw new AssertionError("more than " + CAPACITY + " messages wait, " + nodes);
        }
        Slip slip = slips[(int) (tail++ & (CAPACITY - 1))];
        slip.to = to;
        slip.kind = kind;
        slip.from = from;
        return slip;
    }

    private enum Kind {
        CANVASS,
        CANVASSED,
        PREPARE,
        PROMISED_SLOTS,
        PROMISE,
        ACCEPT,
        ACCEPTED,
        NACK,
        HEARTBEAT,
        HEARTBEAT_HEARD,
        FETCH,
        CHOSEN,
        SURVEY,
        SURVEYED,
        STRANGER,
        CONFIRM,
        CONFIRMED,
        ASK_INDEX,
        INDEXED,
        ASK_HIGHEST,
        HIGHEST,
        ALL_CHOSEN
    }

    /** One message, for one node or, with node 0, for all. */
    private static final class Slip {
        private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[MAX_BYTES]);
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

        Slip numbers(long newFirst, long newSecond, long newThird, boolean newFlag) {
            first = newFirst;
            second = newSecond;
            third = newThird;
            flag = newFlag;
            return this;
        }

        void batch(Batch source) {
            bytes.putBytes(0, source.buffer(), 0, source.length());
            batch.slots(source.ballot(), source.firstSlot(), source.count())
                    .value(source.kind(), source.originBallot(), source.timestamp())
                    .bytes(bytes, 0, source.length());
        }

        void hand(PeerMessages peer) {
            switch (kind) {
                case CANVASS -> peer.canvass(from, first, second);
                case CANVASSED -> peer.canvassed(from, first, flag, second, third);
                case PREPARE -> peer.prepare(from, first, second);
                case PROMISED_SLOTS -> peer.promisedSlots(from, first, batch);
                case PROMISE -> peer.promise(from, first, second, third, fourth);
                case ACCEPT -> peer.accept(from, batch, first);
                case ACCEPTED -> peer.accepted(from, first, second);
                case NACK -> peer.nack(from, first);
                case HEARTBEAT -> peer.heartbeat(from, first, second, third, flag, fourth, 0, 0, 0);
                case HEARTBEAT_HEARD ->
                        peer.heartbeatHeard(from, first, second, third, fourth, 0, fifth, 0, 0);
                case FETCH -> peer.fetch(from, first, second);
                case CHOSEN -> peer.chosen(from, batch, first);
                case SURVEY -> peer.survey(from, first);
                case SURVEYED -> peer.surveyed(from, first, second, flag, third, fourth);
                case STRANGER -> peer.stranger(from, first, second);
                case CONFIRM -> peer.confirm(from, first, second);
                case CONFIRMED -> peer.confirmed(from, first, second);
                case ASK_INDEX -> peer.askIndex(from, first);
                case INDEXED -> peer.indexed(from, first, second, third);
                case ASK_HIGHEST -> peer.askHighest(from, first);
                case HIGHEST -> peer.highest(from, first, second);
                case ALL_CHOSEN -> peer.allChosen(from, first, second);
            }
        }
    }

    private final class WirePeers implements Peers {
        private final SlipWriter[] writers = new SlipWriter[nodes + 1];

        WirePeers() {
            for (int to = 0; to <= nodes; to++) {
                writers[to] = new SlipWriter(to);
            }
        }

        @Override
        public PeerMessages to(int node) {
            return writers[node];
        }

        @Override
        public PeerMessages toAll() {
            return writers[0];
        }
    }

    private final class SlipWriter implements PeerMessages {
        private final int to;

        SlipWriter(int to) {
            this.to = to;
        }

        private Slip write(Kind kind, long from, long first, long second, long third) {
            return next(to, kind, from).numbers(first, second, third, false);
        }

        @Override
        public void canvass(long from, long ballot, long commitIndex) {
            write(Kind.CANVASS, from, ballot, commitIndex, 0);
        }

        @Override
        public void canvassed(
                long from, long ballot, boolean granted, long promised, long commitIndex) {
            next(to, Kind.CANVASSED, from).numbers(ballot, promised, commitIndex, granted);
        }

        @Override
        public void prepare(long from, long ballot, long firstSlot) {
            write(Kind.PREPARE, from, ballot, firstSlot, 0);
        }

        @Override
        public void promisedSlots(long from, long ballot, Batch accepted) {
            write(Kind.PROMISED_SLOTS, from, ballot, 0, 0).batch(accepted);
        }

        @Override
        public void promise(long from, long ballot, long commitIndex, long slots, long knows) {
            write(Kind.PROMISE, from, ballot, commitIndex, slots).fourth = knows;
        }

        @Override
        public void accept(long from, Batch batch, long floor) {
            write(Kind.ACCEPT, from, floor, 0, 0).batch(batch);
        }

        @Override
        public void accepted(long from, long ballot, long upTo) {
            write(Kind.ACCEPTED, from, ballot, upTo, 0);
        }

        @Override
        public void nack(long from, long promised) {
            write(Kind.NACK, from, promised, 0, 0);
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
            next(to, Kind.HEARTBEAT, from).numbers(ballot, floor, lastSlot, connected).fourth =
                    nonce;
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
            Slip slip = write(Kind.HEARTBEAT_HEARD, from, ballot, commitIndex, nonce);
            slip.fourth = wallClockNs;
            slip.fifth = knows;
        }

        @Override
        public void handOver(long from, long ballot, long lastSlot) {
            throw new AssertionError("nobody hands over here");
        }

        @Override
        public void fetch(long from, long firstSlot, long lastSlot) {
            write(Kind.FETCH, from, firstSlot, lastSlot, 0);
        }

        @Override
        public void chosen(long from, Batch batch, long burstEnd) {
            write(Kind.CHOSEN, from, burstEnd, 0, 0).batch(batch);
        }

        @Override
        public void compacted(long from, long firstKept, long snapshotSlot) {
            throw new AssertionError("nothing is compacted here");
        }

        @Override
        public void fetchSnapshot(long from, long slot, long manifest, int chunk) {
            throw new AssertionError("nothing is compacted here");
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
            throw new AssertionError("nothing is compacted here");
        }

        @Override
        public void survey(long from, long ballot) {
            write(Kind.SURVEY, from, ballot, 0, 0);
        }

        @Override
        public void surveyed(
                long from, long ballot, long applied, boolean halted, long held, long against) {
            next(to, Kind.SURVEYED, from).numbers(ballot, applied, held, halted).fourth = against;
        }

        @Override
        public void stranger(long from, long expected, long clusterId) {
            write(Kind.STRANGER, from, expected, clusterId, 0);
        }

        @Override
        public void question(long from, long nonce) {
            throw new AssertionError("nothing here is far");
        }

        @Override
        public void vouch(long from, long nonce, long ballot) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void returning(long from, long promised) {
            throw new AssertionError("nobody lost anything");
        }

        @Override
        public void lacksRoom(long from, boolean votesOnReported) {
            throw new AssertionError("memory has room");
        }

        @Override
        public void hashed(long from, long slot, long hash, long nonce) {
            throw new AssertionError("nothing is applied here");
        }

        @Override
        public void askHash(long from, long nonce, long slot) {
            throw new AssertionError("nothing is applied here");
        }

        @Override
        public void askRun(long from, long nonce, long run, long records) {
            throw new AssertionError("no journal here counts runs");
        }

        @Override
        public void ran(long from, long nonce, long run, long records, long asked, long held) {
            throw new AssertionError("no journal here counts runs");
        }

        @Override
        public void confirm(long from, long ballot, long nonce) {
            write(Kind.CONFIRM, from, ballot, nonce, 0);
        }

        @Override
        public void confirmed(long from, long ballot, long nonce) {
            write(Kind.CONFIRMED, from, ballot, nonce, 0);
        }

        @Override
        public void askIndex(long from, long read) {
            write(Kind.ASK_INDEX, from, read, 0, 0);
        }

        @Override
        public void indexed(long from, long ballot, long read, long index) {
            write(Kind.INDEXED, from, ballot, read, index);
        }

        @Override
        public void askHighest(long from, long read) {
            write(Kind.ASK_HIGHEST, from, read, 0, 0);
        }

        @Override
        public void highest(long from, long read, long lastSlot) {
            write(Kind.HIGHEST, from, read, lastSlot, 0);
        }

        @Override
        public void allChosen(long from, long ballot, long lastSlot) {
            write(Kind.ALL_CHOSEN, from, ballot, lastSlot, 0);
        }
    }
}
