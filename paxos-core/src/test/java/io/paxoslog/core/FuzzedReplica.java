package io.paxoslog.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Node 1 of three, to which bytes say what it hears next. Values are such as decoders let pass:
 * near what the replica knows, or as far away as can be.
 */
final class FuzzedReplica {
    private static final int NODES = 3;
    private static final int MOST_SAID_A_STEP = 1_000;
    private static final int MOST_FOR_ITSELF = 1_000;
    private static final int CURRENT = 0x60;
    private static final int FAR = 0xF0;
    private static final UnsafeBuffer NO_BYTES = new UnsafeBuffer(new byte[0]);
    private static final long MOST = Ballot.MAX_ROUND + FAR;

    private final ReplicaConfig config = HandCluster.configOf(1, NODES, 2, 2, 32);
    private final Deque<Consumer<PeerMessages>> forItself = new ArrayDeque<>();
    private final KeptPromises journal = new KeptPromises();
    private final Replica replica;
    private final byte[] history;
    private int at;
    private long tick = 1;
    private long wallClockNs = HandCluster.wallClockNs(tick);
    private long applied;
    private long commitIndex;
    private long tickets;
    private int said;

    FuzzedReplica(byte[] history) {
        this.history = history;
        replica =
                new Replica(
                        config,
                        journal,
                        new Mouth(),
                        new Log(),
                        new Mouth(),
                        Snapshots.NONE,
                        new IgnoredEvents());
        replica.start(tick, wallClockNs);
        if (next() % 4 != 0) {
            replica.chosen(
                    MemberId.of(2, 102), Batches.membership(Ballot.NONE, Roles.genesis(config)), 1);
        }
    }

    boolean hasMore() {
        return at < history.length;
    }

    private int next() {
        return hasMore() ? history[at++] & 0xFF : 0;
    }

    /** One call, as the next bytes say it. */
    void step() {
        said = 0;
        int what = next() % 43;
        switch (what) {
            case 0 -> pass(next());
            case 1 -> pass(10L * next());
            case 2 -> hearItself();
            case 3 -> propose();
            case 4 -> serviceMoves();
            case 5 -> replica.decide(Decision.skip(slot(), 0));
            case 6 -> wallClockNs = next() * 1_000_000_000_000_000L;
            case 34 -> replica.read(++tickets);
            case 35 -> replica.readByQuorum(++tickets);
            default -> hear(what, member());
        }
        requireOrder();
    }

    private void pass(long ticks) {
        tick += ticks;
        wallClockNs += ticks * 1_000_000;
        replica.onTick(tick, wallClockNs);
    }

    private void hearItself() {
        for (int i = next(); i >= 0 && !forItself.isEmpty(); i--) {
            forItself.poll().accept(replica);
        }
    }

    private void propose() {
        UnsafeBuffer entries = Batches.entries("a", "b".repeat(next()));
        replica.propose(2, entries, 0, entries.capacity());
    }

    private void serviceMoves() {
        applied = Math.min(replica.commitIndex(), applied + next());
        boolean isHalted = next() % 4 == 0 && applied < replica.commitIndex();
        replica.serviceAt(applied, isHalted ? applied + 1 : 0, 0);
    }

    private void hear(int what, long from) {
        if (!replica.admits(from, cluster())) {
            return;
        }
        switch (what) {
            case 7 -> replica.canvass(from, ballot(), slot() - 1);
            case 8 -> replica.canvassed(from, ballot(), flag(), ballot(), slot() - 1);
            case 9 -> replica.prepare(from, ballot(), slot());
            case 10 -> replica.promisedSlots(from, ballot(), batch(ballot()));
            case 11 -> replica.promise(from, ballot(), slot() - 1, next() % 8, 0);
            case 12, 13 -> replica.accept(from, batch(ballot()), slot());
            case 14 -> replica.accepted(from, ballot(), slot());
            case 15 -> replica.nack(from, ballot());
            case 16 -> heartbeat(from);
            case 17 -> heartbeatHeard(from);
            case 18 -> fetch(from);
            case 19 -> replica.chosen(from, batch(Ballot.NONE), slot());
            case 20 -> replica.survey(from, ballot());
            case 21 -> replica.surveyed(from, ballot(), slot() - 1, flag(), slot(), slot() - 1);
            case 22 -> replica.question(from, number());
            case 23 -> replica.compacted(from, slot(), slot() - 1);
            case 24 -> replica.fetchSnapshot(from, slot() - 1, number(), next() - 2);
            case 25 -> replica.snapshotPart(from, slot(), number(), next() - 2, NO_BYTES, 0, 0);
            case 26 -> install();
            case 27 -> replica.returning(from, ballot());
            case 28 -> replica.lacksRoom(from, flag());
            case 29 -> replica.room(room());
            case 30 -> replica.handOver(from, ballot(), slot());
            case 31 -> replica.transfer(1 + next() % (NODES + 1));
            case 32 -> leave();
            case 36 -> replica.confirm(from, ballot(), number());
            case 37 -> replica.confirmed(from, ballot(), number());
            case 38 -> replica.askIndex(from, number());
            case 39 -> replica.indexed(from, ballot(), number(), slot());
            case 40 -> replica.askHighest(from, number());
            case 41 -> replica.highest(from, number(), slot() - 1);
            case 42 -> replica.allChosen(from, ballot(), slot());
            default -> replica.vouch(from, number(), ballot());
        }
    }

    private void heartbeat(long from) {
        long last = slot();
        replica.heartbeat(from, ballot(), slot(), last, flag(), number(), last, 0, 0);
    }

