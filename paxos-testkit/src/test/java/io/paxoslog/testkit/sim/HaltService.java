package io.paxoslog.testkit.sim;

import io.paxoslog.apply.Applied;
import io.paxoslog.apply.ApplyFacts;
import io.paxoslog.apply.ApplyFeed;
import io.paxoslog.apply.ApplyOrders;
import io.paxoslog.apply.ApplySide;
import io.paxoslog.apply.FactReader;
import io.paxoslog.apply.HandOver;
import io.paxoslog.apply.Resumption;
import io.paxoslog.apply.SnapshotAnswer;
import io.paxoslog.codecs.SecretHash;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.service.CommandFate;
import io.paxoslog.service.Entry;
import io.paxoslog.service.Halt;
import io.paxoslog.service.Reply;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** One life of a node above its replica: a machine that cannot take everything, and no clients. */
final class HaltService implements NodeService, ApplyFacts {
    static final SessionLimits LIMITS = new SessionLimits(100_000, 100, 64, 10_000);

    private final HaltWorld world;
    private final SimulatedNode node;
    private final String name;
    private final ApplySide side;
    private final ApplyFeed feed;
    private final FactReader facts;
    private final Applied applied = new Applied(LIMITS);

    HaltService(HaltWorld world, SimulatedNode node, int life) {
        this.world = world;
        this.node = node;
        name = "node " + node.node() + " in life " + life;
        HandOver handOver =
                new HandOver(HandOver.ringFor(1_000, 8_192), HandOver.ringFor(600, 8_192));
        ApplyOrders orders = new ApplyOrders(handOver);
        feed = new ApplyFeed(orders, node::readCommitted, 0, 2_000);
        facts = new FactReader(handOver, this);
        side =
                new ApplySide(
                        handOver, new Machine(), Machine::new, LIMITS, this::hear, this::onHalt);
    }

    private void hear() {
        facts.poll();
    }

    private void onHalt(Halt halt) {
        if (halt.isClean()) {
            world.totals().held++;
        } else {
            world.totals().halts++;
        }
    }

    /** Concatenates what it is told, half changes itself when that is too much, and replies it. */
    private final class Machine implements StateMachine {
        private long state = 17;

        @Override
        public void apply(Entry entry, Reply reply) {
            String word =
                    entry.buffer().getStringWithoutLengthAscii(entry.offset(), entry.length());
            state = SimRandom.mix(state * 31 + word.hashCode() + entry.slot() + entry.version());
            if (!world.canTake(node, word, entry.slot())) {
                throw new StackOverflowError();
            }
            reply.resize(Long.BYTES).putLong(0, state);
        }
    }

    /** A turn of both threads. */
    void step() {
        node.perform(
                () -> {
                    feed.catchUp(node.replica().commitIndex());
                    if (side.step(2) > 0) {
                        look();
                    }
                    facts.poll();
                    feed.hear(applied, node.replica());
                });
    }

    /** Replies are hashed too, so that the hash tells the machine's state. */
    private void look() {
        long upTo = side.applier().appliedIndex();
        if (upTo == node.replica().commitIndex()
                && side.applier().limitsDecidedAt() != node.replica().limitsDecidedAt()) {
            throw new SafetyViolation(
                    "%s obeys the limits of slot %d at slot %d, where those of slot %d hold"
                            .formatted(
                                    name,
                                    side.applier().limitsDecidedAt(),
                                    upTo,
                                    node.replica().limitsDecidedAt()));
        }
        if (upTo == node.replica().commitIndex()
                && !side.applier().version().equals(node.replica().version())) {
            throw new SafetyViolation(
                    "%s goes by %s at slot %d, where %s is agreed"
                            .formatted(
                                    name,
                                    side.applier().version(),
                                    upTo,
                                    node.replica().version()));
        }
        if (side.applier().appliedIndex() > 0) {
            world.applied(name, side.applier().appliedIndex(), side.applier().appliedHash());
        }
    }

    long haltedAt() {
        return feed.haltedAt();
    }

    @Override
    public void committed(Batch batch) {
        if (batch.kind() == Batch.DECISION
                && Decision.of(batch).kind() == Decision.Kind.LIMITS
                && !node.replica().isInForce(batch.firstSlot())) {
            world.totals().voidLimits++;
        }
        if (batch.kind() == Batch.DECISION
                && Decision.of(batch).kind() == Decision.Kind.VERSION
                && node.replica().isInForce(batch.firstSlot())) {
            world.totals().versions++;
        }
        feed.committed(batch);
    }

    @Override
    public void decided(long at, Decision decision) {
        world.totals().skips += decision.kind() == Decision.Kind.SKIP ? 1 : 0;
        world.totals().retries += decision.kind() == Decision.Kind.RETRY ? 1 : 0;
        world.totals().limits += decision.kind() == Decision.Kind.LIMITS ? 1 : 0;
        feed.decided(at, decision);
    }

    @Override
    public void held(long slot, long decision) {
        feed.held(slot, decision);
    }

    @Override
    public long appliedIndex() {
        return side.applier().appliedIndex();
    }

    @Override
    public void replies(
            long connection,
            long attachment,
            long nextSequence,
            long eventSlot,
            int eventIndex,
            DirectBuffer message,
            int offset,
            int length) {}

    @Override
    public void readAnswers(
            long ticket, int count, MutableDirectBuffer message, int offset, int length) {}

    @Override
    public void applied(long upTo, long hash) {
        applied.upTo(upTo, hash);
    }

    @Override
    public void timers(long timeNs, long stopwatchMs, long readingMs) {}

    @Override
    public void overdue(long session, long lastWord) {}

    @Override
    public void limited(long decidedAt, SessionLimits limits) {
        applied.limited(decidedAt, limits);
    }

    @Override
    public void halted(long slot, long decision, Resumption how) {
        applied.halted(slot, decision, how);
    }

    @Override
    public void opened(long nonce, SecretHash secret, long session) {}

    @Override
    public void notOpened(long nonce, SecretHash secret) {}

    @Override
    public void closed(long session) {}

    @Override
    public void refused(long session, long slot, long expected, Refusal why) {}

    @Override
    public void withoutEffect(long slot) {
        applied.withoutEffect(slot);
    }

    @Override
    public void restored(long slot, long effectsFrom) {
        applied.restored(effectsFrom);
    }

    @Override
    public void ended(long session, SecretHash secret) {}

    @Override
    public void withoutEffect(long first, long last) {
        applied.withoutEffect(first, last);
    }

    @Override
    public void hashed(long slot, long hash) {
        applied.hashed(slot, hash);
    }

    @Override
    public void snapshot(long slot, SnapshotAnswer what) {
        applied.snapshot(slot, what);
    }

    @Override
    public void outcome(
            long question,
            CommandFate fate,
            long slot,
            DirectBuffer reply,
            int offset,
            int length) {}
}
