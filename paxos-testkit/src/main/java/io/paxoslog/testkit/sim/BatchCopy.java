package io.paxoslog.testkit.sim;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.Membership;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;

/** A batch that stays: what a recorded message or journal record holds. Immutable. */
public final class BatchCopy {
    private final long ballot;
    private final long firstSlot;
    private final int count;
    private final byte kind;
    private final long originBallot;
    private final long timestamp;
    private final byte[] bytes;
    private long[] values;

    private BatchCopy(Batch batch) {
        ballot = batch.ballot();
        firstSlot = batch.firstSlot();
        count = batch.count();
        kind = batch.kind();
        originBallot = batch.originBallot();
        timestamp = batch.timestamp();
        bytes = new byte[batch.length()];
        batch.buffer().getBytes(0, bytes);
    }

    /** Copies everything, bytes included. */
    public static BatchCopy of(Batch batch) {
        if (!batch.isWellFormed()) {
            throw new IllegalStateException("not well formed: " + describe(batch));
        }
        return new BatchCopy(batch);
    }

    private static String describe(Batch b) {
        return "ballot "
                + Ballot.text(b.ballot())
                + ", slots "
                + b.firstSlot()
                + " x "
                + b.count()
                + ", kind "
                + b.kind()
                + ", origin "
                + Ballot.text(b.originBallot())
                + ", bytes "
                + b.length();
    }

    /**
     * A flyweight over a fresh copy of the bytes, so that nobody can change this one or keep it
     * unnoticed.
     */
    public Batch view() {
        Batch batch =
                new Batch().slots(ballot, firstSlot, count).value(kind, originBallot, timestamp);
        return bytes.length == 0
                ? batch.noBytes()
                : batch.bytes(new UnsafeBuffer(bytes.clone()), 0, bytes.length);
    }

    /** The part of these slots that lies in {@code from..to}. */
    public BatchCopy slice(long from, long to) {
        return from <= firstSlot && to >= lastSlot()
                ? this
                : new BatchCopy(new Batch().slice(view(), from, to));
    }

    /** The same values under another ballot. */
    public BatchCopy under(long otherBallot) {
        return new BatchCopy(view().slots(otherBallot, firstSlot, count));
    }

    public long ballot() {
        return ballot;
    }

    public long firstSlot() {
        return firstSlot;
    }

    public long lastSlot() {
        return firstSlot + count - 1;
    }

    public int count() {
        return count;
    }

    public byte kind() {
        return kind;
    }

    /** Ballot of the leader that first proposed the values. */
    public long originBallot() {
        return originBallot;
    }

    /** When they were first proposed, in nanoseconds since 1970. */
    public long timestamp() {
        return timestamp;
    }

    public int length() {
        return bytes.length;
    }

    /** Names every slot, in order. */
    public void forEachSlot(LongConsumer consumer) {
        for (long slot = firstSlot; slot <= lastSlot(); slot++) {
            consumer.accept(slot);
        }
    }

    /**
     * Fingerprint of the value at a slot: kind, origin ballot, timestamp and bytes, nothing else.
     */
    public long value(long slot) {
        if (values == null) {
            values = fingerprints();
        }
        return values[(int) (slot - firstSlot)];
    }

    private long[] fingerprints() {
        long common = SimRandom.mix(SimRandom.mix(originBallot + 31L * kind) ^ timestamp);
        long[] result = new long[count];
        int position = 0;
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int i = 0; i < count; i++) {
            long hash = common;
            if (kind != Batch.NO_OP) {
                int end = position + Batch.ENTRY_PREFIX_BYTES + Entries.length(buffer, position);
                for (; position < end; position++) {
                    hash = hash * 0x100000001B3L + bytes[position];
                }
            }
            result[i] = SimRandom.mix(hash);
        }
        return result;
    }

    /** The bodies of the entries, one for each slot; none for no-ops. */
    public List<byte[]> entries() {
        return Entries.decode(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** Slots and values as scenarios write them. */
    public String text() {
        String slots =
                count == 1
                        ? "slot=" + slotText(firstSlot)
                        : "slots=" + slotText(firstSlot) + ".." + slotText(lastSlot());
        String origin = originBallot == ballot ? "" : " origin=" + Ballot.text(originBallot);
        return slots + " " + valueText() + origin;
    }

    /** Slots near the end of the log are shown by their distance to it. */
    public static String slotText(long slot) {
        long left = Batch.MAX_SLOT - slot;
        return left >= 0 && left < 1_000_000 ? "MAX-" + left : Long.toString(slot);
    }

    private String membershipText() {
        Batch view = view();
        Membership entry =
                Membership.decode(view.buffer(), Batch.ENTRY_PREFIX_BYTES, view.entryLength(0));
        StringBuilder text = new StringBuilder("membership");
        for (int i = 0; i < entry.size() && entry.previous() != 0; i++) {
            text.append(i == 0 ? " of " : ",").append(MemberId.node(entry.member(i)));
        }
        return text.toString();
    }

    /** The values as scenarios write them. */
    public String valueText() {
        if (kind == Batch.NO_OP) {
            return "no-op";
        }
        if (kind == Batch.MEMBERSHIP) {
            return membershipText();
        }
        List<String> texts = new ArrayList<>();
        for (byte[] entry : entries()) {
            texts.add(
                    Command.isCommand(entry)
                            ? Command.decode(entry).text()
                            : new String(entry, StandardCharsets.US_ASCII));
        }
        return String.join(" ", texts);
    }
}
