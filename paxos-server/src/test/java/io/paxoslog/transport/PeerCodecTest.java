package io.paxoslog.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.peer.MessageHeaderDecoder;
import io.paxoslog.core.Ballot;
import io.paxoslog.core.MemberId;
import io.paxoslog.core.PeerMessages;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is heard; what is not a message is counted and nothing else. */
class PeerCodecTest {
    private static final long RUN = 41;
    private final Heard heard = new Heard();
    private final AtomicCounter refused = Frames.counter();
    private final AtomicCounter notAdmitted = Frames.counter();
    private final List<Long> judged = new ArrayList<>();
    private final List<Long> runs = new ArrayList<>();
    private boolean admits = true;
    private boolean hears = true;
    private final PeerDecoder decoder =
            new PeerDecoder(
                    heard,
                    new Admission() {
                        @Override
                        public boolean admits(long from, long cluster) {
                            judged.add(from);
                            judged.add(cluster);
                            return admits;
                        }

                        @Override
                        public boolean hears(long from, long run) {
                            runs.add(run);
                            return hears;
                        }
                    },
                    refused,
                    notAdmitted);

    @Test
    void everyMessageIsHeardAsItWasSaid() {
        Heard said = new Heard();
        for (Consumer<PeerMessages> message : Frames.oneOfEach()) {
            message.accept(said);
            hear(Frames.encode(message));
        }
        assertThat(heard.lines).isEqualTo(said.lines);
        assertThat(refused.get()).isZero();
        assertThat(judged.subList(0, 2)).containsExactly(Frames.FROM, Frames.CLUSTER);
    }

    @Test
    void noOpRangesTravel() {
        Consumer<PeerMessages> range =
                m -> m.accept(Frames.FROM, Frames.noOps(Frames.BALLOT, 5, 30_000), 1);
        Heard said = new Heard();
        range.accept(said);
        hear(Frames.encode(range));
        assertThat(heard.lines).isEqualTo(said.lines);
    }

    @Test
    void whoIsNotAdmittedIsNotHeard() {
        admits = false;
        for (Consumer<PeerMessages> message : Frames.oneOfEach()) {
            hear(Frames.encode(message));
        }
        assertThat(heard.lines).isEmpty();
        assertThat(refused.get()).isZero();
        assertThat(notAdmitted.get()).isEqualTo(Frames.oneOfEach().size());
    }

    @Test
    void ofWhoIsInAnotherRunOnlyWhatIsAboutRunsIsHeard() {
        hears = false;
        for (Consumer<PeerMessages> message : Frames.oneOfEach()) {
            hear(Frames.encode(message));
        }
        assertThat(heard.lines)
                .containsExactly(
                        "askRun " + Frames.FROM + " -58 59 60",
                        "ran " + Frames.FROM + " -61 62 63 64 -1");
        assertThat(notAdmitted.get()).isEqualTo(Frames.oneOfEach().size() - 2);
        assertThat(runs).hasSize(Frames.oneOfEach().size() - 2).containsOnly(RUN);
    }

