package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.client.MessageHeaderEncoder;
import io.paxoslog.core.Change;
import io.paxoslog.core.MemberId;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Bytes from clients: messages, and whatever else may come to an open port. */
class IngressDecoderTest {
    private final ClientFrames frames = new ClientFrames();
    private final HeardClients clients = new HeardClients();
    private final IngressDecoder decoder = new IngressDecoder(clients);

    private List<byte[]> oneOfEach() {
        return List.of(
                frames.hello(5, 1, "127.0.0.1:4000"),
                frames.openSession(6),
                frames.resume(7, 8, 9),
                frames.eventsTaken(7, 15, 2),
                frames.commands(7, 8, 10, "pear", "", "fig"),
                frames.closeSession(7),
                frames.status(11),
                frames.tail(12, 1, 100),
                frames.members(13),
                frames.change(14, 2, 1, MemberId.of(1, 11), MemberId.of(2, 12)),
                frames.giveUpChange(15),
                frames.transfer(16, 3),
                frames.subscribe(17, 9, 4),
                frames.unsubscribe(17));
    }

    private void decode(byte[] frame) {
        // In the middle of a larger buffer, so that reading beyond the end is seen.
        byte[] padded = new byte[frame.length + 32];
        Arrays.fill(padded, (byte) 0x7F);
        System.arraycopy(frame, 0, padded, 16, frame.length);
        assertThat(decoder.decode(1, new UnsafeBuffer(padded), 16, frame.length)).isTrue();
    }

    @Test
    void noPositionOfAnEventIsBelowZero() {
        decode(frames.resume(7, 1, 1, 1, 0, -1, 0));
        decode(frames.resume(7, 1, 1, 1, 0, 1, -1));
        decode(frames.eventsTaken(7, -1, 0));
        decode(frames.eventsTaken(7, 1, -1));
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(4);
    }

    @Test
    void hearsEveryMessage() {
        oneOfEach().forEach(this::decode);
        assertThat(clients.heard)
                .containsExactly(
                        "hello 5 v1 127.0.0.1:4000",
                        "open 6 kept alive",
                        "resume 7 from 8 attempt 9",
                        "events taken 7 up to 15.2",
                        "commands 7 awaited 8 from 10 count 3 bytes 7 largest 4",
                        "close 7",
                        "status 11",
                        "tail 12 1..100",
                        "members 13",
                        "change 14 "
                                + new Change(
                                        1,
                                        List.of(
                                                new Change.Member(MemberId.of(1, 11), "h:9"),
                                                new Change.Member(MemberId.of(2, 12), "h:9")),
                                        2,
                                        1,
                                        100),
                        "give up 15",
                        "transfer 16 to 3",
                        "subscribe 17 of 9 from 4",
                        "unsubscribe 17");
        assertThat(decoder.malformed()).isZero();
    }

    @Test
    void aSlotThatCannotBeIsNoSubscription() {
        decode(frames.subscribe(17, 9, -1));
        decode(frames.subscribe(17, 9, Long.MAX_VALUE));
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(2);
    }

    @Test
    void membersThatCannotBeAreNoMessage() {
        decode(frames.change(1, 1, 1, MemberId.of(1, 11), MemberId.of(2, 12)));
        decode(frames.change(1, 2, 1, MemberId.of(2, 12), MemberId.of(1, 11)));
        decode(frames.change(1, 1, 1, MemberId.of(1, 0)));
        decode(frames.change(1, 1, 1));
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(4);
    }

    /** As version 4 wrote it: all members vote, and the client knows of nothing else. */
    @Test
    void hearsAChangeOfVersion4() {
        decode(
                HexFormat.of()
                        .parseHex(
                                "16000d0002000400"
                                        + "0e000000000000000100000000000000640000000201"
                                        + "08000200"
                                        + "0b0000000000010003000000683a39"
                                        + "0c0000000000020003000000683a38"));
        assertThat(decoder.malformed()).isZero();
        assertThat(clients.heard).hasSize(1);
        assertThat(clients.heard.get(0)).startsWith("change 14 of old ").contains("VOTER");
    }

    @Test
    void aSeatThatNobodyHasIsNoMessage() {
        byte[] frame = frames.change(14, 1, 1, MemberId.of(1, 11));
        // Behind header, block, head of the group and identity.
        frame[8 + 22 + 4 + 8] = 2;
        decode(frame);
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(1);
    }

    @Test
    void countsEveryTruncatedMessageAndHearsNothing() {
        int cuts = 0;
        for (byte[] frame : oneOfEach()) {
            for (int length = 0; length < frame.length; length++) {
                decode(Arrays.copyOf(frame, length));
                cuts++;
            }
        }
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(cuts);
    }

