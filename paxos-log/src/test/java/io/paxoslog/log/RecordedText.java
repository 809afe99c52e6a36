package io.paxoslog.log;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.JournalRecords;
import io.paxoslog.core.MemberId;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Writes down what it hears, one line a record. */
class RecordedText implements JournalRecords {
    private final List<String> lines = new ArrayList<>();

    List<String> lines() {
        return lines;
    }

    @Override
    public void promised(long ballot) {
        lines.add("promised " + Ballot.text(ballot));
    }

    @Override
    public void campaigned(long ballot) {
        lines.add("campaigned " + Ballot.text(ballot));
    }

    @Override
    public void accepted(Batch batch) {
        lines.add("accepted " + text(batch));
    }

    @Override
    public void chosen(Batch batch) {
        lines.add("chosen " + text(batch));
    }

    @Override
    public void committed(long ballot, long upTo) {
        lines.add("committed " + Ballot.text(ballot) + " " + upTo);
    }

    @Override
    public void membership(long slot, DirectBuffer buffer, int offset, int length) {
        lines.add("membership " + slot + " " + ascii(buffer, offset, length));
    }

    @Override
    public void decision(long slot, DirectBuffer buffer, int offset, int length) {
        lines.add("decision " + slot + " " + Decision.decode(buffer, offset, length));
    }

    @Override
    public void held(long slot, long decision) {
        lines.add("held " + slot + " against " + decision);
    }

    @Override
    public void unknown(Batch batch) {
        lines.add(
                "unknown "
                        + Ballot.text(batch.ballot())
                        + " "
                        + batch.firstSlot()
                        + ".."
                        + batch.lastSlot());
    }

    @Override
    public void returning(long promised) {
        lines.add("returning " + Ballot.text(promised));
    }

    @Override
    public void returned(long ballot) {
        lines.add("returned " + Ballot.text(ballot));
    }

    @Override
    public void remembered(long member, long run, long records) {
        lines.add("remembered " + MemberId.text(member) + " run " + run + " with " + records);
    }

    /** All of a batch, entries included. */
    static String text(Batch batch) {
        StringBuilder text =
                new StringBuilder()
                        .append(batch.firstSlot())
                        .append("..")
                        .append(batch.lastSlot())
                        .append(" b=")
                        .append(Ballot.text(batch.ballot()))
                        .append(" origin=")
                        .append(Ballot.text(batch.originBallot()))
                        .append(" t=")
                        .append(batch.timestamp())
                        .append(" kind=")
                        .append(batch.kind());
        int position = 0;
        while (position < batch.length()) {
            int length = batch.entryLength(position);
            position += Batch.ENTRY_PREFIX_BYTES;
            text.append(' ').append(ascii(batch.buffer(), position, length));
            position += length;
        }
        return text.toString();
    }

    private static String ascii(DirectBuffer buffer, int offset, int length) {
        return buffer.getStringWithoutLengthAscii(offset, length);
    }
}