    @Test
    void everyShortenedFrameIsRefused() {
        int shortened = 0;
        for (Consumer<PeerMessages> message : Frames.oneOfEach()) {
            byte[] frame = Frames.encode(message);
            for (int length = 0; length < frame.length; length++, shortened++) {
                hear(Arrays.copyOf(frame, length));
            }
        }
        assertThat(heard.lines).isEmpty();
        assertThat(refused.get()).isEqualTo(shortened);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noiseIsRefusedOrReadsAsAMessage(long seed) {
        Random random = new Random(seed);
        int frames = 0;
        for (int round = 0; round < 20_000; round++, frames++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            hear(noise);
        }
        assertThat(refused.get() + heard.lines.size()).isEqualTo(frames);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void damagedFramesAreRefusedOrReadAsAMessage(long seed) {
        Random random = new Random(seed);
        List<byte[]> frames = Frames.oneOfEach().stream().map(Frames::encode).toList();
        int damaged = 0;
        for (int round = 0; round < 20_000; round++, damaged++) {
            byte[] frame = frames.get(random.nextInt(frames.size())).clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                frame[random.nextInt(frame.length)] = extreme(random);
            }
            hear(frame);
        }
        assertThat(refused.get()).isPositive();
        assertThat(refused.get() + heard.lines.size()).isEqualTo(damaged);
    }

    private static byte extreme(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> (byte) 0x7F;
            case 1 -> (byte) 0x80;
            case 2 -> (byte) 0xFF;
            default -> (byte) random.nextInt();
        };
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        List<Consumer<PeerMessages>> wrong =
                List.of(
                        m -> m.canvass(Frames.FROM, Ballot.NONE, 1),
                        m -> m.canvass(Frames.FROM, -5, 1),
                        m -> m.canvass(Frames.FROM, Frames.BALLOT, -1),
                        m -> m.canvass(MemberId.of(2, 0), Frames.BALLOT, 1),
                        m -> m.canvass(0, Frames.BALLOT, 1),
                        m -> m.canvassed(Frames.FROM, Frames.BALLOT, true, -1, 1),
                        m -> m.prepare(Frames.FROM, Frames.BALLOT, 0),
                        m -> m.prepare(Frames.FROM, Frames.BALLOT, Long.MAX_VALUE),
                        m -> m.promise(Frames.FROM, Frames.BALLOT, 1, -1, 0),
                        m ->
                                m.promisedSlots(
                                        Frames.FROM,
                                        Frames.BALLOT,
                                        Frames.commands(Ballot.NONE, 1, 1)),
                        m -> m.accept(Frames.FROM, Frames.commands(Ballot.NONE, 1, 1), 1),
                        m -> m.accept(Frames.FROM, Frames.commands(Frames.BALLOT, 0, 1), 1),
                        m -> m.accept(Frames.FROM, Frames.commands(Frames.BALLOT, 1, 1), 0),
                        m -> m.accept(Frames.FROM, Frames.noOps(Frames.BALLOT, 1, 0), 1),
                        m -> m.accepted(Frames.FROM, Frames.BALLOT, -2),
                        m -> m.nack(Frames.FROM, 7),
                        m -> m.heartbeat(Frames.FROM, Frames.BALLOT, 0, 1, true, 1, 0, 0, 0),
                        m -> m.heartbeat(Frames.FROM, Frames.BALLOT, 1, 1, true, -1, 0, 0, 0),
                        m -> m.heartbeat(Frames.FROM, Frames.BALLOT, 1, 1, true, 1, 0, 0, -1),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, -1, 1, 0, 0, 0, 0),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, 1, -1, 0, 0, 0, 0),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, 1, 1, -2, 0, 0, 0),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, 1, 1, 101, 0, 0, 0),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, 1, 1, 0, 7, 0, 0),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, 1, 1, 0, 0, -1, 0),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, 1, 1, 0, 0, 101, 0),
                        m -> m.heartbeatHeard(Frames.FROM, Frames.BALLOT, 1, 1, 1, 0, 0, 0, -1),
                        m -> m.promise(Frames.FROM, Frames.BALLOT, 1, 1, -1),
                        m -> m.handOver(Frames.FROM, Ballot.NONE, 1),
                        m -> m.handOver(Frames.FROM, Frames.BALLOT, 0),
                        m -> m.fetch(Frames.FROM, 5, 4),
                        m -> m.chosen(Frames.FROM, Frames.commands(Ballot.NONE, 1, 1), 0),
                        m -> m.stranger(Frames.FROM, 0, 1),
                        m -> m.survey(Frames.FROM, Ballot.NONE),
                        m -> m.surveyed(Frames.FROM, Ballot.NONE, 1, true, 2, 0),
                        m -> m.surveyed(Frames.FROM, Frames.BALLOT, -1, true, 2, 0),
                        m -> m.surveyed(Frames.FROM, Frames.BALLOT, 1, true, -2, 0),
                        m -> m.surveyed(Frames.FROM, Frames.BALLOT, 1, true, 2, -1),
                        m -> m.vouch(Frames.FROM, 1, -1),
                        m -> m.compacted(Frames.FROM, 0, 1),
                        m -> m.compacted(Frames.FROM, 1, -1),
                        m -> m.fetchSnapshot(Frames.FROM, -1, 1, 0),
                        m -> m.snapshotPart(Frames.FROM, 0, 1, 0, new UnsafeBuffer(0, 0), 0, 0),
                        m -> m.hashed(Frames.FROM, 0, 1, 1),
                        m -> m.askRun(Frames.FROM, 1, -1, 0),
                        m -> m.askRun(Frames.FROM, 1, 1, -1),
                        m -> m.ran(Frames.FROM, 1, -1, 0, 0, 0),
                        m -> m.ran(Frames.FROM, 1, 1, -1, 0, 0),
                        m -> m.ran(Frames.FROM, 1, 1, 0, -1, 0),
                        m -> m.ran(Frames.FROM, 1, 1, 0, 0, -2),
                        m -> m.askHash(Frames.FROM, 1, -1),
                        m -> m.confirm(Frames.FROM, Ballot.NONE, 1),
                        m -> m.confirmed(Frames.FROM, Ballot.NONE, 1),
                        m -> m.indexed(Frames.FROM, Ballot.NONE, 1, 1),
                        m -> m.indexed(Frames.FROM, Frames.BALLOT, 1, 0),
                        m -> m.indexed(Frames.FROM, Frames.BALLOT, 1, Long.MAX_VALUE),
                        m -> m.highest(Frames.FROM, 1, -1),
                        m -> m.allChosen(Frames.FROM, Ballot.NONE, 1),
                        m -> m.allChosen(Frames.FROM, Frames.BALLOT, 0));
        wrong.forEach(message -> hear(Frames.encode(message)));
        assertThat(heard.lines).isEmpty();
        assertThat(refused.get()).isEqualTo(wrong.size());
    }

    @Test
    void flagsAndKindsThatDoNotExistAreRefused() {
        byte[] flag =
                Frames.encode(m -> m.heartbeat(Frames.FROM, Frames.BALLOT, 1, 1, true, 1, 0, 0, 0));
        flag[flag.length - 1 - 3 * Long.BYTES - Integer.BYTES] = 2;
        hear(flag);
        byte[] kind =
                Frames.encode(m -> m.accept(Frames.FROM, Frames.commands(Frames.BALLOT, 1, 1), 1));
        kind[kind.length - 5 - 4 - 1] = 3;
        hear(kind);
        byte[] membership = kind.clone();
        membership[kind.length - 5 - 4 - 1] = 2;
        hear(membership);
        assertThat(heard.lines).isEmpty();
        assertThat(refused.get()).isEqualTo(3);
    }

    /**
     * Frames of version 0 as they were first written. They must stay readable, and mean the same.
     */
    @Test
    void framesOfVersionZeroStayReadable() {
        List<String> versionZero = PeerFramesOfVersion0.HEX;
        Heard said = new Heard();
        Frames.oneOfEachOfVersion0().forEach(message -> message.accept(said));
        versionZero.forEach(hex -> hear(HexFormat.of().parseHex(hex)));
        assertThat(heard.lines).isEqualTo(said.lines);
    }

    @Test
    void framesOfVersionOneStayReadable() {
        Heard said = new Heard();
        Frames.oneOfEachOfVersion1().forEach(message -> message.accept(said));
        PeerFramesOfVersion1.HEX.forEach(hex -> hear(HexFormat.of().parseHex(hex)));
        assertThat(heard.lines).isEqualTo(said.lines);
    }

    @Test
    void framesOfVersionTwoStayReadable() {
        Heard said = new Heard();
        Frames.oneOfEachOfVersion2().forEach(message -> message.accept(said));
        PeerFramesOfVersion2.HEX.forEach(hex -> hear(HexFormat.of().parseHex(hex)));
        assertThat(heard.lines).isEqualTo(said.lines);
    }

    @Test
    void framesOfVersionThreeStayReadable() {
        Heard said = new Heard();
        Frames.oneOfEachOfVersion3().forEach(message -> message.accept(said));
        PeerFramesOfVersion3.HEX.forEach(hex -> hear(HexFormat.of().parseHex(hex)));
        assertThat(heard.lines).isEqualTo(said.lines);
    }

    @Test
    void framesOfVersionFourStayReadable() {
        Heard said = new Heard();
        Frames.oneOfEachOfVersion4().forEach(message -> message.accept(said));
        PeerFramesOfVersion4.HEX.forEach(hex -> hear(HexFormat.of().parseHex(hex)));
        assertThat(heard.lines).isEqualTo(said.lines);
    }

    /** A newer member adds fields behind the known ones and says so by the length of the block. */
    @Test
    void fieldsOfALaterVersionAreLeftOut() {
        Heard said = new Heard();
        for (Consumer<PeerMessages> message : Frames.oneOfEach()) {
            message.accept(said);
            hear(withEightMoreBytes(Frames.encode(message)));
        }
        assertThat(heard.lines).isEqualTo(said.lines);
    }

    private static byte[] withEightMoreBytes(byte[] frame) {
        UnsafeBuffer old = new UnsafeBuffer(frame);
        int block = old.getShort(0, ByteOrder.LITTLE_ENDIAN);
        UnsafeBuffer newer = new UnsafeBuffer(new byte[frame.length + 8]);
        newer.putBytes(0, frame, 0, 8 + block);
        newer.putLong(8 + block, -1);
        newer.putBytes(16 + block, frame, 8 + block, frame.length - 8 - block);
        newer.putShort(0, (short) (block + 8), ByteOrder.LITTLE_ENDIAN);
        newer.putShort(
                6, (short) (MessageHeaderDecoder.SCHEMA_VERSION + 1), ByteOrder.LITTLE_ENDIAN);
        return newer.byteArray();
    }

    @Test
    void whatTheSinkRefusesIsCounted() {
        AtomicCounter dropped = Frames.counter();
        PeerEncoder encoder = new PeerEncoder(new NoSink(), () -> 0, dropped);
        Frames.oneOfEach().forEach(message -> message.accept(encoder));
        assertThat(dropped.get()).isEqualTo(Frames.oneOfEach().size());
    }

    /** The frame lies at the very end of its memory, so that reading past it is noticed. */
    private void hear(byte[] frame) {
        byte[] memory = new byte[frame.length + 3];
        System.arraycopy(frame, 0, memory, 3, frame.length);
        decoder.onFrame(RUN, new UnsafeBuffer(memory), 3, frame.length);
    }
}
