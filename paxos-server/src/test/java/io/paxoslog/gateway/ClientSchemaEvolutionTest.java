package io.paxoslog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxoslog.codecs.SecretHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Bytes of clients of former and later releases; the hex strings are never changed. */
class ClientSchemaEvolutionTest {
    /** One message of each kind as version 0 wrote it. */
    private static final List<String> VERSION_0 =
            List.of(
                    "0a00010002000000050000000000000001000e003132372e302e302e313a34303030",
                    "08000200020000000600000000000000",
                    "14000300020000000700000000000000080000000000000009000000",
                    "1800040002000000070000000000000008000000000000000a0000000000000000000300"
                            + "04000000706561720000000003000000666967",
                    "08000500020000000700000000000000",
                    "08000600020000000b00000000000000",
                    "18000700020000000c0000000000000001000000000000006400000000000000");

    private static final List<String> MEANING =
            List.of(
                    "hello 5 v1 127.0.0.1:4000",
                    "open 6",
                    "resume 7 from 8 attempt 9",
                    "commands 7 awaited 8 from 10 count 3 bytes 7 largest 4",
                    "close 7",
                    "status 11",
                    "tail 12 1..100");

    /** What version 1 wrote anew: secrets. */
    private static final List<String> VERSION_1 =
            List.of(
                    "2800020002000100060000000000000001000000000000000200000000000000"
                            + "03000000000000000400000000000000",
                    "240003000200010007000000000000000800000000000000090000000b00000000000000"
                            + "0c00000000000000",
                    "1800050002000100070000000000000005000000000000000600000000000000",
                    "30000900020001000d0000000000000009000000000000000700000000000000"
                            + "03000000000000000b000000000000000c00000000000000",
                    "20000a0002000100030000000000000009000000000000000500000006000000"
                            + "0700000064000000");

    private final HeardClients clients = new HeardClients();
    private final IngressDecoder decoder = new IngressDecoder(clients);

    private void decode(byte[] frame) {
        assertThat(decoder.decode(1, new UnsafeBuffer(frame), 0, frame.length)).isTrue();
    }

    @Test
    void hearsVersion0() {
        VERSION_0.forEach(hex -> decode(HexFormat.of().parseHex(hex)));
        assertThat(clients.heard).isEqualTo(MEANING);
    }

    /** From this version on clients say that they live. */
    @Test
    void hearsVersion6() {
        decode(
                HexFormat.of()
                        .parseHex(
                                "28000200020006000600000000000000"
                                        + "0100000000000000020000000000000003000000000000000400000000000000"));
        decode(HexFormat.of().parseHex("08004600020006000700000000000000"));
        assertThat(clients.heard).containsExactly("open 6 kept alive", "alive 7");
    }

    /** Version 7 subscribes. */
    @Test
    void hearsVersion7() {
        decode(
                HexFormat.of()
                        .parseHex(
                                "1800500002000700"
                                        + "110000000000000009000000000000000400000000000000"));
        decode(HexFormat.of().parseHex("08005100020007001100000000000000"));
        assertThat(clients.heard).containsExactly("subscribe 17 of 9 from 4", "unsubscribe 17");
    }

    @Test
    void hearsVersion1() {
        VERSION_1.forEach(hex -> decode(HexFormat.of().parseHex(hex)));
        assertThat(clients.heard)
                .containsExactly(
                        "open 6",
                        "resume 7 from 8 attempt 9",
                        "close 7",
                        "outcome 13 of 3 in 7/9",
                        "decide 1 3 limits sessions=5 in-flight=6 reply-bytes=7 cached-bytes=100");
        assertThat(clients.secrets)
                .containsExactly(
                        new SecretHash(1, 2, 3, 4),
                        SecretHash.of(11, 12),
                        SecretHash.of(5, 6),
                        SecretHash.of(11, 12));
    }

    /** Version 2 asks for snapshots. */
    @Test
    void hearsVersion2() {
        decode(HexFormat.of().parseHex("08000b00020002000d00000000000000"));
        assertThat(clients.heard).containsExactly("snapshot 13");
    }

    /** Version 6 reads. */
    @Test
    void hearsReadsOfVersion6() {
        decode(HexFormat.of().parseHex(VERSION_6_READS));
        assertThat(clients.heard)
                .containsExactly("reads STALE of 9 at 7 within 100 count 2 first 5 bytes 4");
    }

    private static final String VERSION_6_READS =
            "15003c0002000600"
                    + "0900000000000000"
                    + "0700000000000000"
                    + "64000000"
                    + "07"
                    + "08000200"
                    + "0500000000000000"
                    + "0400000070656172"
                    + "0600000000000000"
                    + "00000000";

    /** A kind that there is none of, a slot or a time that cannot be, items that are not there. */
    @Test
    void readsThatCannotBeAreNotHeard() {
        byte[] right = HexFormat.of().parseHex(VERSION_6_READS);
        int[] places = {28, 23, 27, 29, 31};
        int[] values = {99, 0xFF, 0x80, 7, 9};
        for (int i = 0; i < places.length; i++) {
            byte[] wrong = right.clone();
            wrong[places[i]] = (byte) values[i];
            decode(wrong);
        }
        for (int length = 8; length < right.length; length++) {
            decode(Arrays.copyOf(right, length));
        }
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(places.length + right.length - 8);
    }

    @Test
    void messagesOfVersion0ShowNoSecret() {
        VERSION_0.forEach(hex -> decode(HexFormat.of().parseHex(hex)));
        assertThat(clients.secrets).hasSize(3).allMatch(SecretHash.NONE::isSame);
    }

    /** Its version says that a secret is there, its length that it is not. */
    @Test
    void aBlockThatIsTooShortForItsVersionIsNotRead() {
        for (int message : new int[] {1, 2, 4}) {
            byte[] frame = HexFormat.of().parseHex(VERSION_0.get(message));
            frame[6] = 1;
            decode(frame);
        }
        assertThat(clients.heard).isEmpty();
        assertThat(decoder.malformed()).isEqualTo(3);
    }

    @Test
    void hearsALaterVersionWithFieldsItDoesNotKnow() {
        VERSION_0.forEach(hex -> decode(withMoreFields(HexFormat.of().parseHex(hex))));
        List<String> meaning = new ArrayList<>(MEANING);
        meaning.set(1, "open 6 kept alive");
        assertThat(clients.heard).isEqualTo(meaning);
    }

    /** A later version has longer blocks, of messages and of what is in their groups. */
    private static byte[] withMoreFields(byte[] frame) {
        int header = 8;
        int more = 60;
        int blockLength = (frame[0] & 0xFF) + more;
        byte[] later = new byte[frame.length + more];
        System.arraycopy(frame, 0, later, 0, blockLength - more + header);
        System.arraycopy(
                frame,
                blockLength - more + header,
                later,
                blockLength + header,
                frame.length - (blockLength - more + header));
        later[0] = (byte) blockLength;
        later[6] = 9;
        return later;
    }
}
