package io.paxoslog.transport;

import io.paxoslog.core.Ballot;
import io.paxoslog.core.Batch;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.PeerMessages;
import io.paxoslog.core.Version;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongBinaryOperator;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/** Messages, frames and counters for tests. */
final class Frames {
    static final long CLUSTER = 77;
    static final long FROM = MemberId.of(2, 5);
    private static final long KNOWS = new Version(3, 5).told();
    static final long BALLOT = Ballot.of(3, 2);
    static final long LOWER = Ballot.of(1, 1);

    private Frames() {}

    static AtomicCounter counter() {
        return new AtomicCounter(new UnsafeBuffer(ByteBuffer.allocateDirect(1024)), 0);
    }

    /** Hears everybody who is admitted, in whatever run. */
    static Admission admission(LongBinaryOperator admits) {
        return new Admission() {
            @Override
            public boolean admits(long fromMember, long clusterId) {
                return admits.applyAsLong(fromMember, clusterId) != 0;
            }

            @Override
            public boolean hears(long fromMember, long run) {
                return true;
            }
        };
    }

    /** Hears everybody. */
    static Admission everybody() {
        return admission((from, cluster) -> 1);
    }

    /** Commands of the given lengths, filled with their number. */
    static Batch commands(long ballot, long firstSlot, int... lengths) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[total(lengths)]);
        int position = 0;
        for (int i = 0; i < lengths.length; i++) {
            bytes.putInt(position, lengths[i], ByteOrder.LITTLE_ENDIAN);
            bytes.setMemory(position + Batch.ENTRY_PREFIX_BYTES, lengths[i], (byte) (i + 1));
            position += Batch.ENTRY_PREFIX_BYTES + lengths[i];
        }
        return new Batch()
                .slots(ballot, firstSlot, lengths.length)
                .value(Batch.COMMANDS, LOWER, 1_000)
                .bytes(bytes, 0, position);
    }

    private static int total(int[] lengths) {
        int total = 0;
        for (int length : lengths) {
            total += Batch.ENTRY_PREFIX_BYTES + length;
        }
        return total;
    }

    static Batch noOps(long ballot, long firstSlot, int count) {
        return new Batch().slots(ballot, firstSlot, count).value(Batch.NO_OP, LOWER, 0).noBytes();
    }

    /** One of each message, in the order of the schema. */
    static List<Consumer<PeerMessages>> oneOfEach() {
        return List.of(
                m -> m.canvass(FROM, BALLOT, 10),
                m -> m.canvassed(FROM, BALLOT, true, LOWER, 11),
                m -> m.prepare(FROM, BALLOT, 12),
                m -> m.promisedSlots(FROM, BALLOT, commands(LOWER, 13, 4, 0, 2)),
                m -> m.promise(FROM, BALLOT, 14, 3, KNOWS),
                m -> m.accept(FROM, commands(BALLOT, 15, 3, 1), 9),
                m -> m.accepted(FROM, BALLOT, 16),
                m -> m.nack(FROM, BALLOT),
                m -> m.heartbeat(FROM, BALLOT, 17, 18, true, 40, 45, 65, 75),
                m -> m.heartbeatHeard(FROM, BALLOT, 19, 41, 42, 66, KNOWS, 67, 76),
                m -> m.fetch(FROM, 20, 21),
                m -> m.chosen(FROM, commands(Ballot.NONE, 22, 5), 30),
                m -> m.stranger(FROM, MemberId.of(1, 8), 78),
                m -> m.survey(FROM, BALLOT),
                m -> m.surveyed(FROM, BALLOT, 24, true, 25, 23),
                m -> m.question(FROM, -43),
                m -> m.vouch(FROM, 44, BALLOT),
                m -> m.compacted(FROM, 45, 46),
                m -> m.fetchSnapshot(FROM, 47, -48, 49),
                m -> m.snapshotPart(FROM, 50, -51, 52, new UnsafeBuffer(new byte[] {5, 3}), 0, 2),
                m -> m.returning(FROM, LOWER),
                m -> m.hashed(FROM, 53, -54, 55),
                m -> m.askHash(FROM, -56, 57),
                m -> m.askRun(FROM, -58, 59, 60),
                m -> m.ran(FROM, -61, 62, 63, 64, -1),
                m -> m.lacksRoom(FROM, true),
                m -> m.handOver(FROM, BALLOT, 67),
                m -> m.confirm(FROM, BALLOT, -68),
                m -> m.confirmed(FROM, BALLOT, -69),
                m -> m.askIndex(FROM, -70),
                m -> m.indexed(FROM, BALLOT, -71, 72),
                m -> m.askHighest(FROM, -73),
                m -> m.highest(FROM, -74, 0),
                m -> m.allChosen(FROM, BALLOT, 75));
    }

    /** One of each message that version 0 had, with what they say to one who knows more. */
    static List<Consumer<PeerMessages>> oneOfEachOfVersion0() {
        List<Consumer<PeerMessages>> messages = new ArrayList<>(oneOfEach().subList(0, 15));
        messages.set(8, m -> m.heartbeat(FROM, BALLOT, 17, 18, true, 0, Long.MAX_VALUE, 0, 0));
        messages.set(4, m -> m.promise(FROM, BALLOT, 14, 3, 0));
        messages.set(9, m -> m.heartbeatHeard(FROM, BALLOT, 19, 0, 0, 0, 0, 0, 0));
        return messages;
    }

    /** One of each message that version 1 had, with what they say to one who knows more. */
    static List<Consumer<PeerMessages>> oneOfEachOfVersion1() {
        List<Consumer<PeerMessages>> messages = new ArrayList<>(oneOfEach().subList(0, 17));
        messages.set(8, m -> m.heartbeat(FROM, BALLOT, 17, 18, true, 40, Long.MAX_VALUE, 0, 0));
        messages.set(4, m -> m.promise(FROM, BALLOT, 14, 3, 0));
        messages.set(9, m -> m.heartbeatHeard(FROM, BALLOT, 19, 41, 42, 0, 0, 0, 0));
        return messages;
    }

    /** One of each message that version 2 had, with what they say to one who knows more. */
    static List<Consumer<PeerMessages>> oneOfEachOfVersion2() {
        List<Consumer<PeerMessages>> messages = new ArrayList<>(oneOfEach().subList(0, 26));
        messages.set(8, m -> m.heartbeat(FROM, BALLOT, 17, 18, true, 40, 45, 0, 0));
        messages.set(4, m -> m.promise(FROM, BALLOT, 14, 3, 0));
        messages.set(9, m -> m.heartbeatHeard(FROM, BALLOT, 19, 41, 42, 0, 0, 0, 0));
        return messages;
    }

    /** One of each message that version 3 had, with what they say to one who knows more. */
    static List<Consumer<PeerMessages>> oneOfEachOfVersion3() {
        List<Consumer<PeerMessages>> messages = new ArrayList<>(oneOfEach().subList(0, 26));
        messages.set(8, m -> m.heartbeat(FROM, BALLOT, 17, 18, true, 40, 45, 65, 0));
        messages.set(4, m -> m.promise(FROM, BALLOT, 14, 3, 0));
        messages.set(9, m -> m.heartbeatHeard(FROM, BALLOT, 19, 41, 42, 0, 0, 0, 0));
        return messages;
    }

    /** One of each message that version 4 had. */
    static List<Consumer<PeerMessages>> oneOfEachOfVersion4() {
        List<Consumer<PeerMessages>> messages = new ArrayList<>(oneOfEach().subList(0, 27));
        messages.set(8, m -> m.heartbeat(FROM, BALLOT, 17, 18, true, 40, 45, 65, 0));
        messages.set(9, m -> m.heartbeatHeard(FROM, BALLOT, 19, 41, 42, 66, KNOWS, 0, 0));
        return messages;
    }

    /** The frame of one message. */
    static byte[] encode(Consumer<PeerMessages> message) {
        Collected sink = new Collected();
        message.accept(new PeerEncoder(sink, () -> CLUSTER, counter()));
        return sink.frames.get(0);
    }

    /** Keeps every frame, and refuses those longer than a limit. */
    static final class Collected implements FrameSink {
        final List<byte[]> frames = new ArrayList<>();
        private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[1 << 16]);
        private int claimed;

        @Override
        public int claim(int length) {
            claimed = length;
            return length > scratch.capacity() ? REFUSED : 0;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return scratch;
        }

        @Override
        public void commit() {
            byte[] frame = new byte[claimed];
            scratch.getBytes(0, frame);
            frames.add(frame);
        }
    }
}
