package io.paxoslog.core;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes batches out of words, and words out of batches. */
final class Batches {
    private Batches() {}

    /** Commands first proposed under the ballot they are accepted under, at time 0. */
    static Batch commands(long ballot, long firstSlot, String... commands) {
        return commandsOf(ballot, 0, ballot, firstSlot, commands);
    }

    static Batch commandsOf(
            long origin, long timestamp, long ballot, long firstSlot, String... commands) {
        UnsafeBuffer bytes = entries(commands);
        return new Batch()
                .slots(ballot, firstSlot, commands.length)
                .value(Batch.COMMANDS, origin, timestamp)
                .bytes(bytes, 0, bytes.capacity());
    }

    static Batch noOps(long ballot, long firstSlot, int count) {
        return new Batch().slots(ballot, firstSlot, count).value(Batch.NO_OP, ballot, 0).noBytes();
    }

    /** With a time on it, so that whoever knows it chosen has one to go on from. */
    static Batch membership(long ballot, Membership membership) {
        return membership(ballot, 1, membership);
    }

    static Batch membership(long ballot, long slot, Membership membership) {
        ExpandableArrayBuffer entry = new ExpandableArrayBuffer();
        int length = membership.encode(entry, Batch.ENTRY_PREFIX_BYTES);
        entry.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        return new Batch()
                .slots(ballot, slot, 1)
                .value(Batch.MEMBERSHIP, ballot, 5)
                .bytes(entry, 0, Batch.ENTRY_PREFIX_BYTES + length);
    }

    static UnsafeBuffer entries(String... commands) {
        int length = 0;
        for (String command : commands) {
            length += Batch.ENTRY_PREFIX_BYTES + command.length();
        }
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
        int position = 0;
        for (String command : commands) {
            bytes.putInt(position, command.length(), ByteOrder.LITTLE_ENDIAN);
            bytes.putBytes(
                    position + Batch.ENTRY_PREFIX_BYTES,
                    command.getBytes(StandardCharsets.US_ASCII));
            position += Batch.ENTRY_PREFIX_BYTES + command.length();
        }
        return bytes;
    }

    /** A batch that outlives the call it came with. */
    static Batch copy(Batch batch) {
        byte[] bytes = new byte[batch.length()];
        batch.buffer().getBytes(0, bytes);
        Batch copy =
                new Batch()
                        .slots(batch.ballot(), batch.firstSlot(), batch.count())
                        .value(batch.kind(), batch.originBallot(), batch.timestamp());
        return bytes.length == 0
                ? copy.noBytes()
                : copy.bytes(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** One word per slot: the command, {@code -} for a no-op, {@code members} for a membership. */
    static List<String> words(Batch batch) {
        List<String> words = new ArrayList<>();
        int position = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.kind() == Batch.NO_OP) {
                words.add("-");
            } else if (batch.kind() == Batch.DECISION) {
                words.add(Decision.of(batch).toString());
            } else if (batch.kind() == Batch.MEMBERSHIP) {
                words.add("members");
            } else {
                int length = batch.entryLength(position);
                words.add(
                        batch.buffer()
                                .getStringWithoutLengthAscii(
                                        position + Batch.ENTRY_PREFIX_BYTES, length));
                position += Batch.ENTRY_PREFIX_BYTES + length;
            }
        }
        return words;
    }

    /** Ballot, first slot and words. */
    static String text(Batch batch) {
        String ballot = batch.ballot() == Ballot.NONE ? "none" : Ballot.text(batch.ballot());
        String words =
                batch.kind() == Batch.NO_OP
                        ? "no-op x" + batch.count()
                        : String.join(",", words(batch));
        return "b=" + ballot + " slot=" + batch.firstSlot() + " " + words;
    }
}