    private void heartbeatHeard(long from) {
        int priority = next() % (PeerMessages.MOST_PRIORITY + 2) - 1;
        replica.heartbeatHeard(from, ballot(), slot(), number(), number(), priority, 0, 0, 0);
    }

    /** Seldom, as whoever leaves leads no more. */
    private void leave() {
        if (next() % 16 == 0) {
            replica.leave();
        }
    }

    private Room room() {
        return switch (next() % 3) {
            case 0 -> Room.COMMANDS;
            case 1 -> Room.REPORTED;
            default -> Room.BALLOTS;
        };
    }

    private void install() {
        SortedMap<Long, byte[]> nothing = new TreeMap<>();
        replica.installed(slot(), wallClockNs, nothing, nothing);
    }

    private void fetch(long from) {
        long first = slot();
        replica.fetch(from, first, Math.max(first, slot()));
    }

    private long cluster() {
        int drawn = next();
        return drawn < FAR ? replica.clusterId() : drawn - FAR;
    }

    private long member() {
        int drawn = next();
        int node = 1 + drawn % NODES;
        return drawn < FAR ? MemberId.of(node, 100 + node) : MemberId.of(node, drawn);
    }

    private boolean flag() {
        return next() % 2 == 0;
    }

    private long number() {
        int drawn = next();
        return drawn < FAR ? drawn : Long.MAX_VALUE - (drawn - FAR);
    }

    private long slot() {
        int drawn = next();
        return drawn < FAR
                ? Math.max(1, replica.commitIndex() + drawn % 64 - 8)
                : Batch.MAX_SLOT - 2L * (drawn - FAR) - 8;
    }

    private long ballot() {
        int drawn = next();
        int owner = 1 + drawn % NODES;
        if (drawn < CURRENT && replica.ballot() != Ballot.NONE) {
            return replica.ballot();
        }
        long round = Ballot.round(replica.ballot()) + 1 + drawn % 8;
        return Ballot.of(drawn < FAR ? Math.min(round, Ballot.MAX_ROUND) : MOST - drawn, owner);
    }

    private Batch batch(long ballot) {
        int kind = next() % 8;
        long first = slot();
        if (kind == 0) {
            return Batches.noOps(ballot, first, 1 + next());
        }
        if (kind == 1) {
            return Batches.membership(ballot, Roles.genesis(config));
        }
        return Batches.commandsOf(ballot, number(), ballot, first, "x", "y".repeat(next()), "z");
    }

    private void requireOrder() {
        if (said > MOST_SAID_A_STEP) {
            throw new AssertionError(said + " messages for one call");
        }
        if (replica.commitIndex() < commitIndex) {
            throw new AssertionError("the commit index fell from " + commitIndex);
        }
        commitIndex = replica.commitIndex();
    }

    /** Counts what is said, and keeps what the replica says to itself. */
    private final class Mouth implements Peers, StoredValues {
        @Override
        public PeerMessages to(int node) {
            return new LetterWriter((text, content) -> say(node == 1, content));
        }

        @Override
        public PeerMessages toAll() {
            return new LetterWriter((text, content) -> say(true, content));
        }

        private void say(boolean isForItself, Consumer<PeerMessages> content) {
            said++;
            if (isForItself && forItself.size() < MOST_FOR_ITSELF) {
                forItself.add(content);
            }
        }

        @Override
        public void sendChosen(int toNode, long firstSlot, long lastSlot) {
            requireKnown(lastSlot);
        }

        @Override
        public void sendPromised(
                int toNode, long ballot, long acceptedBallot, long firstSlot, long lastSlot) {
            said++;
        }

        private void requireKnown(long lastSlot) {
            said++;
            if (lastSlot > replica.commitIndex()) {
                throw new AssertionError("slot " + lastSlot + " is sent as chosen");
            }
        }
    }

    /** The log, which has no gaps. */
    private static final class Log implements CommittedLog {
        private long lastSlot;

        @Override
        public void committed(Batch batch) {
            if (batch.firstSlot() != lastSlot + 1) {
                throw new AssertionError("slot " + batch.firstSlot() + " after " + lastSlot);
            }
            lastSlot = batch.lastSlot();
        }

        @Override
        public void decided(long at, Decision decision) {}

        @Override
        public void held(long slot, long decision) {}
    }

    /** Invariants I1 and I2: a promise never falls, and nothing is accepted below it. */
    private static final class KeptPromises implements JournalRecords {
        private long promised;
        private long campaigned;

        @Override
        public void promised(long ballot) {
            if (ballot <= promised) {
                throw new AssertionError("promise " + ballot + " after " + promised);
            }
            promised = ballot;
        }

        @Override
        public void campaigned(long ballot) {
            if (ballot <= campaigned) {
                throw new AssertionError("own ballot " + ballot + " after " + campaigned);
            }
            campaigned = ballot;
        }

        @Override
        public void accepted(Batch batch) {
            if (batch.ballot() != promised) {
                throw new AssertionError("accepted " + batch.ballot() + " under " + promised);
            }
        }

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
        public void returning(long promised) {
            throw new AssertionError("it has forgotten nothing");
        }

        @Override
        public void returned(long ballot) {
            throw new AssertionError("it was never away");
        }

        @Override
        public void remembered(long member, long run, long records) {
            throw new AssertionError("its journal counts no runs");
        }
    }

    private static final class IgnoredEvents implements ReplicaEvents {
        @Override
        public void role(Role role, long ballot, int leader, String why) {}

        @Override
        public void mustStop(String why) {}

        @Override
        public void warning(String what) {}
    }
}
