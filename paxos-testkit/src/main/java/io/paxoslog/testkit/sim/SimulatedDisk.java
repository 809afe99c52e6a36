package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * What one data directory holds: every record written, how far it was forced, and the newest record
 * of each slot. A kill keeps everything; a loss of power keeps what was forced and perhaps some of
 * the rest, from its front.
 */
public final class SimulatedDisk implements JournalRecords {
    /**
     * Hears of every record in the order of the journal, when it is written and again when it is
     * forced.
     */
    public interface Listener {
        /** The record is in the page cache: a kill does not lose it. */
        void written(JournalRecord entry);

        /** The record is on stable storage. */
        void forced(JournalRecord entry);
    }

    private final List<JournalRecord> entries = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private final Long2ObjectHashMap<BatchCopy> accepted = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<BatchCopy> chosen = new Long2ObjectHashMap<>();
    private Listener listener;
    private int forcedEntries;
    private boolean hasForcedMembership;
    private long ballotPosition;
    private long jumpedTo;

    /** Says who hears of records from now on. */
    public void listenWith(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void promised(long ballot) {
        write(new JournalRecord.Promised(ballot));
        ballotPosition = appendedPosition();
    }

    @Override
    public void campaigned(long ballot) {
        write(new JournalRecord.Campaigned(ballot));
        ballotPosition = appendedPosition();
    }

    @Override
    public void accepted(Batch batch) {
        write(new JournalRecord.Accepted(BatchCopy.of(batch)));
    }

    @Override
    public void chosen(Batch batch) {
        write(new JournalRecord.Chosen(BatchCopy.of(batch)));
    }

    @Override
    public void committed(long ballot, long upTo) {
        write(new JournalRecord.Committed(ballot, upTo));
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        write(new JournalRecord.MembershipEntry(slot, bytes));
    }

    private void write(JournalRecord entry) {
        ends.add(appendedPosition() + entry.lengthBytes());
        entries.add(entry);
        index(entry);
        listener.written(entry);
    }

    private void index(JournalRecord entry) {
        if (entry instanceof JournalRecord.Accepted a) {
            a.slots().forEachSlot(slot -> accepted.put(slot, a.slots()));
        } else if (entry instanceof JournalRecord.Chosen c) {
            c.slots().forEachSlot(slot -> chosen.put(slot, c.slots()));
        }
    }

    /** End of the last record. */
    public long appendedPosition() {
        return endOf(entries.size());
    }

    /** End of the last promise or own ballot. */
    public long ballotPosition() {
        return ballotPosition;
    }

    /** How far everything is on stable storage. */
    public long syncedPosition() {
        return endOf(forcedEntries);
    }

    private long endOf(int count) {
        return count == 0 ? 0 : ends.get(count - 1);
    }

    /** Records written. */
    public int writtenEntries() {
        return entries.size();
    }

    /** Records forced. */
    public int forcedEntries() {
        return forcedEntries;
    }

    /** Whether a membership is on stable storage. */
    boolean hasForcedMembership() {
        return hasForcedMembership;
    }

    /** The first {@code count} records are on stable storage now. */
    public void force(int count) {
        while (forcedEntries < count) {
            JournalRecord entry = entries.get(forcedEntries++);
            hasForcedMembership |= entry instanceof JournalRecord.MembershipEntry;
            listener.forced(entry);
        }
    }

    /** Power was lost: the first {@code keep} records are left, at least those that were forced. */
    public void losePower(int keep) {
        if (keep < forcedEntries) {
            throw new IllegalArgumentException("forced records are never lost");
        }
        while (entries.size() > keep) {
            entries.remove(entries.size() - 1);
            ends.remove(ends.size() - 1);
        }
        accepted.clear();
        chosen.clear();
        entries.forEach(this::index);
        ballotPosition = Math.min(ballotPosition, appendedPosition());
    }

    /**
     * A disk that holds the same membership, as if everything up to {@code slot} had been chosen
     * and deleted, and {@code ballot} been promised.
     */
    public SimulatedDisk jumpedTo(long slot, long ballot) {
        SimulatedDisk jumped = new SimulatedDisk();
        jumped.jumpedTo = slot;
        entries.stream()
                .filter(entry -> entry instanceof JournalRecord.MembershipEntry)
                .forEach(jumped::keep);
        jumped.keep(new JournalRecord.Promised(ballot));
        jumped.keep(new JournalRecord.Committed(Ballot.NONE, slot));
        return jumped;
    }

    private void keep(JournalRecord entry) {
        ends.add(appendedPosition() + entry.lengthBytes());
        entries.add(entry);
        forcedEntries++;
    }

    /** Slot above which the records of values begin. */
    long jumpedTo() {
        return jumpedTo;
    }

    /** A copy as a backup would hold it. */
    public SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk();
        copy.entries.addAll(entries);
        copy.ends.addAll(ends);
        copy.accepted.putAll(accepted);
        copy.chosen.putAll(chosen);
        copy.forcedEntries = forcedEntries;
        copy.ballotPosition = ballotPosition;
        return copy;
    }

    /**
     * Has everything heard again, in order. What is kept is forced first: nothing that was read may
     * be lost again.
     */
    public void replay(JournalRecords into) {
        force(entries.size());
        entries.forEach(entry -> entry.sayTo(into));
    }

    /** Names every record, in order. */
    public void forEach(Consumer<JournalRecord> consumer) {
        entries.forEach(consumer);
    }

    /** The newest value of a slot, whatever it was held under; null when there is none. */
    public BatchCopy valueAt(long slot) {
        BatchCopy value = chosen.get(slot);
        return value != null ? value : accepted.get(slot);
    }

    /** The newest values from a slot on, as far as one record goes and not beyond {@code last}. */
    BatchCopy valuesFrom(long slot, long last) {
        return oneRecord(slot, last, this::valueAt);
    }

    /**
     * The newest acceptances from a slot on, as far as one record goes and not beyond {@code last}.
     */
    BatchCopy acceptedFrom(long slot, long last, long ballot) {
        BatchCopy part = oneRecord(slot, last, accepted::get);
        if (part.ballot() != ballot) {
            throw new SafetyViolation(
                    "slot "
                            + slot
                            + " is asked for as accepted under "
                            + Ballot.text(ballot)
                            + ", the disk holds it under "
                            + Ballot.text(part.ballot()));
        }
        return part;
    }

    private static BatchCopy oneRecord(long slot, long last, LongFunction<BatchCopy> newest) {
        BatchCopy value = newest.apply(slot);
        if (value == null) {
            throw new SafetyViolation("slot " + slot + " is asked for, the disk lacks it");
        }
        long end = slot;
        while (end < last && newest.apply(end + 1) == value) {
            end++;
        }
        return value.slice(slot, end);
    }
}
