package io.paxoslog.apply;

import io.paxoslog.core.Batch;
import io.paxoslog.core.CommittedLog;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Replica;
import java.util.function.Consumer;

/**
 * Hands over what is chosen to the one who applies, each slot once and in order. Behind a full ring
 * it lets the log go by and reads the journal again, as it does after a start: the replica never
 * waits, and nothing grows. Belongs to the replica thread.
 */
public final class ApplyFeed implements CommittedLog {
    /** Reads chosen slots from the journal, as the journal's own reader does. */
    public interface Reader {
        /**
         * Hands over consecutive slots from {@code firstSlot} until {@code lastSlot}, the budget or
         * the first slot not held.
         *
         * @return the next slot
         */
        long read(long firstSlot, long lastSlot, int maxBytes, Consumer<Batch> handler);
    }

    /** Knows the snapshots of this node. */
    public interface Snapshots {
        /** Of none. */
        Snapshots NONE = slot -> 0;

        /** Slot of the newest one that ends below a slot; 0 when there is none. */
        long newestBelow(long slot);
    }

    /**
     * What could not be read may be there soon, as others are asked for it; and looking costs. Each
     * time twice as long.
     */
    private static final int FIRST_TURNS_TO_LOOK_AGAIN = 16;

    private static final int MOST_TURNS_TO_LOOK_AGAIN = 1024;

    /** No decision: who cannot read a slot holds nothing against it. */
    private static final long NO_HOLD = Long.MIN_VALUE;

    private final Consumer<Batch> onRead = this::onRead;
    private final ApplyOrders orders;
    private final Reader reader;
    private final int bytesPerTurn;
    private final Batch part = new Batch();
    private final Standstill standstill;
    private long nextSlot;
    private boolean isBehind = true;
    private boolean isFull;
    private long unreadableAt;
    private int turnsToLook;
    private int turnsWaited;

    /** As below, for a node without snapshots. */
    public ApplyFeed(ApplyOrders orders, Reader reader, long appliedUpTo, int bytesPerTurn) {
        this(orders, reader, Snapshots.NONE, appliedUpTo, bytesPerTurn);
    }

    /**
     * Begins behind: what was chosen before the start comes from the journal. Where a snapshot is
     * to be taken first, {@link #jumped} says so.
     *
     * @param snapshots asked when a state machine must start again
     * @param appliedUpTo last slot that needs no applying
     * @param bytesPerTurn most bytes read from the journal in one turn
     */
    public ApplyFeed(
            ApplyOrders orders,
            Reader reader,
            Snapshots snapshots,
            long appliedUpTo,
            int bytesPerTurn) {
        standstill = new Standstill(orders, snapshots);
        this.orders = orders;
        this.reader = reader;
        this.bytesPerTurn = bytesPerTurn;
        nextSlot = appliedUpTo + 1;
    }

    @Override
    public void decided(long at, Decision decision) {
        standstill.decided(at, decision);
    }

    @Override
    public void held(long slot, long decision) {
        standstill.held(slot, decision);
    }

    /**
     * The state machine takes a snapshot of this node in the place of all slots up to one, unless
     * these were handed over.
     */
    @Override
    public void jumped(long slot) {
        if (slot >= nextSlot) {
            standstill.take(slot);
            isBehind = true;
        }
    }

    /** What it was given last counts no more, and it is given nothing. */
    @Override
    public void diverged(long equalUpTo, long differsAt, boolean isMinority) {
        standstill.diverged(equalUpTo, differsAt, isMinority);
        isBehind = true;
    }

    @Override
    public void begunAnew(long snapshot) {
        standstill.take(snapshot);
        isBehind = true;
    }

    /**
     * Looks whether the state machine came to a stand: then it is given nothing before the log
     * decides. Tells the replica how it stands, too.
     */
    public void hear(Applied applied, Replica replica) {
        standstill.hear(applied);
        isBehind = isBehind || standstill.isOn();
        tellHashes(applied, replica);
        if (unreadableAt != 0 && standstill.slot() == 0) {
            replica.serviceAt(applied.index(), unreadableAt, NO_HOLD);
        } else {
            standstill.report(replica, applied.index());
        }
    }

    /** As {@link #haltedAt}, but 0 when it stands there for another reason than the entry there. */
    public long haltedAtEntry() {
        return standstill.isOfEntry() ? standstill.slot() : 0;
    }

