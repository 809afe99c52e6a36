package io.paxoslog.apply;

import io.paxoslog.codecs.SecretHash;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.service.CommandApplier;
import io.paxoslog.service.CommandFate;
import io.paxoslog.service.Halt;
import io.paxoslog.service.ReplySink;
import io.paxoslog.service.SessionLimits;
import io.paxoslog.service.StateMachine;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Applies what the replica thread hands over and hands back what came of it: owns state machine,
 * sessions and replies. One thread steps it, which may be any; all but {@link #slotInWork} belongs
 * to that thread.
 */
public final class ApplySide {
    private static final Decision.Kind[] KINDS = Decision.Kind.values();

    private final MessageHandler onOrder = this::onOrder;
    private final OneToOneRingBuffer orders;
    private final FactWriter facts;
    private final SlotInWork app;
    private final CommandApplier applier;
    private final ReplyPusher pusher;
    private final Batch batch = new Batch();
    private final Batch part = new Batch();
    private final ExpandableArrayBuffer restBytes = new ExpandableArrayBuffer();
    private final Batch rest = new Batch();
    private final SnapshotTaker snapshots;
    private final Restorer restorer;
    private final AgreedSlots agreed;
    private final QueryAnswers answers;
    private final Consumer<Halt> onHalt;
    private boolean hasRest;
    private Halt toldHalt;
    private long toldUpTo;

    /** As below, for an application of which there is only one, and nobody to be told. */
    public ApplySide(
            HandOver handOver, StateMachine app, SessionLimits limits, Runnable awaitRoom) {
        this(handOver, app, null, limits, awaitRoom, halt -> {});
    }

    /**
     * @param app what commands are applied to, in its initial state
     * @param fresh makes others like it, asked when it must start again; null when nobody can
     * @param onHalt told, on the thread that steps this, when the state machine comes to a stand
     * @param limits equal on all nodes
     * @param awaitRoom called while there is no room for what must be told: waits a little for the
     *     replica thread, or lets it hear, where both are one
     */
    public ApplySide(
            HandOver handOver,
            StateMachine app,
            Supplier<? extends StateMachine> fresh,
            SessionLimits limits,
            Runnable awaitRoom,
            Consumer<Halt> onHalt) {
        this(handOver, app, fresh, limits, awaitRoom, onHalt, AgreedSlots.STEP);
    }

    /**
     * As above, among nodes that compare what they applied more often than real ones do.
     *
     * @param agreedStep at each multiple of this slot; equal on all nodes
     */
    public ApplySide(
            HandOver handOver,
            StateMachine app,
            Supplier<? extends StateMachine> fresh,
            SessionLimits limits,
            Runnable awaitRoom,
            Consumer<Halt> onHalt,
            int agreedStep) {
        this.onHalt = onHalt;
        orders = handOver.orders();
        facts = new FactWriter(handOver, awaitRoom);
        this.app = new SlotInWork(app);
        applier = new CommandApplier(this.app, limits);
        pusher = new ReplyPusher(applier, facts);
        snapshots = new SnapshotTaker(this.app, applier, facts);
        restorer = new Restorer(this.app, fresh, applier, facts, snapshots);
        agreed = new AgreedSlots(this.app, applier, facts, agreedStep);
        answers = new QueryAnswers(this.app, applier, facts);
        applier.reportTo(new Told());
    }

    /**
     * From now on snapshots go to one and come from the other; without, none are taken.
     *
     * @param sink takes those that are ordered
     * @param source gives back those that were taken, here or by another node
     */
    public void keepSnapshots(SnapshotSink sink, SnapshotSource source) {
        snapshots.reportTo(sink);
        restorer.readFrom(source);
    }

    /** Bytes of the largest message with a reply of this size. */
    public static int messageBytes(int replyBytes) {
        return ReplyPusher.messageBytes(replyBytes);
    }

    /**
     * Applies up to {@code most} batches, or whatever else was handed over.
     *
     * @return how much was done; 0 when there is nothing to do at the moment
     */
    public int step(int most) {
        int done = 0;
        while (done < most && mayApply() && (applyRest() || takeOrder())) {
            done++;
            tell();
        }
        return done > 0 ? done : tell();
    }

    private boolean mayApply() {
        return !snapshots.standsStill() && !restorer.isTelling();
    }

    /** What lay behind the slot of a snapshot for which nothing could be applied. */
    private boolean applyRest() {
        if (!hasRest) {
            return false;
        }
        hasRest = false;
        apply(rest);
        return true;
    }

    /** The first reading of a round may find nothing but the rest of the round before. */
    private boolean takeOrder() {
        int found = orders.read(onOrder, 1);
        return found > 0 || orders.read(onOrder, 1) > 0;
    }

    /** Whether anything was handed over that was not looked at yet. */
    public boolean hasOrders() {
        return orders.size() > 0;
    }

    /** What a link or the ring has no room for stays in the sessions. */
    private int tell() {
        answers.flush();
        if (restorer.isTelling()) {
            return Math.max(1, restorer.tellSome());
        }
        int said = answers.askWoken();
        said += (hasDiverged() ? 0 : pusher.push()) + (snapshots.copySome() ? 1 : 0);
        if (toldUpTo < applier.appliedIndex()
                && facts.applied(applier.appliedIndex(), applier.appliedHash())) {
            toldUpTo = applier.appliedIndex();
            said++;
        }
        return said + tellHalt();
    }

    /** What it would answer is not what others hold. */
    private boolean hasDiverged() {
        Halt halt = applier.halt();
        return halt != null && halt.isOfDivergence();
    }

    @SuppressWarnings(
            "ReferenceEquality") // Each halt is told once, equal to an earlier one or not.
    private int tellHalt() {
        Halt halt = applier.halt();
        if (halt == toldHalt || toldUpTo < applier.appliedIndex()) {
            return 0;
        }
        toldHalt = halt;
        answers.begunAnew();
        if (halt == null) {
            return 0;
        }
        onHalt.accept(halt);
        facts.halted(halt.slot(), halt.decision(), resumptionOf(halt));
        return 1;
    }

    private Resumption resumptionOf(Halt halt) {
        if (halt.isClean()) {
            return Resumption.FROM_THERE;
        }
        if (halt.isOfDivergence()) {
            return Resumption.WITH_A_SNAPSHOT_OF_OTHERS;
        }
        return restorer.canBegin() ? Resumption.FROM_THE_BEGINNING : Resumption.AFTER_A_RESTART;
    }

    private void onOrder(int type, MutableDirectBuffer buffer, int at, int length) {
        switch (type) {
            case Frames.BATCH -> committed(buffer, at, length);
            case Frames.ATTACH ->
                    pusher.attach(
                            buffer.getLong(at + Frames.ATTACH_CONNECTION),
                            buffer.getLong(at + Frames.ATTACH_NUMBER),
                            buffer.getLong(at + Frames.ATTACH_LINK),
                            buffer.getLong(at + Frames.ATTACH_SESSION),
                            buffer.getLong(at + Frames.ATTACH_AWAITED),
                            buffer.getLong(at + Frames.ATTACH_EVENT_SLOT),
                            buffer.getInt(at + Frames.ATTACH_EVENT_INDEX),
                            buffer.getInt(at + Frames.ATTACH_FRAGMENT_BYTES));
            case Frames.DETACH -> pusher.detach(buffer.getLong(at));
            case Frames.DECIDED -> {
                applier.decided(
                        buffer.getLong(at + Frames.DECIDED_AT),
                        KINDS[buffer.getInt(at + Frames.DECIDED_KIND)],
                        buffer.getLong(at + Frames.DECIDED_SLOT));
                snapshots.decided();
            }
            case Frames.HELD ->
                    applier.held(
                            buffer.getLong(at + Frames.HELD_SLOT),
                            buffer.getLong(at + Frames.HELD_DECISION));
            case Frames.GO_ON -> goOn(buffer.getInt(at) != 0);
            case Frames.SNAPSHOT ->
                    snapshots.order(
                            buffer.getLong(at + Frames.SNAPSHOT_SLOT),
                            buffer.getInt(at + Frames.SNAPSHOT_MAY_STAND_STILL) != 0);
            case Frames.RESTORE -> restore(buffer.getLong(at));
            case Frames.DIVERGED ->
                    diverged(
                            buffer.getLong(at + Frames.DIVERGED_EQUAL_UP_TO),
                            buffer.getLong(at + Frames.DIVERGED_AT),
                            buffer.getInt(at + Frames.DIVERGED_IS_MINORITY) != 0);
            case Frames.READS -> answer(buffer, at);
            case Frames.LAST ->
                    answers.last(
                            buffer.getLong(at + Frames.LAST_TICKET),
                            buffer.getInt(at + Frames.LAST_COUNT));
            case Frames.ASKER -> answers.areFor(buffer.getLong(at));
            case Frames.COMPACTED -> snapshots.compacted(buffer.getLong(at));
            default -> throw new IllegalStateException("no order has type " + type);
        }
    }

    private void answer(MutableDirectBuffer buffer, int at) {
        try {
            answers.answer(
                    buffer.getLong(at + Frames.READS_TICKET),
                    buffer.getLong(at + Frames.READS_SLOT),
                    buffer.getInt(at + Frames.READS_COUNT),
                    buffer.getInt(at + Frames.READS_FRAGMENT_BYTES),
                    buffer.getInt(at + Frames.READS_MAY_WAIT) != 0,
                    buffer,
                    at + Frames.READS_ITEMS);
        } finally {
            app.rests();
        }
    }

    private void goOn(boolean fromTheBeginning) {
        if (!fromTheBeginning) {
            applier.goOn();
            return;
        }
        restorer.startAgain();
        answers.begunAnew();
        toldUpTo = 0;
    }

    private void diverged(long equalUpTo, long differsAt, boolean isMinority) {
        hasRest = false;
        applier.haltAt(Halt.diverged(equalUpTo, differsAt, isMinority));
        snapshots.decided();
    }

    private void restore(long slot) {
        restorer.restore(slot);
        answers.begunAnew();
        snapshots.look();
        toldUpTo = restorer.isTelling() ? 0 : toldUpTo;
    }

    private void committed(MutableDirectBuffer buffer, int at, int length) {
        batch.slots(
                        0,
                        buffer.getLong(at + Frames.BATCH_FIRST_SLOT),
                        buffer.getInt(at + Frames.BATCH_COUNT))
                .value(
                        (byte) buffer.getInt(at + Frames.BATCH_KIND),
                        buffer.getLong(at + Frames.BATCH_ORIGIN_BALLOT),
                        buffer.getLong(at + Frames.BATCH_TIMESTAMP))
                .bytes(buffer, at + Frames.BATCH_ENTRIES, length - Frames.BATCH_ENTRIES);
        apply(batch);
    }

    /** In parts, where something is to be seen of all up to a slot and of nothing above. */
    private void apply(Batch whole) {
        try {
            long next = whole.firstSlot();
            while (next <= whole.lastSlot() && !snapshots.standsStill()) {
                long last = lastInOneGo(next, whole.lastSlot());
                applier.committed(part.slice(whole, next, last));
                snapshots.look();
                agreed.look(last);
                next = last + 1;
            }
            if (next <= whole.lastSlot()) {
                keepRest(part.slice(whole, next, whole.lastSlot()));
            }
        } finally {
            app.rests();
        }
    }

    private long lastInOneGo(long first, long last) {
        return Math.min(last, Math.min(snapshots.boundaryFrom(first), agreed.next(first)));
    }

    private void keepRest(Batch left) {
        restBytes.putBytes(0, left.buffer(), 0, left.length());
        rest.wrap(left).bytes(restBytes, 0, left.length());
        hasRest = true;
    }

    /** Whether something is still to be told for which there was no room. */
    @SuppressWarnings(
            "ReferenceEquality") // Each halt is told once, equal to an earlier one or not.
    public boolean isHeldUp() {
        return (pusher.isHeldUp() && !hasDiverged())
                || toldUpTo < applier.appliedIndex()
                || toldHalt != applier.halt()
                || restorer.isTelling()
                || answers.hasWoken()
                || snapshots.isBusy();
    }

    /**
     * The slot whose command the application has at this moment; 0 for none; the ticket of a query,
     * as a negative number, while it answers one. Any thread.
     */
    public long slotInWork() {
        return app.get();
    }

    /** Connections whose replies are wanted. */
    public int attachedCount() {
        return pusher.count();
    }

    /** State machine and sessions. */
    public CommandApplier applier() {
        return applier;
    }

    /** A refusal comes after the replies to what was applied before it. */
    private final class Told implements ReplySink {
        @Override
        public void opened(long nonce, SecretHash secret, long session) {
            facts.opened(nonce, secret, session);
        }

        @Override
        public void notOpened(long nonce, SecretHash secret) {
            facts.notOpened(nonce, secret);
        }

        @Override
        public void closed(long session) {
            facts.closed(session);
        }

        @Override
        public void refused(long session, long slot, long expected, Refusal why) {
            pusher.pushOf(session, slot - 1);
            facts.refused(session, slot, expected, why);
        }

        @Override
        public void withoutEffect(long slot) {
            snapshots.withoutEffect(slot);
            facts.withoutEffect(slot);
        }

        @Override
        public void outcome(
                long question,
                CommandFate fate,
                long slot,
                DirectBuffer reply,
                int offset,
                int length) {
            facts.outcome(question, fate, slot, reply, offset, length);
        }

        @Override
        public void queried(
                long asker, long ticket, long slot, DirectBuffer query, int offset, int length) {
            answers.queried(asker, ticket, slot, query, offset, length);
        }

        @Override
        public void limited(long decidedAt, SessionLimits limits) {
            facts.limited(decidedAt, limits);
        }

        @Override
        public void timers(long timeNs, long stopwatchMs, long readingMs) {
            facts.timers(timeNs, stopwatchMs, readingMs);
        }

        @Override
        public void news(long topic, long detail) {
            answers.news(topic, detail);
        }

        @Override
        public void overdue(long session, long lastWord) {
            facts.overdue(session, lastWord);
        }
    }
}
