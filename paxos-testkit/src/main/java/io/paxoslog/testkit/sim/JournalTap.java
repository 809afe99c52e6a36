package io.paxoslog.testkit.sim;

import io.paxoslog.core.Batch;
import io.paxoslog.core.JournalRecords;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;

/** Lies between a replica and its journal and lets records pass only while it is open. */
final class JournalTap implements JournalRecords {
    private final JournalRecords next;
    private final BooleanSupplier isOpen;

    JournalTap(JournalRecords next, BooleanSupplier isOpen) {
        this.next = next;
        this.isOpen = isOpen;
    }

    @Override
    public void promised(long ballot) {
        if (isOpen.getAsBoolean()) {
            next.promised(ballot);
        }
    }

    @Override
    public void campaigned(long ballot) {
        if (isOpen.getAsBoolean()) {
            next.campaigned(ballot);
        }
    }

    @Override
    public void accepted(Batch batch) {
        if (isOpen.getAsBoolean()) {
            next.accepted(batch);
        }
    }

    @Override
    public void chosen(Batch batch) {
        if (isOpen.getAsBoolean()) {
            next.chosen(batch);
        }
    }

    @Override
    public void committed(long ballot, long upTo) {
        if (isOpen.getAsBoolean()) {
            next.committed(ballot, upTo);
        }
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        if (isOpen.getAsBoolean()) {
            next.membership(slot, buffer, offset, length);
        }
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        if (isOpen.getAsBoolean()) {
            next.decision(slot, buffer, offset, length);
        }
    }

    @Override
    public void held(long slot, long decision) {
        if (isOpen.getAsBoolean()) {
            next.held(slot, decision);
        }
    }

    @Override
    public void returning(long promised) {
        if (isOpen.getAsBoolean()) {
            next.returning(promised);
        }
    }

    @Override
    public void returned(long ballot) {
        if (isOpen.getAsBoolean()) {
            next.returned(ballot);
        }
    }

    @Override
    public void remembered(long member, long run, long records) {
        if (isOpen.getAsBoolean()) {
            next.remembered(member, run, records);
        }
    }
}