    /** What was applied before it stood still counts no more. */
    private void tellHashes(Applied applied, Replica replica) {
        Applied.AgreedHash next = applied.nextHash();
        for (; next != null; next = applied.nextHash()) {
            if (!standstill.isOn()) {
                replica.hashed(next.slot(), next.hash());
            }
        }
    }

    /** Where the state machine stands still; 0 while it goes on. */
    public long haltedAt() {
        return standstill.slot();
    }

    /**
     * A chosen slot that is to be applied next and that the journal does not give back; 0 for none.
     * The replica is told, so that this node does not lead.
     */
    public long unreadableAt() {
        return unreadableAt;
    }

    /** Whether the log has decided, and a restart of the node is all that is left to be done. */
    public boolean needsRestart() {
        return standstill.needsRestart();
    }

    @Override
    public void committed(Batch batch) {
        isBehind = isBehind || !standstill.tell();
        if (isBehind) {
            return;
        }
        if (batch.firstSlot() != nextSlot) {
            throw new IllegalStateException(
                    "slot " + batch.firstSlot() + " came where " + nextSlot + " was due");
        }
        isBehind = !handOver(batch);
    }

    /**
     * Goes on with what was let go by, once in each turn.
     *
     * @param commitIndex every slot up to it is chosen
     * @return the slots handed over
     */
    public int catchUp(long commitIndex) {
        long next = standstill.goOn();
        if (next != 0) {
            nextSlot = next;
            unreadableAt = 0;
        }
        boolean isToldAll = standstill.tell();
        if (!isToldAll || standstill.isOn()) {
            isBehind = true;
            return 0;
        }
        if (!isBehind || (nextSlot <= commitIndex && !orders.isRoomy())) {
            return 0;
        }
        if (unreadableAt != 0 && --turnsToLook > 0) {
            return 0;
        }
        long before = nextSlot;
        if (nextSlot <= commitIndex) {
            readOn(commitIndex);
        }
        isBehind = nextSlot <= commitIndex;
        return (int) Math.min(Integer.MAX_VALUE, nextSlot - before);
    }

    /** What cannot be read back stops who applies, and nobody else: this node votes on. */
    private void readOn(long commitIndex) {
        long before = nextSlot;
        isFull = false;
        reader.read(nextSlot, commitIndex, bytesPerTurn, onRead);
        boolean isUnreadable = nextSlot == before && !isFull;
        unreadableAt = isUnreadable ? nextSlot : 0;
        turnsWaited =
                isUnreadable
                        ? Math.min(
                                MOST_TURNS_TO_LOOK_AGAIN,
                                Math.max(FIRST_TURNS_TO_LOOK_AGAIN, 2 * turnsWaited))
                        : 0;
        turnsToLook = turnsWaited;
    }

    private void onRead(Batch batch) {
        isFull = isFull || !handOver(batch);
    }

    /** Hands over all of a batch, in parts where it is too large for one. */
    private boolean handOver(Batch batch) {
        if (batch.length() <= orders.largestBatchBytes()) {
            return handOverPart(batch);
        }
        while (nextSlot <= batch.lastSlot()) {
            part.slice(batch, nextSlot, lastThatFits(batch));
            if (!handOverPart(part)) {
                return false;
            }
        }
        return true;
    }

    private boolean handOverPart(Batch batch) {
        if (!orders.committed(batch)) {
            return false;
        }
        nextSlot = batch.lastSlot() + 1;
        return true;
    }

    private long lastThatFits(Batch batch) {
        int position = 0;
        int room = orders.largestBatchBytes();
        for (long slot = batch.firstSlot(); slot <= batch.lastSlot(); slot++) {
            int bytes = Batch.ENTRY_PREFIX_BYTES + batch.entryLength(position);
            position += bytes;
            if (slot < nextSlot) {
                continue;
            }
            room -= bytes;
            if (room < 0) {
                // One entry alone always fits, as the ring is made for it.
                return Math.max(nextSlot, slot - 1);
            }
        }
        return batch.lastSlot();
    }

    /** Every slot up to it was handed over. */
    public long handedOverUpTo() {
        return nextSlot - 1;
    }

    /** Whether the one who applies lacks slots that have gone by. */
    public boolean isBehind() {
        return isBehind;
    }
}
