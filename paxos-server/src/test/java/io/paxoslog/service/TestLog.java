package io.paxoslog.service;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.Decision;
import io.paxoslog.core.Version;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes batches as a leader would and has them applied, one slot behind the other. */
public final class TestLog {
    private final Batch batch = new Batch();
    private final ExpandableArrayBuffer entries = new ExpandableArrayBuffer();
    private final CommandApplier applier;
    private long timestamp = 1;
    private long ballot = Ballot.of(1, 1);
    private int length;
    private int count;

    public TestLog(CommandApplier applier) {
        this.applier = applier;
    }

    public TestLog at(long newTimestamp) {
        timestamp = newTimestamp;
        return this;
    }

    /** From now on somebody else leads. */
    public TestLog under(long newBallot) {
        ballot = newBallot;
        return this;
    }

    public TestLog open(long nonce) {
        return entry(EntryFormat.OPEN_SESSION, nonce, 0, 0, new byte[0]);
    }

    /** A session whose client will say that it lives. */
    public TestLog openKept(long nonce) {
        return entry(EntryFormat.OPEN_SESSION, nonce, EntryFormat.KEPT_ALIVE, 0, new byte[0]);
    }

    /** So much has passed on the stopwatch, and these sessions are kept alive. */
    public TestLog alive(long passedMs, long... sessions) {
        UnsafeBuffer ids = new UnsafeBuffer(new byte[sessions.length * Long.BYTES]);
        for (int i = 0; i < sessions.length; i++) {
            ids.putLong(i * Long.BYTES, sessions[i], ByteOrder.LITTLE_ENDIAN);
        }
        return entry(EntryFormat.KEEP_ALIVE, 0, 0, passedMs, ids.byteArray());
    }

    /** A session is to end, unless there was something of it behind a slot. */
    public TestLog expire(long session, long lastWord) {
        return entry(EntryFormat.EXPIRE_SESSION, session, lastWord, 0, new byte[0]);
    }

    /** Whoever leads has timers fired; so much has passed on the stopwatch. */
    public TestLog fire(long passedMs) {
        return entry(EntryFormat.FIRE_TIMERS, 0, 0, passedMs, new byte[0]);
    }

    /** The client of a session has events up to a position. */
    public TestLog take(long session, long slot, int index) {
        UnsafeBuffer taken = new UnsafeBuffer(new byte[EntryFormat.TAKEN_BYTES]);
        taken.putLong(0, session, ByteOrder.LITTLE_ENDIAN);
        taken.putLong(Long.BYTES, slot, ByteOrder.LITTLE_ENDIAN);
        taken.putInt(2 * Long.BYTES, index, ByteOrder.LITTLE_ENDIAN);
        return entry(EntryFormat.TAKE_EVENTS, 0, 0, 0, taken.byteArray());
    }

    /** Applies a decision about versions; nothing may be left to apply. */
    public TestLog agreeOn(Version version) {
        UnsafeBuffer entry = new UnsafeBuffer(new byte[Integer.BYTES + Decision.BYTES]);
        entry.putInt(0, Decision.BYTES, ByteOrder.LITTLE_ENDIAN);
        Decision.version(version, 0).encode(entry, Integer.BYTES);
        applier.committed(
                new Batch()
                        .slots(ballot, applier.appliedIndex() + 1, 1)
                        .value(Batch.DECISION, ballot, timestamp)
                        .bytes(entry, 0, entry.capacity()));
        return this;
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
        entries.putInt(length, body.length, ByteOrder.LITTLE_ENDIAN);
        entries.putBytes(length + Integer.BYTES, body);
        length += Integer.BYTES + body.length;
        count++;
        return this;
    }

    /** Applies what was written as one batch; returns its last slot. */
    public long apply() {
        batch.slots(ballot, applier.appliedIndex() + 1, count)
                .value(Batch.COMMANDS, ballot, timestamp)
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
