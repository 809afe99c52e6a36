package io.paxoslog.service;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes batches as a leader would and has them applied, one slot behind the other. */
public final class TestLog {
    private final Batch batch = new Batch();
    private final ExpandableArrayBuffer entries = new ExpandableArrayBuffer();
    private final CommandApplier applier;
    private long timestamp = 1;
    private int length;
    private int count;

    public TestLog(CommandApplier applier) {
        this.applier = applier;
    }

    public TestLog at(long newTimestamp) {
        timestamp = newTimestamp;
        return this;
    }

    public TestLog open(long nonce) {
        return entry(EntryFormat.OPEN_SESSION, nonce, 0, 0, new byte[0]);
    }

    public TestLog close(long session) {
        return entry(EntryFormat.CLOSE_SESSION, session, 0, 0, new byte[0]);
    }

    public TestLog ask(long session, long sequence, long question) {
        return entry(EntryFormat.ASK_OUTCOME, session, sequence, question, new byte[0]);
    }

    public TestLog command(long session, long sequence, long awaited, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return entry(EntryFormat.COMMAND, session, sequence, awaited, bytes);
    }

    public TestLog entry(short kind, long session, long sequence, long awaited, byte[] bytes) {
        int at =
                EntryFormat.putHead(
                        entries, length, kind, session, sequence, awaited, bytes.length);
        entries.putBytes(at, bytes);
        length = at + bytes.length;
        count++;
        return this;
    }

    public TestLog raw(byte[] body) {
        entries.putInt(length, body.length, java.nio.ByteOrder.LITTLE_ENDIAN);
        entries.putBytes(length + Integer.BYTES, body);
        length += Integer.BYTES + body.length;
        count++;
        return this;
    }

    /** Applies what was written as one batch; returns its last slot. */
    public long apply() {
        batch.slots(Ballot.of(1, 1), applier.appliedIndex() + 1, count)
                .value(Batch.COMMANDS, Ballot.of(1, 1), timestamp)
                .bytes(new UnsafeBuffer(entries, 0, length), 0, length);
        applier.committed(batch);
        length = 0;
        count = 0;
        return applier.appliedIndex();
    }

    public void noOps(int slots) {
        batch.slots(Ballot.of(1, 1), applier.appliedIndex() + 1, slots)
                .value(Batch.NO_OP, Ballot.of(1, 1), 0)
                .noBytes();
        applier.committed(batch);
    }
}