    @Test
    void randomBytesAreCounted() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = new byte[random.nextInt(200)];
            random.nextBytes(frame);
            decode(frame);
        }
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(20_000);
    }

    @Test
    void damagedMessagesNeverReadBeyondTheirEnd() {
        Random random = new Random(12);
        List<byte[]> all = oneOfEach();
        for (int i = 0; i < 50_000; i++) {
            byte[] frame = all.get(random.nextInt(all.size())).clone();
            for (int bytes = 1 + random.nextInt(3); bytes > 0; bytes--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            decode(frame);
        }
        assertThat(decoder.malformed()).isPositive();
        assertThat(decoder.malformed() + clients.heard.size()).isEqualTo(50_000);
    }

    @Test
    void commandsThatClaimMoreThanTheMessageHoldsAreRefused() {
        byte[] frame = frames.commands(7, 8, 10, "pear");
        int count = MessageHeaderEncoder.ENCODED_LENGTH + 24 + Short.BYTES;
        new UnsafeBuffer(frame).putShort(count, (short) 2, ByteOrder.LITTLE_ENDIAN);
        decode(frame);
        new UnsafeBuffer(frame).putShort(count, (short) 0, ByteOrder.LITTLE_ENDIAN);
        decode(frame);
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(2);
    }

    @Test
    void blocksShorterThanTheirMessageAreRefused() {
        byte[] frame = Arrays.copyOf(frames.resume(7, 8, 9), 12);
        new UnsafeBuffer(frame).putShort(0, (short) 4, ByteOrder.LITTLE_ENDIAN);
        decode(frame);
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(1);
    }

    @Test
    void negativeLengthsAreRefused() {
        byte[] frame = frames.commands(7, 8, 10, "pear");
        int length = MessageHeaderEncoder.ENCODED_LENGTH + 24 + 2 * Short.BYTES;
        new UnsafeBuffer(frame).putInt(length, -1, ByteOrder.LITTLE_ENDIAN);
        decode(frame);
        assertThat(clients.heard).isEmpty();
    }

    @Test
    void answersGoToNumbersOnly() {
        for (String endpoint :
                List.of(
                        "127.0.0.1:1",
                        "255.255.255.255:65535",
                        "[::1]:4000",
                        "[fe80::1:2]:40123")) {
            assertThat(ResponseEndpoint.isValid(endpoint)).as(endpoint).isTrue();
        }
        for (String endpoint :
                List.of(
                        "localhost:4000",
                        "127.0.0.1",
                        "127.0.0.1:0",
                        "127.0.0.1:65536",
                        "127.0.0.1:99999999999",
                        "127.0.0.256:4000",
                        "127.0.0:4000",
                        "127.0.0.1.1:4000",
                        "127..0.1:4000",
                        "127.0.0.1:40|control=10.0.0.1:1",
                        "[localhost]:4000",
                        "[::g]:4000",
                        ":4000",
                        "")) {
            assertThat(ResponseEndpoint.isValid(endpoint)).as(endpoint).isFalse();
        }
    }

    @Test
    void whoNamesItsPortOnlyIsAnsweredAtTheAddressThatIsSeen() {
        assertThat(ResponseEndpoint.seen("0.0.0.0:4000", "10.0.0.1:5555"))
                .isEqualTo("10.0.0.1:4000");
        assertThat(ResponseEndpoint.seen("[::]:4000", "[fe80::1%eth0]:5555"))
                .isEqualTo("[fe80::1]:4000");
        assertThat(ResponseEndpoint.seen("10.0.0.2:4000", "10.0.0.1:5555"))
                .isEqualTo("10.0.0.2:4000");
    }

    /** Others are refused, so that nobody can have a node send to others. */
    @Test
    void aClientIsAnsweredWhereItSpeaksFromAndNowhereElse() {
        for (String endpoint : List.of("0.0.0.0:4000", "10.0.0.1:4000", "10.0.0.2:4000")) {
            byte[] frame = frames.hello(5, 1, endpoint);
            decoder.decode(1, "10.0.0.1:5555", new UnsafeBuffer(frame), 0, frame.length);
        }
        assertThat(clients.heard)
                .containsExactly("hello 5 v1 10.0.0.1:4000", "hello 5 v1 10.0.0.1:4000");
    }

    @Test
    void answersGoWhereTheClientSpeaksFrom() {
        assertThat(ResponseEndpoint.isAt("10.0.0.1:4000", "10.0.0.1:5555")).isTrue();
        assertThat(ResponseEndpoint.isAt("[::1]:4000", "[0:0:0:0:0:0:0:1]:5555")).isTrue();
        assertThat(ResponseEndpoint.isAt("[fe80::1]:4000", "[fe80::1%eth0]:5555")).isTrue();
        assertThat(ResponseEndpoint.isAt("10.0.0.1:4000", "10.0.0.11:4000")).isFalse();
        assertThat(ResponseEndpoint.isAt("[::1]:4000", "[::2]:4000")).isFalse();
        assertThat(ResponseEndpoint.isAt("127.0.0.1:4000", "[::1]:4000")).isFalse();
        assertThat(ResponseEndpoint.isAt("[::1]:4000", "")).isFalse();
    }
}
