package io.paxoslog.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Keeps what is written down, as lines and for replay. */
final class RecordingJournal implements JournalRecords {
    private final List<String> lines = new ArrayList<>();
    private final List<Consumer<JournalRecords>> records = new ArrayList<>();
    private final List<Batch> batches = new ArrayList<>();
    private final Consumer<String> deeds;

    /**
     * @param deeds told each line, so that it can be put in order with what is said
     */
    RecordingJournal(Consumer<String> deeds) {
        this.deeds = deeds;
    }

    @Override
    public void promised(long ballot) {
        add("promised " + Ballot.text(ballot), journal -> journal.promised(ballot));
    }

    @Override
    public void campaigned(long ballot) {
        add("campaigned " + Ballot.text(ballot), journal -> journal.campaigned(ballot));
    }

    @Override
    public void accepted(Batch batch) {
        Batch copy = keep(batch);
        add("accepted " + Batches.text(batch), journal -> journal.accepted(Batches.copy(copy)));
    }

    @Override
    public void chosen(Batch batch) {
        Batch copy = keep(batch);
        add("chosen " + Batches.text(batch), journal -> journal.chosen(Batches.copy(copy)));
    }

    private Batch keep(Batch batch) {
        Batch copy = Batches.copy(batch);
        batches.add(copy);
        return copy;
    }

    @Override
    public void committed(long ballot, long upTo) {
        add(
                "committed " + Ballot.text(ballot) + " upTo=" + upTo,
                journal -> journal.committed(ballot, upTo));
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        add(
                "membership slot=" + slot,
                journal -> journal.membership(slot, new UnsafeBuffer(bytes), 0, length));
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        add(
                "decision slot=" + slot + " " + Decision.decode(buffer, offset, length),
                journal -> journal.decision(slot, new UnsafeBuffer(bytes), 0, length));
    }

    @Override
    public void held(long slot, long decision) {
        add("held slot=" + slot + " against=" + decision, journal -> journal.held(slot, decision));
    }

    @Override
    public void returning(long promised) {
        add("returning " + Ballot.text(promised), journal -> journal.returning(promised));
    }

    @Override
    public void returned(long ballot) {
        add("returned " + Ballot.text(ballot), journal -> journal.returned(ballot));
    }

    @Override
    public void remembered(long member, long run, long records) {
        add(
                "remembered " + MemberId.text(member) + " run " + run + " with " + records,
                journal -> journal.remembered(member, run, records));
    }

    private void add(String line, Consumer<JournalRecords> record) {
        lines.add(line);
        deeds.accept(line);
        records.add(record);
    }

    /** All lines so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Values written, oldest first. */
    List<Batch> batches() {
        return batches;
    }

    /** Number of records. */
    int size() {
        return records.size();
    }

    /** Says the first records again. */
    void replay(int count, JournalRecords into) {
        records.subList(0, count).forEach(record -> record.accept(into));
    }
}
